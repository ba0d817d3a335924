// SPDX-License-Identifier: Apache-2.0
// Heatmap cells to pixels of the network's input.
#pragma once

#include <cstdint>

#include "core/geometry/warp.h"
#include "core/status.h"

namespace edgepose {

struct CellGrid {
  Warp warp = Warp::kHalfPixel;
  double stride = 4.0;  // input px per cell; not used by Warp::kUdp
  int input_width = 0;  // px
  int input_height = 0;
  int map_width = 0;  // cells
  int map_height = 0;
  // How a grouping counts, if not by cells: by cells enlarged `upscale` times, half-pixel centres
  // kept, with `offset` added to x and y. Published: peak_offset of PafOptions; 0.5 of TagOptions
  // with `adjust`, which counts from the map's corner.
  double upscale = 1.0;
  double offset = 0.0;
};

// Warp::kHalfPixel: stride * (x + 0.5) - 0.5; kLegacy: stride * x; kUdp: x * (input - 1) / (map -
// 1) or, where the map has one cell, the middle of the input.
//
// Before that x = (x - offset + 0.5) / upscale - 0.5, unless these are 1 and 0.
//
// Shapes: xy_cell [N, 2], xy_input [N, 2].
// Gives:  kBadSize for a side outside 1..kMaxSide, kBadStride for a stride that is not positive and
//         finite, kBadOption for such an upscale or an offset that is not finite. NaN stays NaN.
// Cost:   O(N); no allocation.
Status cells_to_input(const float* xy_cell, std::int64_t count, const CellGrid& grid,
                      double* xy_input);
Status cells_to_input(const double* xy_cell, std::int64_t count, const CellGrid& grid,
                      double* xy_input);

}  // namespace edgepose
