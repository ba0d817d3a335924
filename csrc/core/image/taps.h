// SPDX-License-Identifier: Apache-2.0
// Which pixels along one axis an output pixel is made of. Internal to image/.
#pragma once

#include "core/multiversion.h"

namespace edgepose::crop {

// A coordinate as the lower of its two taps and the weight of the upper one.
struct Tap {
  int index;
  float weight;
};

// Taps far outside are pulled to just outside, where both are padding. Needs a finite coordinate.
EDGEPOSE_INLINE Tap tap_of(double coordinate, int side) {
  const double low = coordinate > -2.0 ? coordinate : -2.0;
  const double inside = low < side + 1.0 ? low : side + 1.0;
  const int index = static_cast<int>(inside + 2.0) - 2;  // floor without a call to floor
  return {index, static_cast<float>(inside - index)};
}

// One coordinate of a run of output pixels, step * (first + i) + start.
EDGEPOSE_INLINE void fill_taps(double step, double start, int first, int count, int side,
                               int* index, float* weight) {
  for (int i = 0; i < count; ++i) {
    const Tap tap = tap_of(step * (first + i) + start, side);
    index[i] = tap.index;
    weight[i] = tap.weight;
  }
}

// The pixels under a box: `count` of them from `first`, the outermost two in part, those between
// whole. What lies outside the picture is `pad_share` of the box.
struct BoxTap {
  int first;
  int count;           // 0 where the box lies outside
  float first_weight;  // pixels
  float last_weight;   // pixels, not looked at if count is 1
  float pad_share;     // 0..1
};

// Needs a finite centre and a width above 1. Slivers below kSliver of a pixel are left out: they
// are the rounding of edges that ought to meet.
constexpr double kSliver = 1e-6;
EDGEPOSE_INLINE BoxTap box_of(double center, double width, int side) {
  const double edge = center + 0.5 - 0.5 * width;  // pixel i spans i .. i + 1
  const double end = edge + width;
  const double low = edge > 0.0 ? (edge < side ? edge : side) : 0.0;
  const double high = end > 0.0 ? (end < side ? end : side) : 0.0;
  const double inside = high - low;
  if (!(inside > 2.0 * kSliver)) return {0, 0, 0.0F, 0.0F, 1.0F};
  const int first = static_cast<int>(low + kSliver);
  const int last = static_cast<int>(high - kSliver);
  const double missing = low - first > 0.0 ? low - first : 0.0;
  const double rest = high - last < 1.0 ? high - last : 1.0;
  const double outside = 1.0 - inside / width;
  return {first, last - first + 1, static_cast<float>(last > first ? 1.0 - missing : inside),
          static_cast<float>(rest), static_cast<float>(outside > kSliver ? outside : 0.0)};
}

// One axis of an axis-aligned crop: output i lies at step * i + start.
//
// With a `box` of 0 it is blended from two taps; otherwise it is the mean over `box` pixels.
struct Axis {
  double step;
  double start;
  double box;
};

}  // namespace edgepose::crop
