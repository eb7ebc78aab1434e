#include "kiosk/journal/entry_text.hpp"

#include <optional>

#include "kiosk/journal/fields.hpp"

namespace kiosk::journal {

namespace {

using namespace payment;
using protocol::fail;

constexpr auto intent_end =
    words<IntentEnd>({{IntentEnd::Returned, "returned"}, {IntentEnd::AtRest, "at-rest"}});
constexpr auto close_reason = words<CloseReason>(
    {{CloseReason::Cancelled, "cancelled"},
     {CloseReason::Abandoned, "abandoned"},
     {CloseReason::Restarted, "restarted"},
     {CloseReason::NoteUnsettled, "note-unsettled"}});
constexpr auto receipt_fate = words<ReceiptFate>(
    {{ReceiptFate::Printed, "printed"},
     {ReceiptFate::NotPrinted, "not-printed"},
     {ReceiptFate::Unknown, "unknown"}});

Note note_of(Json const& json) {
    return Note{json.at("type").get<std::uint8_t>(), amount_from_json(json.at("value"))};
}

std::uint64_t session_of(Json const& json) {
    return json.at("session").get<std::uint64_t>();
}

Json note_entry(std::uint64_t session, Note const& note) {
    return {{"session", session}, {"type", note.type}, {"value", amount_to_json(note.value)}};
}

/// One overload each way for every kind: what one writes the other reads.
struct Write {
    Json operator()(SessionOpened const& entry) const {
        return {{"session", entry.session}, {"bill", to_json(entry.bill)}};
    }
    Json operator()(StackIntended const& entry) const {
        return note_entry(entry.session, entry.note);
    }
    Json operator()(NoteCredited const& entry) const {
        return note_entry(entry.session, entry.note);
    }
    Json operator()(IntentDropped const& entry) const {
        Json json = note_entry(entry.session, entry.note);
        json["end"] = intent_end(entry.end);
        return json;
    }
    Json operator()(NoteSettled const&) const { return Json::object(); }
    Json operator()(SessionClosed const& entry) const {
        return {{"session", entry.session}, {"reason", close_reason(entry.reason)}};
    }
    Json operator()(PaymentRecorded const& entry) const { return to_json(entry.facts); }
    Json operator()(UnassignedNote const& entry) const {
        Json json = note_entry(entry.session, entry.note);
        json["reason"] = entry.reason;
        return json;
    }
    Json operator()(ReceiptBegun const& entry) const {
        return {{"sequence", entry.sequence}, {"copy", entry.copy}};
    }
    Json operator()(ReceiptEnded const& entry) const {
        return {{"sequence", entry.sequence}, {"fate", receipt_fate(entry.fate)}};
    }
    Json operator()(FaultSeen const& entry) const {
        return {{"fault", entry.fault}, {"phase", entry.phase}, {"event", entry.event}};
    }
};

std::optional<Entry> read(std::string_view kind, Json const& json) {
    if (kind == "session-opened")
        return SessionOpened{session_of(json), bill_from_json(json.at("bill"))};
    if (kind == "stack-intended")
        return StackIntended{session_of(json), note_of(json)};
    if (kind == "note-credited")
        return NoteCredited{session_of(json), note_of(json)};
    if (kind == "intent-dropped")
        return IntentDropped{session_of(json), note_of(json), intent_end(json.at("end"))};
    if (kind == "note-settled")
        return NoteSettled{};
    if (kind == "session-closed")
        return SessionClosed{session_of(json), close_reason(json.at("reason"))};
    if (kind == "payment-recorded")
        return PaymentRecorded{facts_from_json(json)};
    if (kind == "unassigned-note")
        return UnassignedNote{
            note_of(json), session_of(json), json.at("reason").get<std::string>()};
    if (kind == "receipt-begun")
        return ReceiptBegun{json.at("sequence").get<std::uint64_t>(), json.at("copy").get<bool>()};
    if (kind == "receipt-ended")
        return ReceiptEnded{
            json.at("sequence").get<std::uint64_t>(), receipt_fate(json.at("fate"))};
    if (kind == "fault-seen")
        return FaultSeen{
            json.at("fault").get<std::string>(),
            json.at("phase").get<std::string>(),
            json.at("event").get<std::string>()};
    return std::nullopt;
}

struct Kind {
    std::string_view operator()(SessionOpened const&) const { return "session-opened"; }
    std::string_view operator()(StackIntended const&) const { return "stack-intended"; }
    std::string_view operator()(NoteCredited const&) const { return "note-credited"; }
    std::string_view operator()(IntentDropped const&) const { return "intent-dropped"; }
    std::string_view operator()(NoteSettled const&) const { return "note-settled"; }
    std::string_view operator()(SessionClosed const&) const { return "session-closed"; }
    std::string_view operator()(PaymentRecorded const&) const { return "payment-recorded"; }
    std::string_view operator()(UnassignedNote const&) const { return "unassigned-note"; }
    std::string_view operator()(ReceiptBegun const&) const { return "receipt-begun"; }
    std::string_view operator()(ReceiptEnded const&) const { return "receipt-ended"; }
    std::string_view operator()(FaultSeen const&) const { return "fault-seen"; }
};

} // namespace

std::string_view kind_of(Entry const& entry) {
    return std::visit(Kind{}, entry);
}

std::string to_text(Entry const& entry) {
    // Text that is not UTF-8 came from outside; it must not keep money out of the journal.
    return std::visit(Write{}, entry).dump(-1, ' ', false, Json::error_handler_t::replace);
}

protocol::Result<Entry, TextError> entry_from_text(std::string_view kind, std::string_view text) {
    Json const json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
        return fail(TextError::NotJson);
    try {
        if (auto entry = read(kind, json))
            return *std::move(entry);
        return fail(TextError::KindUnknown);
    } catch (Json::exception const&) {
        return fail(TextError::FieldMissingOrWrong);
    } catch (UnknownWord const&) {
        return fail(TextError::FieldMissingOrWrong);
    }
}

} // namespace kiosk::journal
