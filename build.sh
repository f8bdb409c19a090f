#!/usr/bin/env bash
# Builds, tests and shows Tdv.MLNet on Linux and macOS; build.ps1 is its twin for Windows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en

usage() {
  cat <<'TEXT'
usage: ./build.sh COMMAND [ARGUMENTS]

  demo [--out DIR ...]   learn from generated video, paint masks, compare (about 5 minutes)
  test                   check the formatting, build, run every test
  bench [ARGUMENTS]      run the benchmarks
  torture [--quick]      hostile files, threads, kills: at most 60 minutes, ends with a table (Linux)
  study NAME             run an experiment of many runs; --help lists them
  pack                   write the NuGet packages to artifacts/packages
  format                 format the source code
  api                    write the public API to PublicAPI.Unshipped.txt, for review
TEXT
}

say() {
  if [[ -t 2 ]]; then printf '\033[1m%s\033[0m\n' "$1" >&2; else printf '%s\n' "$1" >&2; fi
}

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}

require_sdk() {
  command -v dotnet > /dev/null ||
    fail "The .NET SDK 10 is needed, but there is no 'dotnet'. Install it from https://dotnet.microsoft.com/download."
  dotnet --version > /dev/null 2>&1 ||
    fail "The .NET SDK 10 is needed (see global.json), but only these are installed:
$(dotnet --list-sdks)
Install it from https://dotnet.microsoft.com/download."
}

has_gtk() {
  { /sbin/ldconfig -p 2> /dev/null || ldconfig -p 2> /dev/null || true; } | grep 'libgtk-3\.so\.0' > /dev/null
}

# OpenCV's Linux build, which reads the videos, needs GTK 3.
require_gtk() {
  [[ "$(uname -s)" == Linux ]] && ! has_gtk || return 0
  command -v apt-get > /dev/null ||
    fail "GTK 3 (libgtk-3.so.0) is needed to read videos. Install it: 'dnf install gtk3', 'zypper install libgtk-3-0' or 'pacman -S gtk3'."
  local sudo=()
  if [[ "$(id -u)" != 0 ]]; then
    sudo -n true 2> /dev/null ||
      fail "GTK 3 is needed to read videos. Install it: sudo apt-get update && sudo apt-get install libgtk-3-0"
    sudo=(sudo -n)
  fi
  say "Installing libgtk-3-0, which OpenCV needs to read videos"
  local log
  log=$("${sudo[@]}" apt-get update -qq 2>&1 &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends libgtk-3-0 2>&1) ||
    fail "$log
Installing GTK 3 failed. Install it by hand: apt-get update && apt-get install libgtk-3-0"
}

build() {
  say "Building (the first time downloads libtorch and OpenCV, about 300 MB)"
  dotnet build "$1" -c Release -nologo -v quiet
}

run() {
  local project=$1
  shift
  require_gtk
  build "$project"
  dotnet run -c Release --no-build --project "$project" -- "$@"
}

format() {
  dotnet tool restore > /dev/null
  dotnet csharpier "$@" .
}

# The last line is always 'N passed, N failed, N skipped'; a failed check or build counts as one failure.
run_tests() {
  local failures=0
  require_gtk
  say "Checking the formatting"
  if ! format check; then
    say "The formatting differs: ./build.sh format"
    failures=1
  fi
  if ! build Tdv.MLNet.sln; then
    echo "0 passed, $((failures + 1)) failed, 0 skipped"
    return 1
  fi

  local log code=0
  log=$(mktemp)
  # Exit code 8 says that a project has no tests.
  dotnet test --solution Tdv.MLNet.sln -c Release --no-build --no-progress --no-ansi --ignore-exit-code 8 "$@" |
    tee "$log" || code=$?
  local passed failed skipped
  passed=$(count succeeded "$log") failed=$(count failed "$log") skipped=$(count skipped "$log")
  rm "$log"
  # A test process that died has no failed test to show.
  if [[ "$code" != 0 && "$failed" == 0 ]]; then failed=1; fi
  failed=$((failed + failures))
  echo "$passed passed, $failed failed, $skipped skipped"
  [[ "$failed" == 0 && "$passed" != 0 ]]
}

count() {
  local number
  number=$(sed -n "s/^ *$1: \([0-9][0-9]*\)$/\1/p" "$2" | tail -1)
  echo "${number:-0}"
}

# Each script of test/torture prints 'name|tried|lost|ok' or '...|FAILED' lines; one that dies or prints none has failed.
torture() {
  local quick='' minutes=60 log script code part
  [[ "${1:-}" == --quick ]] && quick=1 && minutes=10
  require_gtk
  build test/Tdv.MLNet.Torture
  build src/Tdv.Tool
  export TDV_TORTURE_QUICK=$quick TDV_TORTURE_OUT=$PWD/artifacts/torture
  export TORTURE=$PWD/test/Tdv.MLNet.Torture/bin/Release/net10.0/Tdv.MLNet.Torture.dll
  mkdir -p "$TDV_TORTURE_OUT"
  log=$(mktemp)
  SECONDS=0
  for script in test/torture/*.sh; do
    say "== $script"
    part=$(mktemp) code=0
    timeout --kill-after=10 $((minutes * 60 - SECONDS > 1 ? minutes * 60 - SECONDS : 1)) bash "$script" |
      tee "$part" || code=$?
    grep -E '^[^|]+\|[^|]+\|[0-9]+\|(ok|FAILED)$' "$part" >> "$log" || code=${code/#0/1}
    [[ "$code" == 0 ]] || grep -q '|FAILED$' "$part" ||
      echo "$(basename "$script" .sh) (exit code $code)|-|1|FAILED" >> "$log"
    rm "$part"
  done
  echo
  { echo "what|tried|lost|verdict" && cat "$log"; } | column -t -s '|'
  echo "$(date -u +%Y-%m-%d), $((SECONDS / 60)) min $((SECONDS % 60)) s"
  code=0
  ! grep -q '|FAILED$' "$log" || code=1
  rm "$log"
  return "$code"
}

pack() {
  dotnet pack src/Tdv.MLNet -c Release -o artifacts/packages -nologo -v quiet
  dotnet msbuild nuget/Metapackages.csproj -restore -t:PackAll "-p:PackageOutputPath=$PWD/artifacts/packages" -nologo -v:quiet
  ls artifacts/packages
}

# What is new since the last release; a build fails when code and file differ. The compiler itself names each symbol.
api() {
  local file=src/Tdv.MLNet/PublicAPI.Unshipped.txt
  printf '#nullable enable\n' > "$file"
  dotnet build src/Tdv.MLNet -c Release -nologo --no-incremental -p:TreatWarningsAsErrors=false |
    sed -n "s/.*RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" | LC_ALL=C sort -u >> "$file"
  git --no-pager diff --stat "$file"
}

command=${1:-}
[[ $# -gt 0 ]] && shift
case "$command" in
  demo) require_sdk && run src/Tdv.Tool demo "$@" ;;
  study) require_sdk && run src/Tdv.Studies "$@" ;;
  torture) require_sdk && torture "$@" ;;
  bench) require_sdk && run test/Tdv.MLNet.Benchmarks "$@" ;;
  test) require_sdk && run_tests "$@" ;;
  pack) require_sdk && pack ;;
  format) require_sdk && format format ;;
  api) require_sdk && api ;;
  -h | --help | help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
