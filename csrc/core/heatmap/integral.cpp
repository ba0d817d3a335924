// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/integral.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/heatmap/exp.h"
#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr int kTile = 64;  // sums of floats stay short, those of tiles are doubles

constexpr int kLanes = 16;

// Sums side by side, so that they need not wait for one another.
struct LaneSums {
  double weight[kLanes] = {};
  double x[kLanes] = {};
  double y[kLanes] = {};
};

// The first kLanes of `columns` cells; lanes past them are left as they are.
EDGEPOSE_INLINE void read_lanes(const float* cells, int columns, Float16Lanes& lanes) {
  if (columns >= kLanes) {
    std::memcpy(&lanes, cells, sizeof lanes);
  } else {
    std::memcpy(&lanes, cells, static_cast<std::size_t>(columns) * sizeof(float));
  }
}

// Adds rows x columns cells of which the first is cell (left, top) of the map.
EDGEPOSE_MULTIVERSION
void add_tile(const float* cells, std::ptrdiff_t row_stride, int rows, int columns, int left,
              int top, float beta, float highest, LaneSums& sums) {
  for (int from = 0; from < columns; from += kLanes) {
    // The last lanes of an uneven number of columns reach back, or past the map if it is narrow.
    const int first = std::max(std::min(from, columns - kLanes), 0);
    Float16Lanes sum{};
    Float16Lanes sum_y{};
    for (int y = 0; y < rows; ++y) {
      Float16Lanes here = Float16Lanes{} - std::numeric_limits<float>::infinity();
      read_lanes(cells + y * row_stride + first, columns, here);
      here = beta * (here - highest);
      exp_of_negative(here);
      sum += here;
      sum_y += here * static_cast<float>(y);
    }
    float weight[kLanes];
    float weight_y[kLanes];
    std::memcpy(weight, &sum, sizeof sum);
    std::memcpy(weight_y, &sum_y, sizeof sum_y);
    std::fill(weight, weight + (from - first), 0.0F);  // already counted
    std::fill(weight_y, weight_y + (from - first), 0.0F);
    for (int lane = 0; lane < kLanes; ++lane) {
      const double here = weight[lane];
      sums.weight[lane] += here;
      sums.x[lane] += here * (left + first + lane);
      sums.y[lane] += here * top + static_cast<double>(weight_y[lane]);
    }
  }
}

}  // namespace

SoftSums soft_sums(const HeatmapView& map, float beta, float highest) {
  const bool in_place = map.element == Element::kFloat32 && map.cell_stride == 1;
  LaneSums lanes;
  float copy[kTile * kTile];
  for (int top = 0; top < map.height; top += kTile) {
    const int rows = std::min(kTile, map.height - top);
    for (int left = 0; left < map.width; left += kTile) {
      const int columns = std::min(kTile, map.width - left);
      const float* cells = copy;
      if (in_place) {
        cells = view_cells(map, top, left, columns, copy);
      } else {
        for (int y = 0; y < rows; ++y) {
          read_cells(map, top + y, left, columns, copy + static_cast<std::ptrdiff_t>(y) * kTile);
        }
      }
      add_tile(cells, in_place ? map.row_stride : kTile, rows, columns, left, top, beta, highest,
               lanes);
    }
  }
  SoftSums sums;
  for (int lane = 0; lane < kLanes; ++lane) {
    sums.weight += lanes.weight[lane];
    sums.x += lanes.x[lane];
    sums.y += lanes.y[lane];
  }
  return sums;
}

Shift integral_shift(const HeatmapView& map, const Cell& cell, float beta, bool debias) {
  if (!std::isfinite(cell.score)) return {};
  const SoftSums sums = soft_sums(map, beta, cell.score);
  const Shift plain{static_cast<float>(sums.x / sums.weight - cell.x),
                    static_cast<float>(sums.y / sums.weight - cell.y)};
  if (!debias) return plain;
  // Written with 1 / C, which is 0 and not NaN where C is infinite.
  const double inverse = std::exp(-static_cast<double>(beta) * cell.score) / sums.weight;
  const double factor = 1.0 / (1.0 - inverse);
  const Shift shift{
      static_cast<float>(factor * (sums.x / sums.weight - 0.5 * map.width * inverse) - cell.x),
      static_cast<float>(factor * (sums.y / sums.weight - 0.5 * map.height * inverse) - cell.y)};
  return std::isfinite(shift.x) && std::isfinite(shift.y) ? shift : plain;
}

}  // namespace edgepose
