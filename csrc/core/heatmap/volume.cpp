// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/volume.h"

#include <cmath>
#include <limits>

#include "core/heatmap/argmax.h"
#include "core/heatmap/integral.h"

namespace edgepose {
namespace {

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

Status volume_argmax(const VolumeBatch& volumes, float* xyz, float* score) {
  return decode(volumes, false, 1.0F, xyz, score);
}

Status volume_integral(const VolumeBatch& volumes, float beta, float* xyz, float* score) {
  if (!(beta > 0.0F) || !std::isfinite(beta)) return Status::kBadOption;
  return decode(volumes, true, beta, xyz, score);
}

}  // namespace edgepose
