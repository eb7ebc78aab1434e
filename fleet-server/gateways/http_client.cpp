#include "fleet-server/gateways/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <unordered_map>

namespace fleet::gateways {

namespace {

using protocol::fail;

struct EasyCloser {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct MultiCloser {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

struct Request {
    Ticket ticket = 0;
    std::size_t body_max = 0;
    std::string body;
    bool is_too_large = false;
    std::array<char, CURL_ERROR_SIZE> error{};
    std::unique_ptr<CURL, EasyCloser> easy;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* context) {
    auto& request = *static_cast<Request*>(context);
    std::size_t const bytes = size * count;
    if (bytes > request.body_max - request.body.size()) {
        request.is_too_large = true;
        return 0; // Not `bytes`: curl gives the transfer up.
    }
    request.body.append(data, bytes);
    return bytes;
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    [[maybe_unused]] CURLcode const outcome = curl_easy_setopt(easy, option, value);
    assert(outcome == CURLE_OK); // Every option here is one that this curl was built with.
}

void prepare(Request& request, std::string const& url, HttpLimits const& limits) {
    CURL* const easy = request.easy.get();
    set(easy, CURLOPT_URL, url.c_str());
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    // The environment must not send payments through somebody's proxy.
    set(easy, CURLOPT_PROXY, "");
    set(easy, CURLOPT_FRESH_CONNECT, 1L);
    set(easy, CURLOPT_FORBID_REUSE, 1L);
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.answer.count()));
    set(easy, CURLOPT_USERAGENT, "fleetd/" KIOSK_VERSION);
    set(easy, CURLOPT_WRITEFUNCTION, &take);
    set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&request));
    set(easy, CURLOPT_ERRORBUFFER, request.error.data());
}

Completion complete(Request& request, CURLcode outcome) {
    if (outcome == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(request.easy.get(), CURLINFO_RESPONSE_CODE, &status);
        return {request.ticket, HttpAnswer{static_cast<int>(status), std::move(request.body)}};
    }
    // Bytes of requests that were issued: none means that the provider cannot know of it.
    long sent = 0;
    curl_easy_getinfo(request.easy.get(), CURLINFO_REQUEST_SIZE, &sent);
    std::string reason = request.is_too_large       ? "the answer is too large"
                         : request.error[0] != '\0' ? std::string{request.error.data()}
                                                    : std::string{curl_easy_strerror(outcome)};
    auto const kind = sent == 0 ? HttpFailure::Kind::Undelivered : HttpFailure::Kind::Lost;
    return {request.ticket, fail(HttpFailure{kind, std::move(reason)})};
}

} // namespace

struct HttpClient::State {
    HttpLimits limits;
    std::unique_ptr<CURLM, MultiCloser> multi;
    std::unordered_map<CURL*, std::unique_ptr<Request>> requests;
    std::vector<Completion> finished;

    void collect() {
        int left = 0;
        while (CURLMsg const* const message = curl_multi_info_read(multi.get(), &left)) {
            if (message->msg != CURLMSG_DONE)
                continue;
            CURL* const easy = message->easy_handle;
            CURLcode const outcome = message->data.result;
            auto const found = requests.find(easy);
            assert(found != requests.end());
            curl_multi_remove_handle(multi.get(), easy);
            finished.push_back(complete(*found->second, outcome));
            requests.erase(found);
        }
    }
};

HttpClient::HttpClient(HttpLimits limits) : state_{std::make_unique<State>()} {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    state_->limits = limits;
    state_->multi.reset(curl_multi_init());
    assert(state_->multi);
}

HttpClient::~HttpClient() {
    for (auto const& [easy, request] : state_->requests)
        curl_multi_remove_handle(state_->multi.get(), easy);
}

void HttpClient::start(Ticket ticket, std::string const& url) {
    auto request = std::make_unique<Request>();
    request->ticket = ticket;
    request->body_max = state_->limits.body_max;
    request->easy.reset(curl_easy_init());
    assert(request->easy);
    prepare(*request, url, state_->limits);
    CURL* const easy = request->easy.get();
    [[maybe_unused]] CURLMcode const added = curl_multi_add_handle(state_->multi.get(), easy);
    assert(added == CURLM_OK);
    state_->requests.emplace(easy, std::move(request));
}

std::vector<Completion> HttpClient::wait(std::chrono::milliseconds longest) {
    int running = 0;
    curl_multi_perform(state_->multi.get(), &running);
    state_->collect();
    if (state_->finished.empty()) {
        int const timeout = static_cast<int>(std::clamp<std::int64_t>(longest.count(), 0, 60'000));
        curl_multi_poll(state_->multi.get(), nullptr, 0, timeout, nullptr);
        curl_multi_perform(state_->multi.get(), &running);
        state_->collect();
    }
    return std::exchange(state_->finished, {});
}

void HttpClient::wake() {
    curl_multi_wakeup(state_->multi.get());
}

} // namespace fleet::gateways
