// SPDX-License-Identifier: Apache-2.0
// An enlarged map as weighted sums of cells: the weights depend on the place within a cell alone.
#pragma once

#include <cstdint>

#include "core/group/paf_options.h"
#include "core/multiversion.h"

namespace edgepose {

// Of one axis. The enlarged cell scale * j + r is the sum over k of
// weight[r * count + k] * cell[j + first[r] + k].
struct PafTaps {
  int scale = 1;
  int count = 1;             // weights of each phase r
  int low = 0;               // smallest offset of any tap
  int high = 0;              // largest offset of any tap
  bool zero_border = false;  // cells outside count as zero, else as the nearest one inside
  float overshoot = 0.0F;    // part of the range of its cells by which a sum may exceed them
  int first[kMaxPafUpscale] = {};
  float weight[kMaxPafSmoothing + 2 * kMaxPafUpscale] = {1.0F};

  // A map read as it is.
  bool plain() const { return scale == 1 && count == 1; }
};

PafTaps paf_cubic_taps(int scale);
PafTaps paf_repeat_taps(int scale);

// Cells repeated, then smoothed over a zero border by the kernel of tf-pose-estimation: `size`
// taps, the roots of the normal distribution's weight in bins that span three deviations each way.
PafTaps paf_smooth_taps(int scale, int size);

// Most cells that one phase or all phases together draw on, along one axis.
constexpr int kMaxPafReach = kMaxPafSmoothing + 3;

// An enlarged coordinate as cell and phase; exact below 2^28.
struct PafPlace {
  int cell;
  int phase;
};
EDGEPOSE_INLINE PafPlace paf_split(int enlarged, int scale) {
  const std::uint64_t inverse = std::uint64_t{0xFFFFFFFFU} / static_cast<std::uint32_t>(scale) + 1;
  const int cell = static_cast<int>((static_cast<std::uint64_t>(enlarged) * inverse) >> 32);
  return {cell, enlarged - cell * scale};
}

}  // namespace edgepose
