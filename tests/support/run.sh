# What ./run does; sourced by it. Each command is a function `command_<name>`.
# shellcheck shell=bash

packages_build=(ca-certificates ccache cmake g++ git make mold ninja-build pkg-config protobuf-compiler python3
  libboost1.81-dev libcairo2-dev libcli11-dev libcpp-httplib-dev libcurl4-openssl-dev
  libexpected-dev libkainjow-mustache-dev liblitehtml-dev libpango1.0-dev libprotobuf-dev
  libpugixml-dev libqrencode-dev librapidcheck-dev libsdl2-dev libspdlog-dev libsqlite3-dev
  libsqlitecpp-dev libssl-dev libtomlplusplus-dev libzip-dev libzxing-dev nlohmann-json3-dev doctest-dev
  prometheus-cpp-dev fonts-paratype fonts-dejavu-core tzdata python3-jsonschema)
# Only for the tests of web pages: half a gigabyte of browser.
packages_console=(chromium nodejs)
packages_check=(clang clang-format clang-tidy libclang-rt-14-dev)

say() { printf '%s\n' "$*" >&2; }
die() { say "run: $*"; exit 2; }

# Installs what is missing, and nothing when nothing is.
need() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" -eq 0 ] || die "missing Debian packages: ${missing[*]}; install them, or run this as root"
  say "installing: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y --no-install-recommends "${missing[@]}" >/tmp/kiosk-apt.log 2>&1 ||
    { apt-get update >/tmp/kiosk-apt.log 2>&1 && apt-get install -y --no-install-recommends "${missing[@]}" >>/tmp/kiosk-apt.log 2>&1; } ||
    { tail -20 /tmp/kiosk-apt.log >&2; die "apt-get could not install them; see above"; }
}

# build PRESET [TARGET...]
build() {
  local preset=$1; shift
  need "${packages_build[@]}"
  case $preset in clang | fuzz) need "${packages_check[@]}" ;; esac
  export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  cmake --preset "$preset" >"/tmp/kiosk-configure-$preset.log" 2>&1 ||
    { tail -30 "/tmp/kiosk-configure-$preset.log" >&2; die "cmake could not configure preset $preset"; }
  local log=/tmp/kiosk-build-$preset.log
  cmake --build --preset "$preset" ${1+--target "$@"} >"$log" 2>&1 || {
    grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking|Running)' "$log" | head -60 >&2
    die "preset $preset does not build; all of it is in $log"
  }
}

usage() {
  cat <<'USAGE'
usage: ./run COMMAND [--help]
  demo [--once]     the whole world on this machine: fleet server, provider, virtual kiosk
  test [GROUP...]   build and run the tests; groups: protocol devices kiosk fleet-server money e2e simulation console lint
  test --crash N    N shortened stories, each with a kill -9 at a random moment
  test --power-cuts N   N disks that a power cut may leave of the books, each opened and verified
  check             format, clang-tidy, and the tests under address, undefined and thread sanitizers
  bench [GROUP...]  measured figures, one JSON object a line; groups: intake money kiosk link
  fuzz [TARGET...] [--seconds N]   look for inputs that break a parser (60 s each)
  screens           draw every screen and the receipt into docs/screens
It installs the Debian packages that it needs when they are missing (as root).
USAGE
}

main() {
  local command=${1:-}
  case $command in
    "" | -h | --help | help) usage; [ -n "$command" ] || exit 2; return ;;
  esac
  shift
  declare -F "command_$command" >/dev/null || { usage >&2; die "there is no command '$command'"; }
  "command_$command" "$@"
}

is_help() { case " $* " in *" --help "* | *" -h "*) return 0 ;; esac; return 1; }

