// SPDX-License-Identifier: Apache-2.0
// Registers of sixteen floats, one on AVX-512, up to four elsewhere, and the folds that bring one
// down to its highest or lowest lane. GCC and Clang vector extensions only, no intrinsics.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>

#include "core/multiversion.h"

namespace edgepose {

constexpr int kLanes = 16;
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));
using IntLanes = std::int32_t __attribute__((vector_size(kLanes * sizeof(float))));

EDGEPOSE_INLINE void load_lanes(const float* from, Lanes* to) { std::memcpy(to, from, sizeof *to); }

// The first `count` lanes; the others are NaN, which no comparison takes.
EDGEPOSE_INLINE void load_lanes(const float* from, int count, Lanes* to) {
  if (count == kLanes) return load_lanes(from, to);
  float padded[kLanes];
  for (float& lane : padded) lane = std::numeric_limits<float>::quiet_NaN();
  for (int i = 0; i < count; ++i) padded[i] = from[i];
  load_lanes(padded, to);
}

// The upper half of kCount lanes onto the lower one until one is left.
template <int kCount>
EDGEPOSE_INLINE float fold_higher(float* lanes) {
  if constexpr (kCount > 1) {
    constexpr int kHalf = kCount / 2;
    for (int i = 0; i < kHalf; ++i) {
      lanes[i] = lanes[i + kHalf] > lanes[i] ? lanes[i + kHalf] : lanes[i];
    }
    return fold_higher<kHalf>(lanes);
  }
  return lanes[0];
}
template <typename T, int kCount>
EDGEPOSE_INLINE T fold_lower(T* lanes) {
  if constexpr (kCount > 1) {
    constexpr int kHalf = kCount / 2;
    for (int i = 0; i < kHalf; ++i) {
      lanes[i] = lanes[i + kHalf] < lanes[i] ? lanes[i + kHalf] : lanes[i];
    }
    return fold_lower<T, kHalf>(lanes);
  }
  return lanes[0];
}

// No lane may be NaN.
EDGEPOSE_INLINE float highest_of(const Lanes& lanes) {
  float values[kLanes];
  std::memcpy(values, &lanes, sizeof values);
  return fold_higher<kLanes>(values);
}
EDGEPOSE_INLINE float lowest_of(const Lanes& lanes) {
  float values[kLanes];
  std::memcpy(values, &lanes, sizeof values);
  return fold_lower<float, kLanes>(values);
}
EDGEPOSE_INLINE std::int32_t lowest_of(const IntLanes& lanes) {
  std::int32_t values[kLanes];
  std::memcpy(values, &lanes, sizeof values);
  return fold_lower<std::int32_t, kLanes>(values);
}

}  // namespace edgepose
