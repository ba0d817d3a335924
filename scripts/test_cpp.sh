#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Configure, build and run the C++ tests of one CMake preset: dev or asan.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-dev}
bash scripts/install_system_packages.sh libgtest-dev
cmake --preset "$preset"
cmake --build --preset "$preset"
ctest --preset "$preset"
