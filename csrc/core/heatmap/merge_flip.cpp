// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/merge_flip.h"

#include <algorithm>

#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr int kChunk = 256;

EDGEPOSE_MULTIVERSION
void average(const float* a, const float* b, int count, float* merged) {
  for (int i = 0; i < count; ++i) merged[i] = 0.5F * (a[i] + b[i]);
}

EDGEPOSE_MULTIVERSION
void average_mirrored(const float* a, const float* b, int count, float* merged) {
  for (int i = 0; i < count; ++i) merged[i] = 0.5F * (a[i] + b[count - 1 - i]);
}

// One row of both maps.
struct RowPair {
  const HeatmapView& map;
  const HeatmapView& flipped;
  int y;
  bool mirror;
  float* merged;

  // Columns [from, to), which take column x - shift of the flipped-back map.
  void merge(int from, int to, int shift) const {
    float here[kChunk];
    float there[kChunk];
    for (int x = from; x < to; x += kChunk) {
      const int count = std::min(kChunk, to - x);
      const int source = x - shift;
      const int start = mirror ? map.width - source - count : source;
      const float* const a = view_cells(map, y, x, count, here);
      const float* const b = view_cells(flipped, y, start, count, there);
      if (mirror) {
        average_mirrored(a, b, count, merged + x);
      } else {
        average(a, b, count, merged + x);
      }
    }
  }
};

Status check(const HeatmapBatch& maps, const HeatmapBatch& flipped, const std::int64_t* joint_of,
             const float* merged) {
  Status status = check_maps(maps);
  if (status == Status::kOk) status = check_maps(flipped);
  if (status != Status::kOk) return status;
  if (maps.people != flipped.people || maps.joints != flipped.joints) return Status::kBadSize;
  if (maps.empty()) return Status::kOk;
  if (maps.width != flipped.width || maps.height != flipped.height) return Status::kBadSize;
  if (joint_of == nullptr || merged == nullptr) return Status::kNullPointer;
  for (std::int64_t joint = 0; joint < maps.joints; ++joint) {
    if (joint_of[joint] < 0 || joint_of[joint] >= maps.joints) return Status::kBadIndex;
  }
  return Status::kOk;
}

}  // namespace

Status heatmap_merge_flip(const HeatmapBatch& maps, const HeatmapBatch& flipped,
                          const std::int64_t* joint_of, const FlipOptions& options, float* merged) {
  const Status status = check(maps, flipped, joint_of, merged);
  if (status != Status::kOk || maps.empty()) return status;
  const int shift = std::min(std::max(options.shift, -maps.width), maps.width);
  const int left = std::max(shift, 0);  // the columns that are moved into: [left, right)
  const int right = maps.width + std::min(shift, 0);
  for (std::int64_t person = 0; person < maps.people; ++person) {
    for (std::int64_t joint = 0; joint < maps.joints; ++joint) {
      const HeatmapView map = maps.map(person, joint);
      const HeatmapView back = flipped.map(person, joint_of[joint]);
      for (int y = 0; y < maps.height; ++y, merged += maps.width) {
        const RowPair rows{map, back, y, options.mirror, merged};
        rows.merge(0, left, 0);
        rows.merge(left, right, shift);
        rows.merge(right, maps.width, 0);
      }
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
