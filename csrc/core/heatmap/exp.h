// SPDX-License-Identifier: Apache-2.0
// Exponential of numbers that are not positive, written so that compilers vectorise loops over it.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/multiversion.h"

namespace edgepose {

// exp(t) for t <= 0 with a relative error below 4e-7; 0 where t < -87 or t is NaN.
// t = n log 2 + f with n whole and |f| <= log(2) / 2, then the Taylor series of exp(f) to the sixth
// power, whose rest is below 2e-7, times 2^n through the exponent's bits.
EDGEPOSE_INLINE float exp_of_negative(float t) {
  constexpr float kRounder = 12582912.0F;  // 1.5 * 2^23: adding it leaves whole numbers only
  const bool counts = t >= -87.0F;
  const float within = counts ? t : 0.0F;
  const float rounded = within * 1.44269504F + kRounder;
  const float n = rounded - kRounder;
  const float f = (within - n * 0.693145752F) - n * 1.42860677e-6F;  // log 2 in two parts
  float series = 1.0F / 720.0F;
  series = series * f + 1.0F / 120.0F;
  series = series * f + 1.0F / 24.0F;
  series = series * f + 1.0F / 6.0F;
  series = series * f + 0.5F;
  series = series * f + 1.0F;
  series = series * f + 1.0F;
  std::int32_t rounder_bits;
  std::memcpy(&rounder_bits, &rounded, sizeof rounder_bits);
  std::int32_t bits;
  std::memcpy(&bits, &series, sizeof bits);
  bits += (rounder_bits - 0x4b400000) * (1 << 23);
  std::memcpy(&series, &bits, sizeof series);
  return counts ? series : 0.0F;
}

}  // namespace edgepose
