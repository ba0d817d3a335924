// SPDX-License-Identifier: Apache-2.0
#include "core/metric/joint_similarity.h"

#include <cstring>
#include <limits>

#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr double kTiny = std::numeric_limits<double>::epsilon();
constexpr double kLeastExponent = -708.0;  // exp of it is still a normal number
constexpr double kLog2E = 1.4426950408889634;
// ln 2 in two parts; products of the first with whole numbers up to 1,024 are exact.
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
// Added to a small number it leaves the nearest whole number in the lowest bits.
constexpr double kRound = 6755399441055744.0;
constexpr double kInverseFactorial[] = {1.0,
                                        1.0,
                                        1.0 / 2,
                                        1.0 / 6,
                                        1.0 / 24,
                                        1.0 / 120,
                                        1.0 / 720,
                                        1.0 / 5040,
                                        1.0 / 40320,
                                        1.0 / 362880,
                                        1.0 / 3628800,
                                        1.0 / 39916800,
                                        1.0 / 479001600,
                                        1.0 / 6227020800};

// exp(x) for x from kLeastExponent to 0: 2^n exp(r) with r within ln 2 / 2 of 0, where 13 terms of
// the series leave less than rounding.
EDGEPOSE_INLINE double exp_of_negative(double x) {
  const double shifted = x * kLog2E + kRound;
  const double n = shifted - kRound;
  const double r = (x - n * kLn2High) - n * kLn2Low;
  double sum = kInverseFactorial[13];
  for (int i = 12; i >= 0; --i) sum = sum * r + kInverseFactorial[i];
  std::uint64_t bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  bits = (bits + 1023U) << 52U;
  double power;
  std::memcpy(&power, &bits, sizeof power);
  return sum * power;
}

// The value where all bits of the mask are set, 0 where none is.
EDGEPOSE_INLINE double masked(double value, std::uint64_t mask) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  bits &= mask;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace

EDGEPOSE_MULTIVERSION
void joint_similarities(const double* a_xy, const double* b_xy, double area, const double* sigmas,
                        std::int64_t joints, double* out) {
  const double spread = 2.0 * (area + kTiny);
  for (std::int64_t k = 0; k < joints; ++k) {
    const double dx = a_xy[2 * k] - b_xy[2 * k];
    const double dy = a_xy[2 * k + 1] - b_xy[2 * k + 1];
    const double variance = 4.0 * sigmas[k] * sigmas[k];
    const double exponent = -(dx * dx + dy * dy) / (variance * spread);
    // Masks and not choices, of which GCC for arm64 makes branches, and then no vectors.
    const auto usable = static_cast<std::uint64_t>(exponent >= kLeastExponent) &
                        static_cast<std::uint64_t>(exponent <= 0.0);
    out[k] = masked(exp_of_negative(masked(exponent, 0U - usable)), 0U - usable);
  }
}

}  // namespace edgepose
