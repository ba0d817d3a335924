#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# test.sh BUILD_DIR: find_people on a recording, and its errors.
set -euo pipefail
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$build/make_recording" "$work"
"$build/find_people" "$work/picture.ppm" "$work/detector" "$work/pose" >"$work/people.json"
diff "$(dirname "$0")/expected.json" "$work/people.json"

fails() {
  local wanted=$1
  shift
  if "$build/find_people" "$@" >/dev/null 2>"$work/error"; then
    echo "must fail: $*" >&2
    exit 1
  fi
  grep -q "$wanted" "$work/error" || { cat "$work/error"; exit 1; }
}
fails usage
fails "cannot read" "$work/none.ppm" "$work/detector" "$work/pose"
fails "binary PPM" "$work/detector/spec.json" "$work/detector" "$work/pose"
printf 'P6 64 64 255 x' >"$work/short.ppm"
fails "ends too early" "$work/short.ppm" "$work/detector" "$work/pose"
fails "task of a detector" "$work/picture.ppm" "$work/pose" "$work/pose"
fails "must have task top_down" "$work/picture.ppm" "$work/detector" "$work/detector"
rm -r "$work/pose/1"
fails "the recording ends after 1 calls" "$work/picture.ppm" "$work/detector" "$work/pose"
printf '{"task": ' >"$work/pose/spec.json"
fails "a contract must be JSON" "$work/picture.ppm" "$work/detector" "$work/pose"
printf '{"edgepose_spec": 2}' >"$work/pose/spec.json"
fails "edgepose_spec must be 1; got 2" "$work/picture.ppm" "$work/detector" "$work/pose"
echo "find_people: ok"
