#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# test_install.sh BUILD_DIR: install a build into a folder of its own, move it, and build and run
# the examples against it as a stranger would: with find_package and with pkg-config.
set -euo pipefail
build=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --component edgepose --prefix "$work/first" >"$work/log" 2>&1 ||
  { cat "$work/log"; exit 1; }
mv "$work/first" "$work/prefix" # nothing in it may know where it was installed
prefix=$work/prefix
headers=$(cd "$prefix/include" && echo *)
if [ "$headers" != "edgepose.h" ]; then
  echo "edgepose.h must be the only installed header; got: $headers" >&2
  exit 1
fi

for example in c cpp; do
  cmake -S "$root/examples/$example" -B "$work/$example" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_BUILD_TYPE=Release >"$work/log" 2>&1 &&
    cmake --build "$work/$example" >>"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
done
"$work/c/decode_heatmaps" | tee "$work/find_package.txt"
bash "$root/examples/cpp/test.sh" "$work/cpp"

if command -v pkg-config >/dev/null; then
  pc=$(dirname "$(find "$prefix" -name edgepose.pc)")
  export PKG_CONFIG_PATH=$pc
  # shellcheck disable=SC2046  # the flags are words
  "${CC:-cc}" -std=c99 "$root/examples/c/decode_heatmaps.c" -o "$work/by_pkg_config" \
    $(pkg-config --cflags --libs edgepose) -lm
  LD_LIBRARY_PATH=$(pkg-config --variable=libdir edgepose) "$work/by_pkg_config" >"$work/pc.txt"
  diff "$work/find_package.txt" "$work/pc.txt"
  if [ -e "$pc/../libedgepose.a" ]; then # a C program needs no C++ library to link it
    "${CC:-cc}" -std=c99 "$root/examples/c/decode_heatmaps.c" -o "$work/static" \
      $(pkg-config --cflags edgepose) "$pc/../libedgepose.a" -lm
    "$work/static" | diff "$work/find_package.txt" -
  fi
else
  echo "pkg-config not found: only find_package was tried"
fi
