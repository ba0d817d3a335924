// SPDX-License-Identifier: Apache-2.0
// Single values of an enlarged map.
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/float4.h"
#include "core/group/paf_taps.h"
#include "core/view.h"

namespace edgepose {

// Four cells of a row from `x` on, those outside taken from the border.
EDGEPOSE_INLINE Float4 paf_border4(const float* row, int x, int width) {
  Float4 cells;
  for (int k = 0; k < 4; ++k) cells[k] = row[std::clamp(x + k, 0, width - 1)];
  return cells;
}

// The value of the enlarged cell (x, y); the taps are those of an enlargement without smoothing.
EDGEPOSE_INLINE float paf_sample(const MapView& map, const PafTaps& taps, int x, int y) {
  if (taps.plain()) return map.at(x, y);
  const PafPlace column = paf_split(x, taps.scale);
  const PafPlace line = paf_split(y, taps.scale);
  if (taps.count == 1) return map.at(column.cell, line.cell);
  const int left = column.cell + taps.first[column.phase];
  const int top = line.cell + taps.first[line.phase];
  const float* down = taps.weight + std::ptrdiff_t{4} * line.phase;
  const bool inside = left >= 0 && left + 4 <= map.width && top >= 0 && top + 4 <= map.height;
  Float4 sum = {};
  for (int k = 0; k < 4; ++k) {
    const float* row = map.row(inside ? top + k : std::clamp(top + k, 0, map.height - 1));
    const Float4 cells = inside ? load4(row + left) : paf_border4(row, left, map.width);
    sum += cells * down[k];
  }
  sum *= load4(taps.weight + std::ptrdiff_t{4} * column.phase);
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

}  // namespace edgepose
