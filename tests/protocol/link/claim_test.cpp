#include "protocol/link/claim.hpp"

#include <doctest/doctest.h>

using namespace protocol::link;

namespace {

Hash filled(std::uint8_t byte) {
    Hash hash;
    hash.fill(byte);
    return hash;
}

} // namespace

TEST_SUITE("link claim") {
    TEST_CASE("only a beginning of the kiosk's own chain agrees") {
        Hash const own = filled(1);
        CHECK(judge(0, "", 5, std::nullopt) == Claim::Agrees);
        CHECK(judge(3, to_wire(own), 5, own) == Claim::Agrees);
        CHECK(judge(5, to_wire(own), 5, own) == Claim::Agrees);
        CHECK(judge(6, to_wire(own), 5, own) == Claim::Ahead);
        CHECK(judge(3, to_wire(filled(2)), 5, own) == Claim::Differs);
        CHECK(judge(3, to_wire(own), 5, std::nullopt) == Claim::Forgotten);
        CHECK(judge(3, "short", 5, own) == Claim::Unreadable);
        CHECK(judge(0, to_wire(own), 5, std::nullopt) == Claim::Unreadable);
    }

    TEST_CASE("the technician reads which side has what") {
        CHECK(
            explain(Claim::Ahead, 9, 7) ==
            "the server has record 9, this kiosk recorded only 7: its journal was restored or "
            "cleared");
        CHECK(explain(Claim::Differs, 9, 9) != explain(Claim::Forgotten, 9, 9));
    }
}