command_test() {
  if is_help "$@"; then
    say "usage: ./run test [GROUP...] | --crash N [--seed S] | --power-cuts N"; say "Ends with the line 'N passed, N failed'; exit 1 when one failed."
    say "Groups: protocol devices kiosk fleet-server money e2e lint, and console (web pages in a browser), which"
    say "is not part of a plain ./run test: it installs Chromium and Playwright."; return
  fi
  build dev
  case ${1:-} in
    --crash) exec python3 tests/e2e/crash.py --build build/dev "$@" ;;
    --power-cuts) build dev fleet_crash_test; KIOSK_POWER_CUTS=${2:?--power-cuts wants a number} exec build/dev/tests/fleet-server/crash/fleet_crash_test -ts="books without power" ;;
    --*) die "there is no option '$1'; see ./run test --help" ;;
  esac
  local args=() group
  for group in "$@"; do
    args+=("$group")
    [ "$group" = console ] && prepare_console
  done
  local pattern=""
  [ ${#args[@]} -gt 0 ] && pattern="^($(IFS='|'; echo "${args[*]}"))\$"
  local log=build/dev/test.log outcome=0
  ctest --test-dir build/dev --output-on-failure --no-tests=error -j "$(nproc)" ${pattern:+-L "$pattern"} >"$log" 2>&1 || outcome=$?
  grep -vE ' Passed +[0-9.]+ sec$|^ +Start +[0-9]+:' "$log" || true
  local failed total
  read -r failed total < <(sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests failed out of ([0-9]+)$/\1 \2/p' "$log" | tail -1) || true
  [ -n "${total:-}" ] || die "ctest ran no test; see $log"
  echo "$((total - failed)) passed, $failed failed"
  return "$outcome"
}

# A browser, and Playwright to drive it, from the npm registry by its lock file.
prepare_console() {
  need "${packages_console[@]}"
  command -v npm >/dev/null || need npm
  (cd tests/devices/bench/page && [ -d node_modules/playwright-core ] || npm ci --no-audit --no-fund >/tmp/kiosk-npm.log 2>&1) ||
    { tail -20 /tmp/kiosk-npm.log >&2; die "npm could not install Playwright; see above"; }
  cmake --preset dev -DKIOSK_WEB_TESTS=ON >/tmp/kiosk-configure-dev.log 2>&1 || die "cmake could not find node"
  build dev
}

command_demo() {
  if is_help "$@"; then
    say "usage: ./run demo [--once]"
    say "Starts a provider, the fleet server and a virtual kiosk on loopback and prints their addresses."
    say "--once plays the story of the first payment through them and exits 0 when all of it held."
    return
  fi
  build dev
  exec python3 tests/e2e/demo.py --build build/dev "$@"
}

command_screens() {
  if is_help "$@"; then say "usage: ./run screens"; say "Draws every screen and the receipt, in Russian and English, into docs/screens."; return; fi
  build dev kiosk_screens_program
  build/dev/bin/kiosk_screens docs/screens
}

command_check() {
  if is_help "$@"; then
    say "usage: ./run check [format] [tidy] [asan] [tsan]"
    say "All four without arguments: clang-format, clang-tidy, and the tests under ASan with UBSan and under TSan."
    return
  fi
  need "${packages_build[@]}" "${packages_check[@]}"
  [ $# -gt 0 ] || set -- format tidy asan tsan
  local part
  for part in "$@"; do
    declare -F "check_$part" >/dev/null || die "there is no check '$part'; see ./run check --help"
    say "check: $part"
    "check_$part"
  done
}

our_sources() { git ls-files -- '*.cpp' '*.hpp'; }

check_format() {
  our_sources | xargs clang-format --dry-run --Werror || die "run: git ls-files '*.cpp' '*.hpp' | xargs clang-format -i"
}

# The analyzer sees null pointers inside Asio's coroutines that are not there: files that include
# them get every other check. Everything that is found is shown before the check fails.
check_tidy() {
  build clang
  local ours=/tmp/kiosk-tidy-ours coroutines=/tmp/kiosk-tidy-coroutines findings=0
  git ls-files -- '*.cpp' | grep -vE '^(tests/fuzz|cmake)/' | sort >"$ours"
  ninja -C build/clang -t deps 2>/dev/null |
    awk -v here="$PWD/" '/: #deps/ {getline source; sub(/^ +(\.\.\/)*/, "", source)} /boost\/asio\/awaitable.hpp/ {sub(here, "", source); print source}' |
    sort -u >"$coroutines"
  comm -23 "$ours" "$coroutines" | tidy || findings=1
  comm -12 "$ours" "$coroutines" | tidy '--checks=-clang-analyzer-*' || findings=1
  [ "$findings" -eq 0 ] || die "clang-tidy: see above"
}

tidy() { xargs -P "$(nproc)" -n 4 clang-tidy --quiet -p build/clang "$@" 2>/dev/null; }

check_asan() {
  export ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1
  export LSAN_OPTIONS=suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  test_sanitized asan
}

check_tsan() {
  export TSAN_OPTIONS=suppressions=$PWD/tests/support/tsan.supp:halt_on_error=1
  test_sanitized tsan
}

# Everything but the stories: they start many programs and judge by the clock.
test_sanitized() {
  build "$1"
  local log=/tmp/kiosk-check-$1.log
  ctest --test-dir "build/$1" --output-on-failure --no-tests=error -j "$(nproc)" -LE 'e2e|simulation|console' >"$log" 2>&1 || {
    grep -vE ' Passed +[0-9.]+ sec$|^ +Start +[0-9]+:' "$log" | head -100 >&2; die "a test fails under preset $1; all of it is in $log"
  }
  tail -3 "$log" >&2
}

command_fuzz() {
  if is_help "$@"; then
    say "usage: ./run fuzz [TARGET...] [--seconds N]"
    say "Runs libFuzzer on each target for N seconds (60). Targets: $(fuzz_targets | tr '\n' ' ')"
    say "A finding is left in build/fuzz/findings and the exit code is 1."
    return
  fi
  local seconds=60 targets=()
  while [ $# -gt 0 ]; do
    case $1 in
      --seconds) seconds=${2:?--seconds wants a number}; shift 2 ;;
      *) targets+=("$1"); shift ;;
    esac
  done
  [ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(fuzz_targets)
  build fuzz "${targets[@]}"
  local target findings=0
  mkdir -p build/fuzz/findings
  for target in "${targets[@]}"; do
    mkdir -p "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target"
    if "build/fuzz/tests/fuzz/$target" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/findings/$target-" "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target" \
        >"build/fuzz/$target.log" 2>&1; then
      say "$target: no finding in $seconds s, $(sed -nE 's/^stat::number_of_executed_units: *//p' "build/fuzz/$target.log") runs"
    else
      findings=$((findings + 1)); tail -25 "build/fuzz/$target.log" >&2; say "$target: FINDING, see build/fuzz/findings"
    fi
  done
  return $((findings > 0))
}

fuzz_targets() { git ls-files -- 'tests/fuzz/*_fuzz.cpp' | sed -E 's#.*/##; s#\.cpp$##'; }

command_bench() {
  if is_help "$@"; then
    say "usage: ./run bench [GROUP...]"
    say "Groups: intake money kiosk link. One JSON object a line; the last of a group is {\"name\": \"GROUP.done\"}."
    return
  fi
  [ $# -gt 0 ] || set -- intake money kiosk link
  local group
  for group in "$@"; do [ -f "tests/bench/$group.py" ] || die "there is no group '$group'; see ./run bench --help"; done
  build release fleetd fleetctl providersim devsim kioskd intake_bench kiosk_ui_bench link_bench splits_bench books_bench
  for group in "$@"; do python3 "tests/bench/$group.py" --build build/release; done
}
