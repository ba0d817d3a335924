#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-tidy over every C++ source; a finding is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/install_system_packages.sh clang-tidy
cmake --preset tidy
cmake --build --preset tidy
