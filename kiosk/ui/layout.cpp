#include "kiosk/ui/layout.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

#include "kiosk/ui/container.hpp"

namespace kiosk::ui {

namespace {

using protocol::fail;

// What a browser brings along: how the tags that we use are laid out. Everything else about looks
// is in ui-assets/styles.
constexpr char const* master_style = R"css(
html, body, div, p, h1, h2, table { display: block }
head, style, title, script { display: none }
body { margin: 0 }
span, b, a { display: inline }
b { font-weight: bold }
a { color: inherit; text-decoration: none }
table { display: table; border-collapse: separate; border-spacing: 0 }
tbody { display: table-row-group }
tr { display: table-row }
td { display: table-cell; vertical-align: top; padding: 0 }
p { margin: 0 }
)css";

constexpr std::string_view action_prefix = "act:";
constexpr int element_depth_max = 64; // Our deepest screen has 12.

/// One line, single plain spaces.
std::string tidy(std::string_view text) {
    constexpr std::string_view no_break_space = "\u00a0";
    std::string line;
    bool is_space_due = false;
    for (std::size_t at = 0; at < text.size();) {
        bool const is_no_break = text.substr(at).starts_with(no_break_space);
        if (is_no_break || static_cast<unsigned char>(text[at]) <= ' ') {
            is_space_due = !line.empty();
            at += is_no_break ? no_break_space.size() : 1;
            continue;
        }
        if (is_space_due)
            line += ' ';
        is_space_due = false;
        line += text[at++];
    }
    return line;
}

bool is_shown(litehtml::element::ptr const& element) {
    return element->is_visible() && !element->is_comment();
}

bool is_icon(litehtml::element::ptr const& element) {
    auto const* classes = element->get_attr("class");
    return classes != nullptr && std::string_view{classes}.find("icon") != std::string_view::npos;
}

bool is_inline(litehtml::element::ptr const& element) {
    auto const display = element->get_display();
    return display == litehtml::display_inline || display == litehtml::display_inline_text;
}

Box box_of(litehtml::element::ptr const& element) {
    auto const at = element->get_placement();
    return Box{
        at.x - element->padding_left() - element->border_left(),
        at.y - element->padding_top() - element->border_top(),
        at.width + element->padding_left() + element->padding_right() + element->border_left() +
            element->border_right(),
        at.height + element->padding_top() + element->padding_bottom() + element->border_top() +
            element->border_bottom()};
}

/// Collects the texts of blocks. A run of inline elements is one text.
class TextCollector {
public:
    // NOLINTNEXTLINE(misc-no-recursion): a page is a tree, and its depth is limited.
    void visit(litehtml::element::ptr const& element, int depth) {
        assert(depth < element_depth_max);
        for (int at = 0; at < static_cast<int>(element->get_children_count()); ++at) {
            auto const child = element->get_child(at);
            if (!is_shown(child) || is_icon(child))
                continue;
            if (child->is_break()) {
                run_ += ' ';
            } else if (is_inline(child)) {
                if (child->get_children_count() == 0)
                    child->get_text(run_);
                else
                    visit(child, depth + 1);
            } else {
                end_run();
                visit(child, depth + 1);
                end_run();
            }
        }
    }

    [[nodiscard]] std::vector<std::string> take() {
        end_run();
        return std::move(texts_);
    }

private:
    void end_run() {
        if (auto text = tidy(run_); !text.empty())
            texts_.push_back(std::move(text));
        run_.clear();
    }

    std::string run_;
    std::vector<std::string> texts_;
};

std::string text_of(litehtml::element::ptr const& element) {
    TextCollector collector;
    collector.visit(element, 0);
    std::string all;
    for (auto const& text : collector.take())
        all += (all.empty() ? "" : " ") + text;
    return all;
}

} // namespace

struct Layout::Document {
    Document(std::string page_id, Size size, Fonts& fonts)
        : id{std::move(page_id)}, screen{0, 0, size.width, size.height}, container{size, fonts} {
        context.load_master_stylesheet(master_style);
    }

    void draw() {
        litehtml::position const clip{0, 0, screen.width, screen.height};
        container.start_list();
        html->draw(0, 0, 0, &clip);
        list = container.take_list();
    }

    std::string id;
    Box screen;
    Container container;
    litehtml::context context;
    litehtml::document::ptr html;
    DisplayList list;
    std::vector<Anchor> anchors;
    litehtml::elements_vector anchor_elements;
    std::vector<std::string> texts;
    std::optional<std::size_t> pressed;
};

Layout::Layout(std::unique_ptr<Document> document) : document_{std::move(document)} {}
Layout::Layout(Layout&&) noexcept = default;
Layout& Layout::operator=(Layout&&) noexcept = default;
Layout::~Layout() = default;

Result<Layout, Complaint> Layout::of(screens::Page const& page, Size size, Fonts& fonts) {
    std::string const place = "screen " + page.id;
    auto document = std::make_unique<Document>(page.id, size, fonts);
    document->html = litehtml::document::createFromUTF8(
        page.html.c_str(), &document->container, &document->context);
    if (!document->html || !document->html->root())
        return fail(Complaint{place, "there is no page in the HTML", "mend the template"});
    document->html->render(size.width);
    document->draw();
    if (auto const& fault = document->container.fault())
        return fail(Complaint{place, *fault, "mend the template or its style sheet"});
    if (document->html->width() > size.width)
        return fail(Complaint{
            place,
            "it is " + std::to_string(document->html->width()) + " pixels wide",
            "make it fit in " + std::to_string(size.width)});
    for (auto const& element : document->html->root()->select_all("a")) {
        std::string_view const href{element->get_attr("href", "")};
        if (!href.starts_with(action_prefix) || !is_shown(element))
            continue;
        document->anchors.push_back(Anchor{std::string{href}, text_of(element), box_of(element)});
        document->anchor_elements.push_back(element);
    }
    TextCollector collector;
    collector.visit(document->html->root(), 0);
    document->texts = collector.take();
    return Layout{std::move(document)};
}

std::string const& Layout::id() const {
    return document_->id;
}
DisplayList const& Layout::list() const {
    return document_->list;
}
std::vector<Anchor> const& Layout::anchors() const {
    return document_->anchors;
}
std::vector<std::string> const& Layout::texts() const {
    return document_->texts;
}

std::optional<std::size_t> Layout::hit(Point point) const {
    // What comes later in the page lies on top.
    for (std::size_t at = document_->anchors.size(); at-- > 0;)
        if (document_->anchors[at].box.contains(point))
            return at;
    return std::nullopt;
}

void Layout::press(std::optional<std::size_t> anchor) {
    assert(!anchor || *anchor < document_->anchors.size());
    if (document_->pressed == anchor)
        return;
    litehtml::position::vector ignored;
    auto const set = [&](std::size_t at, bool is_active) {
        auto const& element = document_->anchor_elements[at];
        if (element->set_pseudo_class("active", is_active))
            element->find_styles_changes(ignored, 0, 0);
    };
    if (document_->pressed)
        set(*document_->pressed, false);
    if (anchor)
        set(*anchor, true);
    document_->pressed = anchor;
    document_->draw();
}

} // namespace kiosk::ui
