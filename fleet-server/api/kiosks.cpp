#include "fleet-server/api/handlers.hpp"
#include "fleet-server/api/shapes.hpp"

namespace fleet::api {

namespace {

using protocol::fail;
using store::Reading;
using store::Transaction;

constexpr std::size_t address_size_max = 512; // What a kiosk can be told: protocol/wire.

struct Enrolment {
    std::uint32_t number = 0;
    std::string address;
};

Outcome<Enrolment> read_enrolment(std::string const& body) {
    json const value = json::parse(body, nullptr, false);
    auto const number = value.is_object() ? value.find("number") : value.end();
    auto const address = value.is_object() ? value.find("address") : value.end();
    if (!value.is_object() || number == value.end() || !number->is_number_unsigned() ||
        number->get<std::uint64_t>() > catalog::kiosk_number_max || address == value.end() ||
        !address->is_string() || address->get_ref<std::string const&>().size() > address_size_max)
        return fail(refusal(
            Status::BadRequest,
            Complaint{
                "the body",
                "it does not name a kiosk",
                R"(send {"number": 17, "address": "ул. Ленина, 1"})"}));
    return Enrolment{number->get<std::uint32_t>(), address->get<std::string>()};
}

Refusal cannot_enrol(std::uint32_t number, catalog::EnrolError error) {
    std::string const place = "kiosk " + std::to_string(number);
    switch (error) {
    case catalog::EnrolError::NumberOutOfRange:
        return refusal(
            Status::Unprocessable,
            Complaint{place, "kiosks have numbers from 1 to 999999", "choose such a number"});
    case catalog::EnrolError::AddressEmpty:
        return refusal(
            Status::Unprocessable,
            Complaint{place, "its address is empty", "say where it stands: receipts print it"});
    case catalog::EnrolError::EpochsUsedUp:
        return refusal(
            Status::Conflict,
            Complaint{place, "it was enrolled 999 times", "give the kiosk another number"});
    }
    return refusal(Status::Broken, Complaint{place, "it cannot be enrolled", "report this"});
}

Outcome<std::uint32_t> kiosk_in(Request const& request) {
    auto const number = read_number(request.name("kiosk"));
    if (!number || *number < 1 || *number > catalog::kiosk_number_max)
        return fail(refusal(
            Status::BadRequest,
            Complaint{
                "kiosk " + request.name("kiosk"),
                "that is not a kiosk's number",
                "write a number from 1 to 999999"}));
    return static_cast<std::uint32_t>(*number);
}

} // namespace

Reply list_kiosks(Context const& context, Request const&) {
    TRY(auto const kiosks,
        context.read([](Reading const& reading) { return catalog::all_kiosks(reading); }));
    return json{{"kiosks", shapes(kiosks)}};
}

Reply enrol_kiosk(Context const& context, Request const& request) {
    TRY(Enrolment const enrolment, read_enrolment(request.body));
    return change(context, request, [&](Transaction& transaction, UtcTime now) -> ChangeOutcome {
        TRY(auto const epoch,
            catalog::enrol(transaction, enrolment.number, enrolment.address, now));
        if (!epoch)
            return Outcome<Changed>{fail(cannot_enrol(enrolment.number, epoch.error()))};
        // Issued inside: without a certificate the new epoch must not come to be, because it
        // closes the old one.
        auto const credentials = context.authority.issue_kiosk({enrolment.number, *epoch}, now);
        if (!credentials)
            return store::Outcome<Outcome<Changed>>{fail(
                store::StoreError{store::StoreError::Kind::Other, to_string(credentials.error())})};
        json const detail = {
            {"number", enrolment.number}, {"epoch", *epoch}, {"address", enrolment.address}};
        json answer = detail;
        answer["ca"] = context.authority.certificate();
        answer["certificate"] = credentials->certificate;
        answer["key"] = credentials->key;
        return Outcome<Changed>{
            Changed{std::move(answer), "kiosk " + std::to_string(enrolment.number), detail}};
    });
}

Reply release_kiosk(Context const& context, Request const& request) {
    TRY(std::uint32_t const number, kiosk_in(request));
    return change(context, request, [&](Transaction& transaction, UtcTime now) -> ChangeOutcome {
        TRY(bool const is_released, catalog::release(transaction, number, now));
        TRY(auto const kiosk, catalog::find_kiosk(transaction, number));
        std::string const place = "kiosk " + std::to_string(number);
        if (!kiosk)
            return Outcome<Changed>{fail(refusal(
                Status::NotFound, Complaint{place, "there is no such kiosk", "see GET /kiosks"}))};
        if (!is_released)
            return Outcome<Changed>{fail(refusal(
                Status::Conflict,
                Complaint{place, "it is not in quarantine", "nothing needs to be done"}))};
        return Outcome<Changed>{Changed{shape(*kiosk), place, json::object()}};
    });
}

} // namespace fleet::api
