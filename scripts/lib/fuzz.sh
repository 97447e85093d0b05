#!/usr/bin/env bash
# Builds the fuzzers and runs each for some seconds over its corpus: scripts/lib/fuzz.sh [SECONDS]
set -euo pipefail
. "$(dirname "$0")/common.sh"
seconds=${1:-60}
configure fuzz
nice ninja -C build/fuzz -j "$JOBS" --quiet fuzzers
passed=0 failed=0
for program in build/fuzz/fuzz/*_fuzz; do
  name=$(basename "$program")
  corpus=build/fuzz/corpus/$name
  mkdir -p "$corpus"
  seeds=()
  [ -d "fuzz/corpus/$name" ] && seeds=("fuzz/corpus/$name")
  say "$name for $seconds s"
  if "$program" -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=20 -print_final_stats=1 "$corpus" ${seeds[@]+"${seeds[@]}"} \
    >"build/fuzz/$name.log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    tail -n 40 "build/fuzz/$name.log"
  fi
done
echo "fuzz: $passed passed, $failed failed"
[ $failed = 0 ]
