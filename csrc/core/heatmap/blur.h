// SPDX-License-Identifier: Apache-2.0
// Gaussian blur of a heatmap with zeros outside, evaluated only where it is needed.
#pragma once

#include "core/heatmap/heatmap_view.h"

namespace edgepose {

constexpr int kMaxBlurKernel = 63;
constexpr int kStrip = 64;  // most columns that are blurred together
constexpr int kWindow = 5;  // the window of blurred values is kWindow x kWindow cells

// One-dimensional Gaussian of odd size with the width that the size implies,
// sigma = 0.3 ((size - 1) / 2 - 1) + 0.8; sizes up to 9 are the fixed binomial-like kernels that
// OpenCV uses. The weights add up to 1.
struct BlurKernel {
  int size = 1;
  float weight[kMaxBlurKernel] = {1.0F};

  int reach() const { return size / 2; }
  double sigma() const { return 0.3 * (reach() - 1.0) + 0.8; }  // cells
};

// Needs an odd size from 1 to kMaxBlurKernel.
BlurKernel blur_kernel_of(int size);

// Blurred values of the cells (x - 2 .. x + 2, y - 2 .. y + 2); values[2][2] is cell (x, y).
// Cells outside the map count as zero on the way in and get a value like any other on the way out.
// Cost: O((size + 4) * size), whatever the size of the map.
void blur_window(const HeatmapView& map, const BlurKernel& kernel, int x, int y,
                 float values[kWindow][kWindow]);

// Cells [left, right) x [top, bottom).
struct CellBox {
  int left, top, right, bottom;

  // By that many cells on each side, but not past `limit`.
  CellBox grown(int cells, const CellBox& limit) const;
};

// The smallest box around the cells above `limit`; right <= left where there is none.
CellBox cells_above(const HeatmapView& map, float limit);

// Rows of the blurred map one after the other, over columns [left, left + columns).
// Needs: at most kStrip columns. The strip may lie outside the map.
// Cost:  O(columns * size) a row.
class BlurredStrip {
 public:
  BlurredStrip(const HeatmapView& map, const BlurKernel& kernel, int left, int columns, int top);

  // Row top on the first call, top + 1 on the next; valid until the one after.
  const float* next_row();

 private:
  void add_row();

  const HeatmapView& map_;
  const BlurKernel& kernel_;
  int left_;
  int padded_;
  int next_;  // row that enters the ring next
  int slot_ = 0;
  float ring_[kMaxBlurKernel][kStrip];  // rows blurred along x
  float sum_[kStrip];
};

// Largest value of the blurred map, given a blurred value of some cell. Weights are positive and
// add up to 1, so where `known` is positive a cell can pass it only with a raw cell above `known`
// under the kernel: the blur is evaluated over the box around those cells alone, which is exact.
// Otherwise it is evaluated over the whole map.
// Cost: one pass over the map, and O(size) per cell of that box.
float blurred_maximum(const HeatmapView& map, const BlurKernel& kernel, float known);

}  // namespace edgepose
