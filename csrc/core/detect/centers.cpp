// SPDX-License-Identifier: Apache-2.0
#include "core/detect/centers.h"

#include <cmath>
#include <cstddef>

namespace edgepose {
namespace {

// Writes x1, y1, x2, y2; false where the box is not one.
bool read_box(const CenterMaps& maps, const Peak& peak, float stride, float* box) {
  const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(maps.width) * maps.height;
  const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(peak.y) * maps.width + peak.x;
  const int cell[2] = {peak.x, peak.y};
  for (int axis = 0; axis < 2; ++axis) {
    const float size = maps.size[axis * area + at];
    const float place = static_cast<float>(cell[axis]) + maps.offset[axis * area + at] + 0.5F;
    const float center = stride * place - 0.5F;
    box[axis] = center - 0.5F * size;
    box[axis + 2] = center + 0.5F * size;
    if (!(size > 0.0F) || !std::isfinite(box[axis]) || !std::isfinite(box[axis + 2])) return false;
  }
  return true;
}

}  // namespace

Result<int> centers_decode(const CenterMaps& maps, float stride, float threshold, int max_boxes,
                           Peak* workspace, float* boxes, float* score) {
  if (!(stride > 0.0F) || !std::isfinite(stride)) return {Status::kBadStride};
  if (maps.size == nullptr || maps.offset == nullptr) return {Status::kNullPointer};
  if (max_boxes > 0 && (boxes == nullptr || score == nullptr)) return {Status::kNullPointer};
  const MapView heatmap{maps.heatmap, maps.width, maps.height, maps.width};
  const Result<int> peaks = map_peaks(heatmap, threshold, 1, max_boxes, workspace);
  if (peaks.status != Status::kOk) return peaks;
  int count = 0;
  for (int i = 0; i < peaks.value; ++i) {
    if (!read_box(maps, workspace[i], stride, boxes + std::ptrdiff_t{4} * count)) continue;
    score[count++] = workspace[i].score;
  }
  return {Status::kOk, count};
}

}  // namespace edgepose
