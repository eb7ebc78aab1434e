#include "kiosk/screens/assets.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cassert>
#include <optional>
#include <utility>

namespace kiosk::screens {

namespace {

using protocol::fail;

constexpr std::size_t file_size_max = 256UL * 1024; // The largest of ours has 10 KiB.

// A missing screen is found when the kiosk starts, not when a resident gets there.
constexpr std::array screens_needed = {
    "home",
    "scan-refused",
    "lookup",
    "review",
    "collect",
    "recovering",
    "printing",
    "done",
    "trouble"};

/// "screens/home.html" with prefix "screens/" and suffix ".html" is "home".
std::optional<std::string> between(
    std::string const& path, std::string_view prefix, std::string_view suffix) {
    if (!path.starts_with(prefix) || !path.ends_with(suffix) ||
        path.size() <= prefix.size() + suffix.size())
        return std::nullopt;
    auto name = path.substr(prefix.size(), path.size() - prefix.size() - suffix.size());
    if (name.find('/') != std::string::npos)
        return std::nullopt;
    return name;
}

Result<Assets::Strings, Complaint> read_strings(
    Assets::Files const& files, std::string const& path) {
    auto const file = files.find(path);
    if (file == files.end())
        return fail(Complaint{path, "the file is missing", "install ui-assets again"});
    auto const json = nlohmann::json::parse(file->second, nullptr, false);
    if (!json.is_object())
        return fail(Complaint{path, "this is not a JSON object", "mend the file"});
    Assets::Strings strings;
    for (auto const& [key, value] : json.items()) {
        if (!value.is_string() || value.get_ref<std::string const&>().empty())
            return fail(Complaint{path, "\"" + key + "\" is not a text", "write the text"});
        strings.emplace(key, value.get<std::string>());
    }
    return strings;
}

std::optional<Complaint> missing_in(
    std::string const& path, Assets::Strings const& strings, Assets::Strings const& other) {
    for (auto const& [key, text] : other)
        if (!strings.contains(key))
            return Complaint{path, "\"" + key + "\" is missing", "translate it: \"" + text + "\""};
    return std::nullopt;
}

} // namespace

Result<Assets, Complaint> Assets::from_files(Files const& files) {
    Assets assets;
    for (auto const& [path, content] : files)
        if (content.size() > file_size_max)
            return fail(Complaint{path, "the file is larger than 256 KiB", "make it smaller"});
    TRY(assets.russian_, read_strings(files, "strings/ru.json"));
    TRY(assets.english_, read_strings(files, "strings/en.json"));
    if (auto complaint = missing_in("strings/en.json", assets.english_, assets.russian_))
        return fail(*std::move(complaint));
    if (auto complaint = missing_in("strings/ru.json", assets.russian_, assets.english_))
        return fail(*std::move(complaint));
    for (auto const& [path, content] : files) {
        if (auto name = between(path, "screens/", ".html"))
            assets.screens_.emplace(*std::move(name), content);
        else if (auto part = between(path, "screens/parts/", ".html"))
            assets.pieces_.emplace(*std::move(part), content);
        else if (auto style = between(path, "styles/", ".css"))
            assets.pieces_.emplace(*std::move(style) + ".css", content);
    }
    for (std::string const name : screens_needed)
        if (!assets.screens_.contains(name))
            return fail(Complaint{
                "screens/" + name + ".html", "the file is missing", "install ui-assets again"});
    return assets;
}

std::string const* Assets::screen(std::string_view id) const {
    auto const found = screens_.find(id);
    return found == screens_.end() ? nullptr : &found->second;
}

std::string const* Assets::piece(Language language, std::string_view name) const {
    Strings const& words = strings(language);
    if (auto const word = words.find(name); word != words.end())
        return &word->second;
    auto const found = pieces_.find(name);
    return found == pieces_.end() ? nullptr : &found->second;
}

Assets::Strings const& Assets::strings(Language language) const {
    switch (language) {
    case Language::Ru: return russian_;
    case Language::En: return english_;
    }
    assert(false);
    return russian_;
}

} // namespace kiosk::screens
