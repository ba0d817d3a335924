#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tidy.sh [FILE...]: clang-tidy over the files, or over every C and C++ source; a finding is an error.
# Nothing is compiled: the preset is configured for the flags of each source.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/install_system_packages.sh clang-tidy libgtest-dev libbenchmark-dev
python=$(command -v python || command -v python3)
cmake --preset tidy -DPython_EXECUTABLE="$python" \
  -Dpybind11_DIR="$("$python" -m pybind11 --cmakedir)" >/dev/null

tidy_one() {
  local source=$1 flags=() output
  # What no target of this configuration has (examples, fuzz targets) includes only our headers.
  if ! grep -qF "\"file\": \"$PWD/$source\"" build/tidy/compile_commands.json; then
    case $source in
      *.c) flags=(-- -std=c99 -Icsrc/include) ;;
      *) flags=(-- -std=c++17 -Icsrc -Icsrc/include) ;;
    esac
  fi
  if ! output=$(clang-tidy --quiet -p build/tidy "$source" "${flags[@]}" 2>&1); then
    echo "$output"
    return 1
  fi
}
export -f tidy_one

sources=("$@")
if [ ${#sources[@]} -eq 0 ]; then
  # openvino.cpp is built only where OpenVINO's headers are.
  mapfile -t sources < <(git ls-files '*.c' '*.cpp' ':!examples/cpp/openvino.cpp')
fi
if ! printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -I{} bash -c 'tidy_one "{}"'; then
  echo "clang-tidy has findings" >&2
  exit 1
fi
echo "${#sources[@]} sources are tidy"
