# One interface target carries every flag; every module links it, so no target drifts.
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(kiosk_flags INTERFACE)
target_compile_features(kiosk_flags INTERFACE cxx_std_20)
target_include_directories(kiosk_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(kiosk_flags INTERFACE KIOSK_VERSION="${PROJECT_VERSION}")
target_compile_options(kiosk_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wcast-qual -Wformat=2
  -Wimplicit-fallthrough -Wextra-semi -Wundef -Wmissing-declarations
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond>
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-branches>
  $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>
  $<$<CXX_COMPILER_ID:GNU>:-Wsuggest-override>)
target_compile_options(kiosk_flags INTERFACE
  $<$<CONFIG:RelWithDebInfo>:-D_FORTIFY_SOURCE=2> $<$<CONFIG:RelWithDebInfo>:-fstack-protector-strong>)
# GCC 12 cannot follow tl::expected through its union when it inlines: what it says there is false.
target_compile_options(kiosk_flags INTERFACE
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:RelWithDebInfo>>:-Wno-maybe-uninitialized>)
if(KIOSK_SANITIZE)
  target_compile_options(kiosk_flags INTERFACE
    -fsanitize=${KIOSK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(kiosk_flags INTERFACE -fsanitize=${KIOSK_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Clang 14 cannot place function signatures before coroutines.
    target_compile_options(kiosk_flags INTERFACE -fno-sanitize=function)
  endif()
  if(KIOSK_SANITIZE MATCHES "thread")
    # TSan knows nothing of fences; Asio has a mode without them.
    target_compile_definitions(kiosk_flags INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
    target_compile_options(kiosk_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
endif()
find_program(KIOSK_MOLD mold)
if(KIOSK_MOLD)
  target_link_options(kiosk_flags INTERFACE -fuse-ld=mold)
endif()
find_program(KIOSK_CCACHE ccache)
if(KIOSK_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${KIOSK_CCACHE})
endif()

# kiosk_module(protocol_money PURE SOURCES money/money.cpp DEPENDS protocol_base)
#
# PURE modules hold decisions: no I/O, no clock, no thread. They get the stricter warnings that
# Boost's headers cannot pass; tests/lint/check_layers.py checks what they include.
function(kiosk_module name)
  cmake_parse_arguments(PARSE_ARGV 1 module "PURE" "" "SOURCES;DEPENDS")
  if(module_SOURCES)
    add_library(${name} STATIC ${module_SOURCES})
    target_link_libraries(${name} PUBLIC kiosk_flags ${module_DEPENDS})
    if(module_PURE)
      target_compile_options(${name} PRIVATE
        -Wswitch-enum $<$<CXX_COMPILER_ID:GNU>:-Wnull-dereference>)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE kiosk_flags ${module_DEPENDS})
  endif()
endfunction()

# kiosk_program(fleetd SOURCES app/main.cpp DEPENDS fleet_app): an executable that is installed.
function(kiosk_program name)
  cmake_parse_arguments(PARSE_ARGV 1 program "" "" "SOURCES;DEPENDS")
  add_executable(${name} ${program_SOURCES})
  target_link_libraries(${name} PRIVATE kiosk_flags ${program_DEPENDS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()
