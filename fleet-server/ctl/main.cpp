// fleetctl: see docs/interfaces.md.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>

#include "fleet-server/ctl/commands.hpp"
#include "fleet-server/ctl/settings.hpp"

namespace {

using fleet::ctl::Client;
using fleet::ctl::CommandResult;
using fleet::ctl::Failure;

// docs/interfaces.md
constexpr int exit_refused = 1;
constexpr int exit_usage = 2;
constexpr int exit_configuration = 3;
constexpr int exit_unreachable = 4;

struct Options {
    fleet::ctl::Settings settings{"http://127.0.0.1:8080", "/etc/fleetd/api-token"};
    std::string config;
    std::string server;     ///< When not empty, instead of the settings'.
    std::string token_file; ///< The same.
    std::string operator_name = "operator";
    bool as_json = false;

    std::string provider;
    std::string file;
    std::string encoding;
    std::string account;
    std::string payment;
    std::string day;
    bool only_for_person = false;
    fleet::ctl::ProviderFile provider_file;
    fleet::ctl::Enrolment enrolment;
};

using Command = std::function<CommandResult(Client&)>;

CLI::App* group(CLI::App& app, char const* name, char const* what) {
    CLI::App* const made = app.add_subcommand(name, what);
    made->require_subcommand(1);
    return made;
}

void add(CLI::App* command, Command& chosen, Command run) {
    command->callback([&chosen, run = std::move(run)] { chosen = run; });
}

void add_provider_commands(CLI::App& app, Options& options, Command& chosen) {
    namespace ctl = fleet::ctl;
    CLI::App* const provider = group(app, "provider", "Who is paid");
    CLI::App* const create = provider->add_subcommand("create", "Add a provider from its file");
    create->add_option("FILE", options.provider_file.file, "JSON")->required();
    create->add_option("--mask", options.provider_file.mask, "Of its accounts, e.g. A999A999");
    create->add_option("--osmp", options.provider_file.osmp, "Address of its OSMP end");
    add(create, chosen, [&options](Client& client) {
        return ctl::create_provider(client, options.provider_file);
    });
    add(provider->add_subcommand("list", "All providers"), chosen, ctl::list_providers);

    CLI::App* const rule =
        group(app, "rule", "How payments are split")->add_subcommand("set", "Publish a rule");
    rule->add_option("PROVIDER", options.provider, "Number, INN or name")->required();
    rule->add_option("FILE", options.file, "TOML")->required();
    add(rule, chosen, [&options](Client& client) {
        return ctl::set_rule(client, options.provider, options.file);
    });

    CLI::App* const charges = group(app, "charges", "What residents owe")
                                  ->add_subcommand("import", "Take in a charge register");
    charges->add_option("PROVIDER", options.provider, "Number, INN or name")->required();
    charges->add_option("FILE", options.file, "The register")->required();
    charges->add_option("--encoding", options.encoding, "Found out when left out")
        ->check(CLI::IsMember({"utf-8", "windows-1251", "cp866", "koi8-r"}));
    add(charges, chosen, [&options](Client& client) {
        return ctl::import_charges(client, options.provider, options.file, options.encoding);
    });

    CLI::App* const account =
        group(app, "account", "One resident's account")->add_subcommand("show", "What it owes");
    account->add_option("PROVIDER", options.provider, "Number, INN or name")->required();
    account->add_option("ACCOUNT", options.account, "As on a bill, in any script")->required();
    add(account, chosen, [&options](Client& client) {
        return ctl::show_account(client, options.provider, options.account);
    });

    CLI::App* const registers = group(app, "register", "Daily registers for providers")
                                    ->add_subcommand("write", "Write the day's register");
    registers->add_option("PROVIDER", options.provider, "Number, INN or name")->required();
    registers->add_option("--day", options.day, "2010-02-05; today when left out");
    add(registers, chosen, [&options](Client& client) {
        return ctl::write_register(client, options.provider, options.day);
    });
}

void add_kiosk_commands(CLI::App& app, Options& options, Command& chosen) {
    namespace ctl = fleet::ctl;
    CLI::App* const kiosk = group(app, "kiosk", "The kiosks");
    CLI::App* const enrol =
        kiosk->add_subcommand("enrol", "Make a kiosk's certificate; closes its older one");
    enrol->add_option("NUMBER", options.enrolment.number, "On its sticker")
        ->required()
        ->check(CLI::Range(1, 999'999));
    enrol->add_option("--address", options.enrolment.address, "Where it stands")->required();
    enrol->add_option("--out", options.enrolment.folder, "Folder for its key")->required();
    add(enrol, chosen, [&options](Client& client) {
        return ctl::enrol_kiosk(client, options.enrolment);
    });
    add(kiosk->add_subcommand("list", "All kiosks"), chosen, ctl::list_kiosks);
    CLI::App* const release = kiosk->add_subcommand("release", "Let it out of quarantine");
    release->add_option("NUMBER", options.enrolment.number, "On its sticker")
        ->required()
        ->check(CLI::Range(1, 999'999));
    add(release, chosen, [&options](Client& client) {
        return ctl::release_kiosk(client, options.enrolment.number);
    });
}

void add_books_commands(CLI::App& app, Options& options, Command& chosen) {
    namespace ctl = fleet::ctl;
    CLI::App* const payment = group(app, "payment", "Payments");
    CLI::App* const show = payment->add_subcommand("show", "Every leg, and how it was forwarded");
    show->add_option("NUMBER", options.payment, "KIOSK-SEQUENCE, as on the receipt")->required();
    add(show, chosen, [&options](Client& client) {
        return ctl::show_payment(client, options.payment);
    });
    add(payment->add_subcommand("list", "The newest ones"), chosen, ctl::list_payments);

    CLI::App* const outbox =
        group(app, "outbox", "Payments on their way to providers")->add_subcommand("list", "All");
    outbox->add_flag("--needs-person", options.only_for_person, "Only those that wait for one");
    add(outbox, chosen, [&options](Client& client) {
        return ctl::list_outbox(client, options.only_for_person);
    });

    CLI::App* const ledger = group(app, "ledger", "The books");
    add(ledger->add_subcommand("trial-balance", "Every account; ends with the difference"),
        chosen,
        ctl::show_trial_balance);
    add(ledger->add_subcommand("verify", "Rebuild every balance; exit 1 at a difference"),
        chosen,
        ctl::verify_ledger);
    add(app.add_subcommand("status", "How the whole is"), chosen, ctl::show_status);
}

int finish(CommandResult const& result, bool as_json) {
    if (!result) {
        for (auto const& complaint : result.error().complaints)
            std::cerr << to_string(complaint) << '\n';
        return result.error().kind == Failure::Kind::Unreachable ? exit_unreachable : exit_refused;
    }
    if (as_json)
        std::cout << result->value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
                  << '\n';
    else
        std::cout << result->text;
    return result->is_alarm ? exit_refused : 0;
}

void add_options(CLI::App& app, Options& options) {
    app.name("fleetctl");
    app.set_version_flag("--version", "fleetctl " KIOSK_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--config", options.config, "A fleetctl.toml")->envname("FLEETCTL_CONFIG");
    app.add_option("--server", options.server, "fleetd's API [" + options.settings.server + "]");
    app.add_option(
        "--token-file",
        options.token_file,
        "The operators' token [" + options.settings.token_file + "]");
    app.add_option("--operator", options.operator_name, "Your name, for the audit")
        ->envname("USER");
    app.add_flag("--json", options.as_json, "For programs");
    app.footer(
        "Exit codes: 0 done, 1 refused or a difference found, 2 usage,\n"
        "3 wrong configuration, 4 the server is not reached.");
}

/// What the configuration says, and above it what the command line says.
protocol::Result<fleet::ctl::Settings, protocol::Complaint> settings_of(Options const& options) {
    fleet::ctl::Settings settings = options.settings;
    if (!options.config.empty()) {
        TRY(auto const text, fleet::ctl::read_file(options.config));
        TRY(settings, fleet::ctl::read_settings(text, options.config, settings));
    }
    if (!options.server.empty())
        settings.server = options.server;
    if (!options.token_file.empty())
        settings.token_file = options.token_file;
    return settings;
}

int complain(protocol::Complaint const& complaint, int code) {
    std::cerr << to_string(complaint) << '\n';
    return code;
}

} // namespace

int main(int argc, char** argv) {
    Options options;
    Command chosen;
    CLI::App app{"Asks and orders a fleet server through its API."};
    add_options(app, options);
    add_provider_commands(app, options, chosen);
    add_kiosk_commands(app, options, chosen);
    add_books_commands(app, options, chosen);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    }
    auto const settings = settings_of(options);
    if (!settings)
        return complain(settings.error(), exit_configuration);
    auto token = fleet::ctl::read_file(settings->token_file);
    if (!token)
        return complain(token.error(), exit_unreachable);
    token->erase(token->find_last_not_of(" \t\r\n") + 1);
    Client client{{settings->server, *token, options.operator_name}};
    return finish(chosen(client), options.as_json);
}
