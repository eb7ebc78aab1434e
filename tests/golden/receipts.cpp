#include "tests/golden/receipts.hpp"

#include <cairo.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

#include "devices/printer/escpos.hpp"
#include "devices/printer/simulator.hpp"
#include "devices/printer/ticket_picture.hpp"
#include "kiosk/receipt/receipt.hpp"

namespace golden {

namespace {

using namespace devices::printer;
using kiosk::receipt::Copy;
using kiosk::receipt::Language;
using protocol::rub;

/// The story of the first payment: 4 600 ₽ for a debt of 4 597,86 ₽.
kiosk::payment::PaymentFacts story_payment(bool offline) {
    kiosk::payment::PaymentFacts facts;
    facts.session = 1;
    facts.bill.provider = 1;
    facts.bill.payee = "ООО Юнисервис";
    facts.bill.payee_inn = "7729524407";
    facts.bill.account = "M003K006";
    facts.bill.account_typed = "М003К006";
    facts.bill.payer_masked = "Гильман П. С.";
    facts.bill.period = "2009-09";
    facts.bill.debt = rub(459'786);
    facts.bill.debt_date = "2009-09-01";
    facts.bill.source = kiosk::payment::DebtSource::Server;
    facts.sums = kiosk::payment::settle(facts.bill, rub(460'000));
    facts.notes = {{rub(10'000), 1}, {rub(50'000), 1}, {rub(200'000), 2}};
    // 2026-11-22 11:05:00 UTC
    facts.at = kiosk::payment::WallTime{std::chrono::milliseconds{1'795'345'500'000}};
    facts.offline = offline;
    return facts;
}

kiosk::receipt::Letterhead letterhead() {
    kiosk::receipt::Letterhead head;
    head.kiosk_number = 17;
    head.agent = {
        "ООО Расчётный центр", "7701234567", "Москва, Мануринский проспект, 3", "8 800 000-00-00"};
    head.utc_offset = std::chrono::hours{3};
    return head;
}

protocol::Bytes printed(Document const& document) {
    auto const job = encode(document);
    if (!job)
        return {};
    Simulator printer;
    Simulator::TimePoint now{};
    auto const feed = [&](protocol::ByteView bytes) {
        static_cast<void>(printer.receive(bytes, now));
        // Longer than any portion takes to print: its buffer is empty again.
        now += std::chrono::seconds{10};
        static_cast<void>(printer.tick(now));
    };
    for (auto const& portion : job->portions)
        feed(portion);
    feed(cut);
    feed(present);
    return printer.tickets().empty() ? protocol::Bytes{} : render_png(printer.tickets().front());
}

} // namespace

std::vector<DrawnReceipt> draw_receipts() {
    struct Example {
        char const* file;
        Language language;
        Copy copy;
        bool offline;
    };
    std::vector<DrawnReceipt> receipts;
    for (auto const& example : {
             Example{"receipt.ru.png", Language::Russian, Copy::First, false},
             Example{"receipt.en.png", Language::English, Copy::First, false},
             Example{"receipt-offline.ru.png", Language::Russian, Copy::First, true},
             Example{"receipt-copy.ru.png", Language::Russian, Copy::Again, false},
         }) {
        auto const document = kiosk::receipt::compose(
            story_payment(example.offline), 1, letterhead(), example.language, example.copy);
        receipts.push_back({example.file, printed(document)});
    }
    if (std::ranges::any_of(receipts, [](auto const& receipt) { return receipt.png.empty(); }))
        return {};
    return receipts;
}

std::vector<std::uint32_t> pixels_of(protocol::Bytes const& png) {
    struct Source {
        protocol::Bytes const& bytes;
        std::size_t at = 0;
    } source{png};
    auto* const surface = cairo_image_surface_create_from_png_stream(
        [](void* closure, unsigned char* into, unsigned size) {
            auto& from = *static_cast<Source*>(closure);
            if (from.bytes.size() - from.at < size)
                return CAIRO_STATUS_READ_ERROR;
            std::memcpy(into, from.bytes.data() + from.at, size);
            from.at += size;
            return CAIRO_STATUS_SUCCESS;
        },
        &source);
    std::vector<std::uint32_t> pixels;
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
        auto const width = static_cast<std::size_t>(cairo_image_surface_get_width(surface));
        auto const height = static_cast<std::size_t>(cairo_image_surface_get_height(surface));
        auto const stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
        pixels = {static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)};
        std::size_t const row_size = stride;
        for (std::size_t y = 0; y < height; ++y) {
            auto const* row = cairo_image_surface_get_data(surface) + y * stride;
            for (std::size_t x = 0; x < row_size; ++x)
                pixels.push_back(row[x]);
        }
    }
    cairo_surface_destroy(surface);
    return pixels;
}

protocol::Bytes read_file(std::string const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace golden
