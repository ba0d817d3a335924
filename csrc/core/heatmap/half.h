// SPDX-License-Identifier: Apache-2.0
// IEEE 754 half precision as stored, and its value. Integer operations only, which compilers
// vectorise on every machine.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/multiversion.h"

namespace edgepose {

struct Half {
  std::uint16_t bits;
};

// Exact for every half: zeros of both signs, subnormals, infinities and NaN included.
EDGEPOSE_INLINE float value_of(Half half) {
  const std::uint32_t magnitude = half.bits & 0x7fffU;
  const std::uint32_t shifted = magnitude << 13;  // the exponent is 112 too small
  float scaled;
  std::memcpy(&scaled, &shifted, sizeof scaled);
  scaled *= 0x1p112F;
  std::uint32_t bits;
  std::memcpy(&bits, &scaled, sizeof bits);
  bits |= magnitude >= 0x7c00U ? 0x7f800000U : 0U;
  bits |= (half.bits & 0x8000U) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

EDGEPOSE_INLINE float value_of(float value) { return value; }
EDGEPOSE_INLINE float value_of(std::int8_t value) { return static_cast<float>(value); }
EDGEPOSE_INLINE float value_of(std::uint8_t value) { return static_cast<float>(value); }

}  // namespace edgepose
