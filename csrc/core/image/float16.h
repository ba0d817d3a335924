// SPDX-License-Identifier: Apache-2.0
// IEEE 754 half precision without hardware or compiler support, in steps that vectorise.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/multiversion.h"

namespace edgepose {

// The nearest half's bits, ties to the even one; 65520 and above become infinity, NaN a quiet NaN.
EDGEPOSE_INLINE std::uint16_t float16_bits(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  const std::uint32_t sign = (bits >> 16) & 0x8000U;
  const std::uint32_t size = bits & 0x7fffffffU;

  // Normal halves: the exponent's bias goes from 127 to 15, 13 bits of the fraction are rounded.
  const std::uint32_t odd = (size >> 13) & 1U;
  const std::uint32_t normal = (size - (112U << 23) + 0xfffU + odd) >> 13;

  // Subnormal halves: adding 0.5 leaves their multiple of 2^-24, rounded, in the lowest bits.
  float magnitude;
  std::memcpy(&magnitude, &size, sizeof magnitude);
  const float shifted = magnitude + 0.5F;
  std::uint32_t shifted_bits;
  std::memcpy(&shifted_bits, &shifted, sizeof shifted_bits);
  const std::uint32_t subnormal = shifted_bits - 0x3f000000U;

  const std::uint32_t finite = size < 0x38800000U ? subnormal : normal;
  const std::uint32_t huge = size > 0x7f800000U ? 0x7e00U : 0x7c00U;
  return static_cast<std::uint16_t>(sign | (size >= 0x477ff000U ? huge : finite));
}

}  // namespace edgepose
