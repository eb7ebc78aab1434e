#include "kiosk/app/catalog_file.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

using namespace kiosk::app;

namespace {

std::filesystem::path make_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "catalog-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    return name;
}

} // namespace

TEST_SUITE("catalog file") {
    TEST_CASE("what was saved is loaded, and a newer one takes its place") {
        auto const folder = make_folder();
        auto const file = folder / "catalog.pb";
        REQUIRE(load_catalog(file));
        CHECK_FALSE(*load_catalog(file));
        protocol::catalog::Catalog catalog;
        catalog.agent.name = "ООО Расчётный центр";
        for (std::uint64_t const version : {1U, 2U}) {
            catalog.version = version;
            REQUIRE(save_catalog(file, catalog));
            CHECK(**load_catalog(file) == catalog);
        }
        CHECK_FALSE(std::filesystem::exists(folder / "catalog.pb.new"));
        std::filesystem::remove_all(folder);
    }

    TEST_CASE("a damaged file is a complaint with its cure, and no catalog") {
        auto const folder = make_folder();
        std::ofstream{folder / "catalog.pb"} << "not a catalog";
        auto const loaded = load_catalog(folder / "catalog.pb");
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error().cure.find("delete it") != std::string::npos);
        std::filesystem::remove_all(folder);
    }

    TEST_CASE("a folder that is not there is a complaint") {
        CHECK_FALSE(save_catalog("/nowhere/catalog.pb", {}));
    }
}
