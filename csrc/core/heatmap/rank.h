// SPDX-License-Identifier: Apache-2.0
// Cells of any element type as integers of the same order, so that maxima are found on what is
// stored and compilers vectorise the search as it stands.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>

#include "core/heatmap/half.h"
#include "core/multiversion.h"

namespace edgepose {

// Rank of NaN, below that of every number.
constexpr std::int32_t kUnranked = std::numeric_limits<std::int32_t>::min();

// Quick keys: numbers other than zeros rank rightly, but positive NaN lie above +infinity,
// negative NaN below -infinity and -0 just below +0.
EDGEPOSE_INLINE std::int32_t quick_key(float value) {
  std::int32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits ^ ((bits >> 31) & 0x7fffffff);
}
EDGEPOSE_INLINE std::int16_t quick_key(Half value) {
  std::int16_t bits;
  std::memcpy(&bits, &value.bits, sizeof bits);
  return static_cast<std::int16_t>(bits ^ ((bits >> 15) & 0x7fff));
}
EDGEPOSE_INLINE std::int8_t quick_key(std::int8_t value) { return value; }
EDGEPOSE_INLINE std::uint8_t quick_key(std::uint8_t value) { return value; }

// Whether a highest quick key can be trusted: no zero, no infinity, and so no NaN.
EDGEPOSE_INLINE bool plain_key(std::int32_t key) {
  return key < 0x7f800000 && key > -0x7f800001 && key != 0 && key != -1;
}
EDGEPOSE_INLINE bool plain_key(std::int16_t key) {
  return key < 0x7c00 && key > -0x7c01 && key != 0 && key != -1;
}
EDGEPOSE_INLINE bool plain_key(std::int8_t) { return true; }
EDGEPOSE_INLINE bool plain_key(std::uint8_t) { return true; }

// Ranks: equal numbers rank the same, NaN is kUnranked.
EDGEPOSE_INLINE std::int32_t rank_of(float value) {
  return value == value ? quick_key(value + 0.0F) : kUnranked;  // -0 + 0 = +0
}
EDGEPOSE_INLINE std::int32_t rank_of(Half value) {
  const std::int32_t magnitude = value.bits & 0x7fff;
  const std::int32_t rank = (value.bits & 0x8000) != 0 ? -magnitude : magnitude;
  return magnitude <= 0x7c00 ? rank : kUnranked;
}
EDGEPOSE_INLINE std::int32_t rank_of(std::int8_t value) { return value; }
EDGEPOSE_INLINE std::int32_t rank_of(std::uint8_t value) { return value; }

}  // namespace edgepose
