#include "kiosk/screens/compose.hpp"

#include "kiosk/screens/fields.hpp"
#include "kiosk/screens/template.hpp"

namespace kiosk::screens {

namespace {

struct ScreenId {
    std::string operator()(HomeView const& /*view*/) const { return "home"; }
    std::string operator()(ScanRefusedView const& /*view*/) const { return "scan-refused"; }
    std::string operator()(LookupView const& /*view*/) const { return "lookup"; }
    std::string operator()(ReviewView const& /*view*/) const { return "review"; }
    std::string operator()(CollectView const& /*view*/) const { return "collect"; }
    std::string operator()(RecoveringView const& /*view*/) const { return "recovering"; }
    std::string operator()(PrintingView const& /*view*/) const { return "printing"; }
    std::string operator()(DoneView const& /*view*/) const { return "done"; }
    std::string operator()(TroubleView const& /*view*/) const { return "trouble"; }
};

} // namespace

std::string screen_id(View const& view) {
    return std::visit(ScreenId{}, view);
}

Result<Page, Complaint> compose(
    View const& view, Surroundings const& surroundings, Language language, Assets const& assets) {
    std::string id = screen_id(view);
    std::string const place = "screens/" + id + ".html";
    auto const* source = assets.screen(id);
    if (source == nullptr)
        return protocol::fail(Complaint{place, "the file is missing", "install ui-assets again"});
    TRY(std::string html,
        render(place, *source, fields_of(view, surroundings, language), language, assets));
    return Page{std::move(id), std::move(html)};
}

} // namespace kiosk::screens
