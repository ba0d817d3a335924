#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_neon.sh OBJDUMP OBJECT...: on arm64 every source with an EDGEPOSE_MULTIVERSION function, the
# mark of a hot kernel, was compiled to arithmetic on whole NEON registers.
set -euo pipefail
cd "$(dirname "$0")/.."
objdump=$1
shift
least=4 # instructions; a loop that stayed scalar has none
arithmetic='\s(f?(add|sub|mul|mla|div|sqrt|abs)|[suf](max|min|mull2?|cvt[a-z]*)|f?cm(gt|ge|eq|hi|hs|lt|le|tst))\s+v[0-9]+\.(16b|8h|4s|2d),'
scattered=heatmap/bilinear.cpp # reads cells here and there, which NEON cannot gather
failed=0
checked=0
for source in $(grep -rl '^EDGEPOSE_MULTIVERSION' csrc/core --include='*.cpp' | sort); do
  name=${source#csrc/core/}
  [ "$name" = "$scattered" ] && continue
  for object in "$@"; do
    [[ $object == */"$name".o ]] || continue
    count=$("$objdump" -d --no-show-raw-insn "$object" | grep -cE "$arithmetic" || true)
    checked=$((checked + 1))
    if [ "$count" -lt "$least" ]; then
      echo "$source: $count vector instructions" >&2
      failed=1
    fi
  done
done
if [ "$checked" -eq 0 ]; then
  echo "no object of a hot kernel among: $*" >&2
  exit 1
fi
echo "$checked objects"
exit $failed
