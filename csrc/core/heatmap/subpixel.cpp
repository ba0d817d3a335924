// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/subpixel.h"

#include <cmath>

namespace edgepose {
namespace {

float quarter_towards(float low, float high) {
  const float difference = high - low;
  return difference > 0.0F ? 0.25F : difference < 0.0F ? -0.25F : 0.0F;
}

float parabola_vertex(float low, float middle, float high) {
  const float curve = (middle - low) + (middle - high);  // >= 0: the middle is the maximum
  const float shift = 0.5F * (high - low) / curve;
  if (!(curve > 0.0F) || !std::isfinite(shift)) return 0.0F;
  return shift > 0.5F ? 0.5F : shift < -0.5F ? -0.5F : shift;
}

}  // namespace

Shift quarter_shift(const HeatmapView& map, const Cell& cell) {
  const bool inside = cell.x > 1 && cell.x < map.width - 1 && cell.y > 1 && cell.y < map.height - 1;
  if (!inside) return {};
  return {
      quarter_towards(cell_value(map, cell.x - 1, cell.y), cell_value(map, cell.x + 1, cell.y)),
      quarter_towards(cell_value(map, cell.x, cell.y - 1), cell_value(map, cell.x, cell.y + 1))};
}

Shift quadratic_shift(const HeatmapView& map, const Cell& cell) {
  Shift shift;
  const float middle = cell_value(map, cell.x, cell.y);
  if (cell.x > 0 && cell.x < map.width - 1) {
    shift.x = parabola_vertex(cell_value(map, cell.x - 1, cell.y), middle,
                              cell_value(map, cell.x + 1, cell.y));
  }
  if (cell.y > 0 && cell.y < map.height - 1) {
    shift.y = parabola_vertex(cell_value(map, cell.x, cell.y - 1), middle,
                              cell_value(map, cell.x, cell.y + 1));
  }
  return shift;
}

}  // namespace edgepose
