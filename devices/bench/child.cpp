#include "devices/bench/child.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace devices::bench {

namespace asio = boost::asio;

namespace {

constexpr int exit_cannot_run = 127;

protocol::Complaint complaint(std::string const& program, int error) {
    return {
        program,
        "cannot be run: " + std::string{strerrordesc_np(error)},
        "name an existing program in [kiosk] program"};
}

// Between fork and exec of a process with threads: only calls that are safe in a signal handler.
[[noreturn]] void become(char const* program, char* const* arguments, pid_t parent, int report) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() == parent) {
        sigset_t none;
        ::sigemptyset(&none);
        ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
        int const nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (nothing >= 0)
            ::dup2(nothing, STDIN_FILENO);
        ::execv(program, arguments);
        int const error = errno;
        [[maybe_unused]] auto const written = ::write(report, &error, sizeof error);
    }
    ::_exit(exit_cannot_run);
}

} // namespace

protocol::Result<std::unique_ptr<Child>, protocol::Complaint> Child::start(
    asio::any_io_executor const& executor, std::vector<std::string> const& command) {
    std::vector<char*> arguments;
    std::vector<std::string> owned = command; // execv wants them writable.
    arguments.reserve(owned.size() + 1);
    for (std::string& argument : owned)
        arguments.push_back(argument.data());
    arguments.push_back(nullptr);

    // The pipe is closed by a successful exec, and carries the error of a failed one.
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return protocol::fail(complaint(command[0], errno));
    pid_t const parent = ::getpid();
    pid_t const pid = ::fork();
    if (pid == 0)
        become(arguments[0], arguments.data(), parent, ends[1]);
    ::close(ends[1]);
    int error = pid < 0 ? errno : 0;
    if (pid > 0 && ::read(ends[0], &error, sizeof error) > 0)
        ::waitpid(pid, nullptr, 0);
    ::close(ends[0]);
    if (error != 0)
        return protocol::fail(complaint(command[0], error));

    int const watch = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (watch < 0) {
        int const reason = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return protocol::fail(complaint(command[0], reason));
    }
    return std::unique_ptr<Child>{new Child{pid, asio::posix::stream_descriptor{executor, watch}}};
}

Child::~Child() {
    kill();
}

bool Child::is_running() {
    reap(WNOHANG);
    return !ending_;
}

void Child::kill() {
    if (!is_running())
        return;
    ::kill(pid_, SIGKILL);
    reap(0);
}

void Child::terminate() {
    if (is_running())
        ::kill(pid_, SIGTERM);
}

asio::awaitable<bool> Child::wait(std::chrono::milliseconds within) {
    if (!is_running())
        co_return true;
    asio::steady_timer deadline{watch_.get_executor(), within};
    co_await asio::experimental::make_parallel_group(
        watch_.async_wait(asio::posix::stream_descriptor::wait_read, asio::deferred),
        deadline.async_wait(asio::deferred))
        .async_wait(asio::experimental::wait_for_one{}, asio::use_awaitable);
    co_return !is_running();
}

// A process that was not waited for keeps its pid: until then a signal cannot hit another.
void Child::reap(int options) {
    if (ending_)
        return;
    int status = 0;
    pid_t reaped = 0;
    do
        reaped = ::waitpid(pid_, &status, options);
    while (reaped < 0 && errno == EINTR);
    if (reaped == pid_)
        ending_ = WIFSIGNALED(status) ? Ending{true, WTERMSIG(status)}
                                      : Ending{false, WEXITSTATUS(status)};
}

} // namespace devices::bench
