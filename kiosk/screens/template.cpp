#include "kiosk/screens/template.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

namespace kiosk::screens {

namespace {

using kainjow::mustache::data;
using protocol::fail;

/// Looks names up in the fields, pieces in the assets, and remembers the first that is nowhere.
class StrictContext : public kainjow::mustache::basic_context<std::string> {
public:
    StrictContext(Fields const& fields, Language language, Assets const& assets)
        : fields_{fields}, language_{language}, assets_{assets}, scopes_{&fields.values} {}

    void push(data const* scope) override { scopes_.push_back(scope); }
    void pop() override { scopes_.pop_back(); }

    data const* get(std::string const& name) const override {
        if (name == ".")
            return scopes_.back();
        for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
            if (auto const* value = (*scope)->get(name))
                return value;
        // A style sheet is a value: it is long, and has nothing to fill in.
        if (name.ends_with(".css"))
            if (auto const* style = assets_.piece(language_, name))
                return &pieces_.try_emplace(name, data{*style}).first->second;
        if (!unknown_)
            unknown_ = name;
        return nullptr;
    }

    data const* get_partial(std::string const& name) const override {
        auto const chosen = fields_.chosen.find(name);
        auto const* text =
            assets_.piece(language_, chosen == fields_.chosen.end() ? name : chosen->second);
        if (text == nullptr) {
            if (!unknown_)
                unknown_ = ">" + name;
            return nullptr;
        }
        return &pieces_.try_emplace(name, data{*text}).first->second;
    }

    [[nodiscard]] std::optional<std::string> const& unknown() const { return unknown_; }

private:
    Fields const& fields_;
    Language language_;
    Assets const& assets_;
    std::vector<data const*> scopes_;
    // The library asks through const functions; what they find out is not part of the context.
    mutable std::optional<std::string> unknown_;
    mutable std::unordered_map<std::string, data> pieces_;
};

} // namespace

Result<std::string, Complaint> render(
    std::string const& place, std::string const& source, Fields const& fields, Language language,
    Assets const& assets) {
    kainjow::mustache::mustache engine{source};
    if (!engine.is_valid())
        return fail(Complaint{place, engine.error_message(), "mend the template"});
    StrictContext context{fields, language, assets};
    std::string html = engine.render(context);
    if (!engine.is_valid())
        return fail(Complaint{place, engine.error_message(), "mend the template"});
    if (context.unknown())
        return fail(Complaint{
            place,
            "{{" + *context.unknown() + "}} is nothing that this screen has",
            "name a field, a string, a part or a style"});
    return html;
}

} // namespace kiosk::screens
