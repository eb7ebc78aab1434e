#include "tests/support/link/forwarder.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <set>

namespace tests {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {
auto const token = asio::as_tuple(asio::use_awaitable);
tcp::endpoint loopback(std::uint16_t port) {
    return {asio::ip::address_v4::loopback(), port};
}
} // namespace

struct Forwarder::Inside {
    Inside(Forwarder& forwarder, std::uint16_t target_port)
        : owner{forwarder}, target{target_port}, acceptor{context, loopback(0)} {}

    struct Pair {
        explicit Pair(tcp::socket socket) : near{std::move(socket)}, far{near.get_executor()} {}
        void cut() {
            // A reset, as from a carrier that forgot the connection: what is under way is lost.
            error_code ignored;
            for (tcp::socket* socket : {&near, &far}) {
                socket->set_option(asio::socket_base::linger{true, 0}, ignored);
                socket->close(ignored);
            }
        }
        tcp::socket near;
        tcp::socket far;
        std::uint64_t passed = 0;
        std::uint64_t allowed = 0; // 0: no end.
    };

    asio::awaitable<void> pass(std::shared_ptr<Pair> pair, tcp::socket& from, tcp::socket& to) {
        std::array<std::uint8_t, 8192> buffer;
        for (;;) {
            auto const [failure, size] = co_await from.async_read_some(asio::buffer(buffer), token);
            std::size_t let_through = size;
            if (pair->allowed != 0)
                let_through = std::min<std::uint64_t>(size, pair->allowed - pair->passed);
            auto const [refusal, written] =
                co_await asio::async_write(to, asio::buffer(buffer.data(), let_through), token);
            pair->passed += written;
            if (pair->allowed != 0 && pair->passed >= pair->allowed && pair->near.is_open())
                ++owner.cuts_;
            if (failure || refusal || (pair->allowed != 0 && pair->passed >= pair->allowed)) {
                pair->cut();
                co_return;
            }
        }
    }

    asio::awaitable<void> serve() {
        for (;;) {
            auto [failure, socket] = co_await acceptor.async_accept(token);
            if (failure)
                co_return;
            auto const pair = std::make_shared<Pair>(std::move(socket)); // Both directions hold it.
            auto const [unreached] = co_await pair->far.async_connect(loopback(target), token);
            if (unreached || !is_up) {
                pair->cut();
                continue;
            }
            ++owner.connections_;
            pair->allowed = owner.cut_after_;
            pairs.insert(pair);
            asio::co_spawn(context, pass(pair, pair->near, pair->far), asio::detached);
            asio::co_spawn(context, pass(pair, pair->far, pair->near), asio::detached);
        }
    }

    Forwarder& owner;
    std::uint16_t target;
    asio::io_context context{1};
    tcp::acceptor acceptor;
    std::set<std::shared_ptr<Pair>> pairs;
    bool is_up = true;
};

Forwarder::Forwarder(std::uint16_t target) : inside_{std::make_unique<Inside>(*this, target)} {
    port_ = inside_->acceptor.local_endpoint().port();
    asio::co_spawn(inside_->context, inside_->serve(), asio::detached);
    thread_ = std::thread{[this] { inside_->context.run(); }};
}

Forwarder::~Forwarder() {
    asio::post(inside_->context, [this] {
        error_code ignored;
        inside_->acceptor.close(ignored);
        for (auto const& pair : inside_->pairs)
            pair->cut();
    });
    thread_.join();
}

void Forwarder::set_up(bool is_up) {
    asio::post(inside_->context, [this, is_up] {
        inside_->is_up = is_up;
        if (is_up)
            return;
        for (auto const& pair : inside_->pairs)
            pair->cut();
        inside_->pairs.clear();
    });
}

} // namespace tests
