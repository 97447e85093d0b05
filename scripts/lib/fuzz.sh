#!/usr/bin/env bash
# Builds the fuzzers and runs each for some seconds, as many at a time as JOBS says: scripts/lib/fuzz.sh [SECONDS [NAME…]]
# NAME is a file fuzz/NAME_fuzzer.cpp; without one, all. Seeds are fuzz/seeds/NAME; those of codec_* are small pictures of the examples, of the tests'
# fixtures and of ../shared/data, as far as these are there. What breaks a fuzzer is kept in build/fuzz/found.
set -euo pipefail
. "$(dirname "$0")/common.sh"
seconds=${1:-60}
shift $(($# > 0 ? 1 : 0))

install_packages "${BUILD_PACKAGES[@]}" clang lld llvm libclang-rt-14-dev
names=("$@")
if [ ${#names[@]} = 0 ]; then
  for file in fuzz/*_fuzzer.cpp; do
    [ -e "$file" ] || die "there is no fuzzer: fuzz/*_fuzzer.cpp names no file"
    names+=("$(basename "$file" _fuzzer.cpp)")
  done
fi

configure fuzz
nice ninja -C build/fuzz -j "$JOBS" --quiet "${names[@]/%/_fuzzer}" || die "the fuzzers could not be built"

pictures=build/fuzz/pictures
mkdir -p $pictures build/fuzz/found
while IFS= read -r -d '' file; do
  cp -n "$file" "$pictures/$(sha256sum <"$file" | cut -c1-16)"
done < <(for folder in examples/collection tests/fixtures build/fixtures ../shared/data/images ../shared/data/malformed; do
  if [ -d $folder ]; then find $folder -type f -size -48k ! -name '*.py' ! -name '*.yml' ! -name '*.md' -print0; fi
done)

# fuzz_one NAME: its result is the file build/fuzz/NAME.result.
fuzz_one() {
  local name=$1 program=build/fuzz/fuzz/$1_fuzzer corpus=build/fuzz/corpus/$1 folder seeds=()
  mkdir -p "$corpus"
  for folder in "fuzz/seeds/$name" $([[ $name == codec_* ]] && echo "$pictures"); do
    if [ -d "$folder" ]; then seeds+=("$folder"); fi
  done
  if "$program" -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=20 -print_final_stats=1 -artifact_prefix="build/fuzz/found/$name-" \
    "$corpus" ${seeds[@]+"${seeds[@]}"} >"build/fuzz/$name.log" 2>&1; then
    echo passed >"build/fuzz/$name.result"
    printf '%-24s passed: %s runs\n' "$name" "$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log")"
  else
    echo failed >"build/fuzz/$name.result"
    printf '%-24s FAILED\n' "$name"
    tail -n 60 "build/fuzz/$name.log"
  fi
}
export -f fuzz_one
export seconds pictures

say "${#names[@]} fuzzers, $seconds s each, $JOBS at a time"
for name in "${names[@]}"; do rm -f "build/fuzz/$name.result"; done
printf '%s\0' "${names[@]}" | nice xargs -0 -n 1 -P "$JOBS" bash -c 'fuzz_one "$1"' fuzz_one || true

passed=0 failed=0
for name in "${names[@]}"; do
  if [ "$(cat "build/fuzz/$name.result" 2>/dev/null)" = passed ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "fuzz: $passed passed, $failed failed"
[ $failed = 0 ]
