#include "fleet-server/ctl/commands.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "fleet-server/ctl/describe.hpp"

namespace fleet::ctl {

namespace {

using protocol::fail;

Failure refused(Complaint complaint) {
    return {Failure::Kind::Refused, {std::move(complaint)}};
}

using Describe = std::string (*)(json const&);

CommandResult ask(Client& client, Call const& call, Describe describe) {
    TRY(json value, client.call(call));
    std::string text = describe(value);
    return Answer{std::move(value), std::move(text)};
}

Call get(std::string path, std::map<std::string, std::string> query = {}) {
    return {"GET", std::move(path), std::move(query), {}};
}

std::string of_provider(std::string const& provider, std::string const& rest) {
    return "/providers/" + escape(provider) + rest;
}

protocol::Result<std::string, Failure> content(std::filesystem::path const& file) {
    auto read = read_file(file);
    if (!read)
        return fail(refused(std::move(read).error()));
    return std::move(*read);
}

struct SecretFile {
    std::filesystem::path path;
    std::string content;
    mode_t mode;
};

protocol::Result<void, Failure> write_new(SecretFile const& file) {
    int const handle =
        ::open(file.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file.mode);
    bool const is_written = handle >= 0 &&
                            ::write(handle, file.content.data(), file.content.size()) ==
                                static_cast<ssize_t>(file.content.size()) &&
                            ::fsync(handle) == 0;
    std::string const reason = std::generic_category().message(errno);
    if (handle >= 0)
        ::close(handle);
    if (!is_written)
        return fail(refused(
            {file.path.string(),
             "cannot be written: " + reason,
             "mend that and enrol the kiosk again: its key was in no other place"}));
    return {};
}

protocol::Result<void, Failure> prepare_folder(std::filesystem::path const& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || ::access(folder.c_str(), W_OK | X_OK) != 0)
        return fail(refused(
            {folder.string(), "cannot be written to", "name a folder of yours with --out"}));
    for (auto const* name : {"ca.pem", "kiosk.pem", "kiosk.key"})
        if (std::filesystem::exists(folder / name))
            return fail(refused(
                {(folder / name).string(),
                 "is there already",
                 "name an empty folder with --out: keys are never written over"}));
    return {};
}

std::string text_of(json const& value, char const* key) {
    auto const found = value.find(key);
    return found != value.end() && found->is_string() ? found->get<std::string>() : "";
}

} // namespace

protocol::Result<std::string, Complaint> read_file(std::filesystem::path const& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream || std::filesystem::is_directory(file))
        return fail(Complaint{file.string(), "cannot be read", "name a file that exists"});
    return std::string{std::istreambuf_iterator<char>{stream}, {}};
}

CommandResult create_provider(Client& client, ProviderFile const& given) {
    TRY(std::string const text, content(given.file));
    json provider = json::parse(text, nullptr, false);
    if (!provider.is_object())
        return fail(refused(
            {given.file.string(),
             "it is not a JSON object",
             "write it like tests/fixtures/providers/uniservis.json"}));
    if (!given.mask.empty())
        provider["mask"] = given.mask;
    if (!given.osmp.empty())
        provider["osmp"] = {{"url", given.osmp}};
    return ask(
        client,
        {"POST", "/providers", {}, provider.dump(-1, ' ', false, json::error_handler_t::replace)},
        describe_provider);
}

CommandResult list_providers(Client& client) {
    return ask(client, get("/providers"), describe_providers);
}

CommandResult set_rule(
    Client& client, std::string const& provider, std::filesystem::path const& file) {
    TRY(std::string text, content(file));
    return ask(
        client,
        {"PUT", of_provider(provider, "/rule"), {}, std::move(text), "application/toml"},
        describe_rule);
}

CommandResult import_charges(
    Client& client, std::string const& provider, std::filesystem::path const& file,
    std::string const& encoding) {
    TRY(std::string bytes, content(file));
    std::map<std::string, std::string> query{{"file", file.filename().string()}};
    if (!encoding.empty())
        query["encoding"] = encoding;
    return ask(
        client,
        {"POST",
         of_provider(provider, "/charges"),
         std::move(query),
         std::move(bytes),
         "application/octet-stream"},
        describe_import);
}

CommandResult enrol_kiosk(Client& client, Enrolment const& given) {
    TRY_VOID(prepare_folder(given.folder));
    json const body = {{"number", given.number}, {"address", given.address}};
    TRY(json const made,
        client.call(
            {"POST", "/kiosks", {}, body.dump(-1, ' ', false, json::error_handler_t::replace)}));
    TRY_VOID(write_new({given.folder / "ca.pem", text_of(made, "ca"), 0644}));
    TRY_VOID(write_new({given.folder / "kiosk.pem", text_of(made, "certificate"), 0644}));
    TRY_VOID(write_new({given.folder / "kiosk.key", text_of(made, "key"), 0600}));
    json shown = {
        {"number", made.value("number", given.number)},
        {"epoch", made.value("epoch", 0)},
        {"address", given.address},
        {"folder", given.folder.string()}};
    std::string text = "Kiosk " + std::to_string(given.number) + ", epoch " +
                       std::to_string(made.value("epoch", 0)) +
                       ": ca.pem, kiosk.pem, kiosk.key in " + given.folder.string() + "\n";
    return Answer{std::move(shown), std::move(text)};
}

CommandResult list_kiosks(Client& client) {
    return ask(client, get("/kiosks"), describe_kiosks);
}

CommandResult release_kiosk(Client& client, std::uint32_t number) {
    return ask(
        client,
        {"POST", "/kiosks/" + std::to_string(number) + "/release", {}, {}},
        [](json const& kiosk) {
            return describe_kiosks({{"kiosks", json::array({kiosk})}});
        });
}

CommandResult show_payment(Client& client, std::string const& number) {
    return ask(client, get("/payments/" + escape(number)), describe_payment);
}

CommandResult list_payments(Client& client) {
    return ask(client, get("/payments", {{"count", "1000"}}), describe_payments);
}

CommandResult list_outbox(Client& client, bool only_for_person) {
    return ask(
        client, get("/outbox", {{"needs_person", only_for_person ? "1" : "0"}}), describe_outbox);
}

CommandResult show_account(
    Client& client, std::string const& provider, std::string const& account) {
    return ask(
        client, get(of_provider(provider, "/accounts/" + escape(account))), describe_account);
}

CommandResult show_trial_balance(Client& client) {
    TRY(Answer answer, ask(client, get("/ledger/trial-balance"), describe_trial_balance));
    answer.is_alarm = text_of(answer.value, "difference") != "0.00";
    return answer;
}

CommandResult verify_ledger(Client& client) {
    TRY(Answer answer, ask(client, get("/ledger/verification"), describe_verification));
    auto const sound = answer.value.find("sound");
    answer.is_alarm = sound == answer.value.end() || *sound != true;
    return answer;
}

CommandResult write_register(Client& client, std::string const& provider, std::string const& day) {
    std::map<std::string, std::string> query;
    if (!day.empty())
        query["day"] = day;
    return ask(
        client,
        {"POST", of_provider(provider, "/registers"), std::move(query), {}},
        describe_register);
}

CommandResult show_status(Client& client) {
    return ask(client, get("/status"), describe_status);
}

} // namespace fleet::ctl
