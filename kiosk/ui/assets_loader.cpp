#include "kiosk/ui/assets_loader.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

namespace kiosk::ui {

using protocol::Complaint;
using protocol::fail;
using protocol::Result;
using screens::Assets;

Result<Assets, Complaint> load_assets(std::filesystem::path const& folder) {
    constexpr std::size_t files_max = 500; // A folder with more is not ours: "/" by mistake.
    Assets::Files files;
    for (std::string_view const part : {"screens", "screens/parts", "strings", "styles"}) {
        std::error_code error;
        std::filesystem::directory_iterator entry{folder / part, error};
        if (error)
            return fail(Complaint{
                (folder / part).string(),
                "the folder cannot be read: " + error.message(),
                "let `assets` in kioskd.toml name the folder ui-assets"});
        for (; entry != std::filesystem::directory_iterator{}; entry.increment(error)) {
            if (error || files.size() == files_max)
                return fail(Complaint{
                    (folder / part).string(),
                    error ? error.message() : "there are more than 500 files",
                    "let `assets` in kioskd.toml name the folder ui-assets"});
            if (!entry->is_regular_file(error))
                continue;
            std::ifstream file{entry->path(), std::ios::binary};
            std::string content{std::istreambuf_iterator<char>{file}, {}};
            if (!file)
                return fail(Complaint{
                    entry->path().string(), "the file cannot be read", "see to its permissions"});
            files.emplace(
                std::string{part} + "/" + entry->path().filename().string(), std::move(content));
        }
    }
    return Assets::from_files(std::move(files));
}

} // namespace kiosk::ui
