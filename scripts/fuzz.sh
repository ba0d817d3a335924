#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh [TARGET...]: build the fuzz targets (csrc/fuzz) and run each for FUZZ_SECONDS, from the
# kept corpus and from what earlier runs found. Inputs that break something go to build/fuzz/found.
# With FUZZ_KEEP=1 the kept corpus is replaced afterwards by the fewest inputs that reach as much.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-60}
bash scripts/install_system_packages.sh clang
major=$(clang -dumpversion | cut -d. -f1)
bash scripts/install_system_packages.sh "libclang-rt-$major-dev"
cmake --preset fuzz
cmake --build --preset fuzz

export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
bin=build/fuzz/csrc/fuzz
found=build/fuzz/found
mkdir -p "$found"
limits=(-max_len=1024 -timeout=10 -rss_limit_mb=2048)
names=("$@")
[ ${#names[@]} -gt 0 ] || names=($(cd "$bin" && ls -d fuzz_* | sed 's/^fuzz_//'))
failed=()
for name in "${names[@]}"; do
  echo "== $name"
  kept=csrc/fuzz/corpus/$name
  fresh=build/fuzz/corpus/$name
  mkdir -p "$fresh" "$kept"
  words=()
  [ -e "csrc/fuzz/$name.dict" ] && words=("-dict=csrc/fuzz/$name.dict")
  "$bin/fuzz_$name" "${limits[@]}" "${words[@]}" -max_total_time="$seconds" -print_final_stats=1 \
    -artifact_prefix="$found/$name-" "$fresh" "$kept" >"build/fuzz/$name.log" 2>&1 ||
    failed+=("$name")
  grep -E "stat::number_of_executed_units|broken promise|ERROR|runtime error|SUMMARY" \
    "build/fuzz/$name.log" || true
  if [ "${FUZZ_KEEP:-0}" = 1 ]; then
    smallest=$(mktemp -d)
    "$bin/fuzz_$name" "${limits[@]}" -set_cover_merge=1 -use_counters=0 "$smallest" "$kept" \
      "$fresh" >>"build/fuzz/$name.log" 2>&1
    rm -rf "$kept"
    mv "$smallest" "$kept"
    chmod 755 "$kept"
  fi
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "broken: ${failed[*]}; see build/fuzz/NAME.log and $found" >&2
  exit 1
fi
echo "${#names[@]} targets, nothing found"
