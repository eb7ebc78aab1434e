#include <utility>

#include "protocol/link/kiosk_session.hpp"

namespace protocol::link {

std::optional<std::uint64_t> claimed_sequence(wire::FromServer const& message) {
    if (message.has_welcome())
        return message.welcome().acknowledged_sequence();
    if (message.has_acknowledgement())
        return message.acknowledgement().sequence();
    return std::nullopt;
}

KioskEvent event_of(wire::FromServer message, Own own) {
    switch (message.message_case()) {
    case wire::FromServer::kWelcome: return Welcomed{std::move(*message.mutable_welcome()), own};
    case wire::FromServer::kAcknowledgement:
        return AcknowledgementCame{std::move(*message.mutable_acknowledgement()), own};
    case wire::FromServer::kAccountAnswer:
        return AnswerCame{std::move(*message.mutable_account_answer())};
    case wire::FromServer::kCatalog: return CatalogCame{std::move(*message.mutable_catalog())};
    case wire::FromServer::kRefusal: return RefusalCame{std::move(*message.mutable_refusal())};
    case wire::FromServer::kPong: return PongCame{};
    case wire::FromServer::MESSAGE_NOT_SET: break;
    }
    return UnknownCame{};
}

std::string_view name(DropReason reason) {
    switch (reason) {
    case DropReason::ConnectLate: return "connect_late";
    case DropReason::WelcomeLate: return "welcome_late";
    case DropReason::AcknowledgementLate: return "acknowledgement_late";
    case DropReason::PongLate: return "pong_late";
    case DropReason::OutOfPlace: return "out_of_place";
    case DropReason::Unreadable: return "unreadable";
    case DropReason::Overloaded: return "overloaded";
    case DropReason::Refused: return "refused";
    case DropReason::Forked: return "forked";
    case DropReason::Journal: return "journal";
    }
    return "unknown";
}

} // namespace protocol::link
