// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_taps.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace edgepose {
namespace {

constexpr double kSharpness = -0.75;  // of the cubic
constexpr double kDeviations = 3.0;   // of the smoothing kernel, each way

int floor_divide(int value, int divisor) {
  return value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor);
}

double cubic(double distance) {
  const double x = std::fabs(distance);
  if (x < 1.0) return ((kSharpness + 2.0) * x - (kSharpness + 3.0)) * x * x + 1.0;
  if (x < 2.0) {
    return ((kSharpness * x - 5.0 * kSharpness) * x + 8.0 * kSharpness) * x - 4.0 * kSharpness;
  }
  return 0.0;
}

void find_reach(PafTaps& taps) {
  taps.low = *std::min_element(taps.first, taps.first + taps.scale);
  taps.high = *std::max_element(taps.first, taps.first + taps.scale) + taps.count - 1;
}

}  // namespace

PafTaps paf_cubic_taps(int scale) {
  PafTaps taps;
  if (scale == 1) return taps;
  taps.scale = scale;
  taps.count = 4;
  double negative = 0.0;
  for (int r = 0; r < scale; ++r) {
    const double place = (r + 0.5) / scale - 0.5;
    const double base = std::floor(place);
    taps.first[r] = static_cast<int>(base) - 1;
    double below = 0.0;
    for (int k = 0; k < 4; ++k) {
      const double weight = cubic(place - (taps.first[r] + k));
      taps.weight[4 * r + k] = static_cast<float>(weight);
      below -= std::min(weight, 0.0);
    }
    negative = std::max(negative, below);
  }
  // Along one axis a sum leaves the range R of its cells by `negative` R at most, and along the
  // second by as much of a range which the first has widened to (1 + 2 negative) R.
  taps.overshoot = static_cast<float>(negative + negative * (1.0 + 2.0 * negative)) * 1.0001F;
  find_reach(taps);
  return taps;
}

PafTaps paf_repeat_taps(int scale) {
  PafTaps taps;
  taps.scale = scale;
  std::fill(taps.weight, taps.weight + scale, 1.0F);
  return taps;
}

PafTaps paf_smooth_taps(int scale, int size) {
  double kernel[kMaxPafSmoothing];
  double sum = 0.0;
  const double bin = (2.0 * kDeviations + 1.0) / size;
  const double half = kDeviations + bin / 2.0;
  const auto below = [&](int edge) {
    const double place = -half + 2.0 * half * edge / size;
    return 0.5 * std::erf(place / std::sqrt(2.0));
  };
  for (int k = 0; k < size; ++k) sum += kernel[k] = std::sqrt(below(k + 1) - below(k));
  PafTaps taps;
  taps.scale = scale;
  taps.count = (size - 1) / scale + 2;
  taps.zero_border = true;
  double weight[kMaxPafSmoothing + 2 * kMaxPafUpscale] = {};
  for (int r = 0; r < scale; ++r) {
    taps.first[r] = floor_divide(r - size / 2, scale);
    for (int k = 0; k < size; ++k) {
      const int cell = floor_divide(r + k - size / 2, scale);
      weight[r * taps.count + cell - taps.first[r]] += kernel[k] / sum;
    }
  }
  std::transform(weight, weight + std::ptrdiff_t{scale} * taps.count, taps.weight,
                 [](double value) { return static_cast<float>(value); });
  find_reach(taps);
  return taps;
}

}  // namespace edgepose
