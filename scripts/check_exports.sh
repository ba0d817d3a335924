#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_exports.sh LIBRARY: the shared library exports what edgepose.h declares and nothing else,
# can neither allocate nor throw, and every function is called by the C tests.
set -euo pipefail
library=$1
cd "$(dirname "$0")/.."

declared=$(grep -oE '\bep_[a-z0-9_]+\(' csrc/include/edgepose.h | tr -d '(' | sort -u)
exported=$(nm -D --defined-only "$library" | awk '$2 != "A" {print $3}' | sed 's/@.*//' | sort -u)
if ! diff <(echo "$declared") <(echo "$exported"); then
  echo "edgepose.h (<) and the exports of $library (>) differ" >&2
  exit 1
fi

imported=$(nm -D --undefined-only "$library" | awk '{print $NF}' | sed 's/@.*//')
if grep -xE '_Zn.*|_Zd.*|_ZSt.*|__cxa_(throw|begin_catch|allocate.*)|(m|c|re)alloc|.*printf' \
  <(grep -vx snprintf <<<"$imported"); then
  echo "$library must not allocate, throw or print" >&2
  exit 1
fi

for name in $declared; do
  if ! grep -qE "\b$name\(" csrc/tests/capi/*.c; then
    echo "$name is not called by csrc/tests/capi" >&2
    exit 1
  fi
done
echo "$(wc -w <<<"$declared") functions"
