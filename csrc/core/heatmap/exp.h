// SPDX-License-Identifier: Apache-2.0
// Exponential of numbers that are not positive, for vectors of floats.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/multiversion.h"

namespace edgepose {

// Sixteen floats, in as many registers as the machine needs for them.
using Float16Lanes = float __attribute__((vector_size(64)));
using Int16Lanes = std::int32_t __attribute__((vector_size(64)));

// values = exp(values) with a relative error below 4e-7; 0 where a value is NaN or below -87.
// t = n log 2 + f with n whole and |f| <= log(2) / 2, then the Taylor series of exp(f) to the sixth
// power, whose rest is below 2e-7, times 2^n through the exponent's bits.
// Needs: values of at most 0. By reference, for by value it would travel differently in each
//        version of the code.
EDGEPOSE_INLINE void exp_of_negative(Float16Lanes& values) {
  constexpr float kRounder = 12582912.0F;  // 1.5 * 2^23: adding it leaves whole numbers only
  const Int16Lanes counts = values >= -87.0F;
  Int16Lanes bits;
  std::memcpy(&bits, &values, sizeof bits);
  bits &= counts;
  Float16Lanes t;
  std::memcpy(&t, &bits, sizeof t);
  const Float16Lanes rounded = t * 1.44269504F + kRounder;
  const Float16Lanes n = rounded - kRounder;
  const Float16Lanes f = (t - n * 0.693145752F) - n * 1.42860677e-6F;  // log 2 in two parts
  Float16Lanes series = f * (1.0F / 720.0F) + 1.0F / 120.0F;
  series = series * f + 1.0F / 24.0F;
  series = series * f + 1.0F / 6.0F;
  series = series * f + 0.5F;
  series = series * f + 1.0F;
  series = series * f + 1.0F;
  Int16Lanes whole;
  std::memcpy(&whole, &rounded, sizeof whole);
  std::memcpy(&bits, &series, sizeof bits);
  bits += (whole - 0x4b400000) * (1 << 23);
  bits &= counts;
  std::memcpy(&values, &bits, sizeof bits);
}

}  // namespace edgepose
