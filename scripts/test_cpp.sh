#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Configure, build and run the C++ tests of one CMake preset: dev, asan or arm64.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=${1:-dev}
packages=(libgtest-dev)
runs=("$preset")
if [ "$preset" = arm64 ]; then
  packages=(g++-aarch64-linux-gnu qemu-user-static googletest libbenchmark-dev)
  runs=(arm64 arm64-a76) # one build, two processors
fi
bash scripts/install_system_packages.sh "${packages[@]}"
launcher=()
if command -v ccache >/dev/null; then
  launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
cmake --preset "$preset" "${launcher[@]}"
cmake --build --preset "$preset"
for run in "${runs[@]}"; do
  ctest --preset "$run"
done
