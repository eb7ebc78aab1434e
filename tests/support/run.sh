# What ./run does; sourced by it. Each command is a function `command_<name>`.
# shellcheck shell=bash

packages_build=(ca-certificates ccache cmake g++ git make mold ninja-build pkg-config protobuf-compiler python3
  libboost1.81-dev libcairo2-dev libcli11-dev libcpp-httplib-dev libcurl4-openssl-dev
  libexpected-dev libkainjow-mustache-dev liblitehtml-dev libpango1.0-dev libprotobuf-dev
  libpugixml-dev libqrencode-dev librapidcheck-dev libsdl2-dev libspdlog-dev libsqlite3-dev
  libsqlitecpp-dev libssl-dev libtomlplusplus-dev libzxing-dev nlohmann-json3-dev doctest-dev
  prometheus-cpp-dev fonts-paratype fonts-dejavu-core)
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
  cmake --build --preset "$preset" ${1+--target "$@"} 2>&1 | grep -vE '^\[[0-9]+/[0-9]+\]|^ninja: no work' >&2 || true
  [ "${PIPESTATUS[0]}" -eq 0 ] || die "preset $preset does not build"
}

usage() {
  cat <<'USAGE'
usage: ./run COMMAND [--help]
  demo [--once]     the whole world on this machine: fleet server, provider, virtual kiosk
  test [GROUP...]   build and run the tests; groups: protocol devices kiosk fleet-server money e2e simulation console lint
  test --crash N    N shortened stories, each with a kill -9 at a random moment
  check             format, clang-tidy, and the tests under address and undefined sanitizers
  bench [GROUP...]  measured figures, one JSON object a line; groups: intake kiosk link
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
    say "usage: ./run test [GROUP...] | --crash N [--seed S]"; say "Ends with the line 'N passed, N failed'; exit 1 when one failed."; return
  fi
  build dev
  local args=() group
  for group in "$@"; do args+=("$group"); done
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
