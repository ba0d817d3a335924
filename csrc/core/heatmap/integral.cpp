// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/integral.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/heatmap/exp.h"
#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr int kTile = 64;  // sums of floats stay short, those of tiles are doubles

// Weights of one row of a tile, added to each column's sums; `y` counts from the tile's top.
EDGEPOSE_MULTIVERSION
void add_row(const float* cells, int count, float beta, float highest, float y, float* weight,
             float* weight_y) {
  for (int i = 0; i < count; ++i) {
    const float here = exp_of_negative(beta * (cells[i] - highest));
    weight[i] += here;
    weight_y[i] += here * y;
  }
}

// Sums side by side, so that they need not wait for one another.
struct LaneSums {
  double weight[8] = {};
  double x[8] = {};
  double y[8] = {};
};

// The sums of a tile's columns; those past the map's edge weigh nothing.
EDGEPOSE_MULTIVERSION
void add_tile(const float* weight, const float* weight_y, int left, int top, LaneSums& sums) {
  for (int from = 0; from < kTile; from += 8) {
    for (int lane = 0; lane < 8; ++lane) {
      const double here = weight[from + lane];
      sums.weight[lane] += here;
      sums.x[lane] += here * (left + from + lane);
      sums.y[lane] += here * top + static_cast<double>(weight_y[from + lane]);
    }
  }
}

Cell volume_maximum(const VolumeBatch& volumes, const HeatmapView& first, int* depth) {
  Cell best{0, 0, std::numeric_limits<float>::quiet_NaN()};
  *depth = 0;
  HeatmapView slice = first;
  for (int z = 0; z < volumes.depth; ++z) {
    const Cell cell = map_argmax(slice);
    if (!std::isnan(cell.score) && !(cell.score <= best.score)) {
      best = cell;
      *depth = z;
    }
    slice.data =
        static_cast<const char*>(slice.data) + volumes.depth_stride * element_size(slice.element);
  }
  return best;
}

// Replaces the cell by the mean place.
void soften(const VolumeBatch& volumes, const HeatmapView& first, float beta, float highest,
            float* xyz) {
  double weight = 0, x = 0, y = 0, z = 0;
  HeatmapView slice = first;
  for (int depth = 0; depth < volumes.depth; ++depth) {
    const SoftSums sums = soft_sums(slice, beta, highest);
    weight += sums.weight;
    x += sums.x;
    y += sums.y;
    z += sums.weight * depth;
    slice.data =
        static_cast<const char*>(slice.data) + volumes.depth_stride * element_size(slice.element);
  }
  xyz[0] = static_cast<float>(x / weight);
  xyz[1] = static_cast<float>(y / weight);
  xyz[2] = static_cast<float>(z / weight);
}

Status decode(const VolumeBatch& volumes, bool soft, float beta, float* xyz, float* score) {
  const HeatmapBatch& maps = volumes.maps;
  const Status status = check_maps(maps);
  if (status != Status::kOk || maps.empty()) return status;
  if (volumes.depth < 1 || volumes.depth > kMaxSide) return Status::kBadSize;
  if (xyz == nullptr || score == nullptr) return Status::kNullPointer;
  for (std::int64_t person = 0; person < maps.people; ++person) {
    for (std::int64_t joint = 0; joint < maps.joints; ++joint, xyz += 3, ++score) {
      const HeatmapView first = maps.map(person, joint);
      int depth = 0;
      const Cell cell = volume_maximum(volumes, first, &depth);
      xyz[0] = static_cast<float>(cell.x);
      xyz[1] = static_cast<float>(cell.y);
      xyz[2] = static_cast<float>(depth);
      *score = cell.score;
      if (soft && std::isfinite(cell.score)) soften(volumes, first, beta, cell.score, xyz);
    }
  }
  return Status::kOk;
}

}  // namespace

SoftSums soft_sums(const HeatmapView& map, float beta, float highest) {
  LaneSums lanes;
  float buffer[kTile];
  for (int top = 0; top < map.height; top += kTile) {
    const int rows = std::min(kTile, map.height - top);
    for (int left = 0; left < map.width; left += kTile) {
      const int columns = std::min(kTile, map.width - left);
      float weight[kTile] = {};
      float weight_y[kTile] = {};
      for (int y = 0; y < rows; ++y) {
        add_row(view_cells(map, top + y, left, columns, buffer), columns, beta, highest,
                static_cast<float>(y), weight, weight_y);
      }
      add_tile(weight, weight_y, left, top, lanes);
    }
  }
  SoftSums sums;
  for (int lane = 0; lane < 8; ++lane) {
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

Status volume_argmax(const VolumeBatch& volumes, float* xyz, float* score) {
  return decode(volumes, false, 1.0F, xyz, score);
}

Status volume_integral(const VolumeBatch& volumes, float beta, float* xyz, float* score) {
  if (!(beta > 0.0F) || !std::isfinite(beta)) return Status::kBadOption;
  return decode(volumes, true, beta, xyz, score);
}

}  // namespace edgepose
