#pragma once

#include <filesystem>
#include <string>

#include "fleet-server/ctl/client.hpp"

/// What an operator can ask for, each as one call of the API and a text for a person.
namespace fleet::ctl {

struct Answer {
    json value;
    std::string text;      ///< For a person.
    bool is_alarm = false; ///< Answered, but something is wrong: a difference in the books.
};
using CommandResult = protocol::Result<Answer, Failure>;

struct ProviderFile {
    std::filesystem::path file;
    std::string mask; ///< Empty: as in the file.
    std::string osmp; ///< Empty: as in the file.
};
[[nodiscard]] CommandResult create_provider(Client& client, ProviderFile const& given);
[[nodiscard]] CommandResult list_providers(Client& client);
[[nodiscard]] CommandResult set_rule(
    Client& client, std::string const& provider, std::filesystem::path const& file);
[[nodiscard]] CommandResult import_charges(
    Client& client, std::string const& provider, std::filesystem::path const& file,
    std::string const& encoding);

struct Enrolment {
    std::uint32_t number = 0;
    std::string address;
    std::filesystem::path folder; ///< Where ca.pem, kiosk.pem and kiosk.key go.
};
/// Looks whether it can write before it asks: enrolling closes the kiosk's older epoch.
[[nodiscard]] CommandResult enrol_kiosk(Client& client, Enrolment const& given);
[[nodiscard]] CommandResult list_kiosks(Client& client);
[[nodiscard]] CommandResult release_kiosk(Client& client, std::uint32_t number);

[[nodiscard]] CommandResult show_payment(Client& client, std::string const& number);
[[nodiscard]] CommandResult list_payments(Client& client);
[[nodiscard]] CommandResult list_outbox(Client& client, bool only_for_person);
[[nodiscard]] CommandResult show_account(
    Client& client, std::string const& provider, std::string const& account);
[[nodiscard]] CommandResult show_trial_balance(Client& client);
[[nodiscard]] CommandResult verify_ledger(Client& client);
/// `day` empty: today.
[[nodiscard]] CommandResult write_register(
    Client& client, std::string const& provider, std::string const& day);
[[nodiscard]] CommandResult show_status(Client& client);

/// The whole file.
[[nodiscard]] protocol::Result<std::string, Complaint> read_file(std::filesystem::path const& file);

} // namespace fleet::ctl
