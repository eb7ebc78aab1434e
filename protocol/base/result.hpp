#pragma once

#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

#ifdef NDEBUG
#error "Assertions are part of this program: build without NDEBUG."
#endif

namespace protocol {

/// A value, or the reason why there is none. Functions that return one are [[nodiscard]].
template <class T, class E>
using Result = tl::expected<T, E>;

/// `return fail(FrameError::ChecksumMismatch);`
template <class E>
[[nodiscard]] constexpr tl::unexpected<std::decay_t<E>> fail(E&& error) {
    return tl::unexpected<std::decay_t<E>>{std::forward<E>(error)};
}

} // namespace protocol

// TRY(auto frame, decode(bytes));     leaves the function with the error, or declares `frame`.
// CO_TRY(auto n, co_await read(buf)); the same inside a coroutine.
// TRY_VOID(check(x));                 for a Result<void, E>.
// These are declarations, not expressions: GCC 12 crashes on `co_return` inside ({ ... }).
#define TRY(declaration, ...) \
    PROTOCOL_TRY(return, PROTOCOL_TRY_NAME(__LINE__), declaration, __VA_ARGS__)
#define CO_TRY(declaration, ...) \
    PROTOCOL_TRY(co_return, PROTOCOL_TRY_NAME(__LINE__), declaration, __VA_ARGS__)
#define TRY_VOID(...)                                                                     \
    if (auto&& PROTOCOL_TRY_NAME(__LINE__) = (__VA_ARGS__); !PROTOCOL_TRY_NAME(__LINE__)) \
        [[unlikely]]                                                                      \
    return ::protocol::fail(std::move(PROTOCOL_TRY_NAME(__LINE__)).error())
#define PROTOCOL_TRY(leave, outcome, declaration, ...)      \
    auto&& outcome = (__VA_ARGS__);                         \
    if (!outcome) [[unlikely]]                              \
        leave ::protocol::fail(std::move(outcome).error()); \
    declaration = *std::move(outcome)
#define PROTOCOL_TRY_NAME(line) PROTOCOL_TRY_PASTE(try_outcome_, line)
#define PROTOCOL_TRY_PASTE(left, right) PROTOCOL_TRY_JOIN(left, right)
#define PROTOCOL_TRY_JOIN(left, right) left##right
