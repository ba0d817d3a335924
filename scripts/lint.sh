#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every check that is no test. Runs them all, then fails if one did.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()
check() {
  local name=$1
  shift
  echo "== $name"
  "$@" || failed+=("$name")
}
check "ruff" ruff check .
check "ruff format" ruff format --check .
check "mypy" mypy
check "import rules" lint-imports
check "clang-format" bash -c "git ls-files '*.cpp' '*.h' '*.c' | xargs clang-format --dry-run --Werror"
if [ ${#failed[@]} -gt 0 ]; then
  echo "failed: ${failed[*]}" >&2
  exit 1
fi
echo "all checks passed"
