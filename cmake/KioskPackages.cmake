# Libraries that more than one folder links, each under one target name. A library that a single
# folder uses is found in that folder, so that the layering is visible in CMake too.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Protobuf REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)

# Asio's own code is compiled once, here; everywhere else only its declarations are read.
add_library(kiosk_asio STATIC ${PROJECT_SOURCE_DIR}/cmake/asio.cpp)
target_compile_features(kiosk_asio PUBLIC cxx_std_20)
target_compile_definitions(kiosk_asio PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_HAS_CO_AWAIT)
target_link_libraries(kiosk_asio PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
if(KIOSK_SANITIZE)
  target_compile_options(kiosk_asio PRIVATE -fsanitize=${KIOSK_SANITIZE} -fno-sanitize-recover=all
    $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
  if(KIOSK_SANITIZE MATCHES "thread")
    target_compile_definitions(kiosk_asio PUBLIC BOOST_ASIO_DISABLE_FENCED_BLOCK)
    target_compile_options(kiosk_asio PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
endif()

# SQLite behind RAII and exceptions (SQLiteCpp). Only the stores see it.
find_package(SQLiteCpp REQUIRED)
add_library(kiosk_sqlite INTERFACE)
target_link_libraries(kiosk_sqlite INTERFACE SQLiteCpp SQLite::SQLite3)

pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)

# Compiled with the exact definitions of Debian's libcpp-httplib: they change its ABI.
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
add_library(kiosk_httplib INTERFACE)
target_link_libraries(kiosk_httplib INTERFACE PkgConfig::HTTPLIB OpenSSL::SSL Threads::Threads)
