// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/decode.h"

#include <cmath>

#include "core/heatmap/argmax.h"
#include "core/heatmap/blur.h"
#include "core/heatmap/dark.h"
#include "core/heatmap/subpixel.h"

namespace edgepose {
namespace {

Shift shift_of(const MapView& map, const Cell& cell, Subpixel subpixel, const BlurKernel& kernel) {
  switch (subpixel) {
    case Subpixel::kNone:
      return {};
    case Subpixel::kQuarter:
      return quarter_shift(map, cell);
    case Subpixel::kQuadratic:
      return quadratic_shift(map, cell);
    case Subpixel::kDark:
      return dark_shift(map, cell, kernel);
    case Subpixel::kUdp:
      return udp_shift(map, cell, kernel);
  }
  return {};
}

}  // namespace

Status heatmap_decode(const MapBatch& maps, Subpixel subpixel, int blur_kernel, float* xy,
                      float* score) {
  BlurKernel kernel;
  if (subpixel == Subpixel::kDark || subpixel == Subpixel::kUdp) {
    if (blur_kernel < 1 || blur_kernel > kMaxBlurKernel || blur_kernel % 2 == 0) {
      return Status::kBadBlurKernel;
    }
    kernel = blur_kernel_of(blur_kernel);
  }
  const Status status = check_maps(maps);
  if (status != Status::kOk || maps.people == 0 || maps.joints == 0) return status;
  if (xy == nullptr || score == nullptr) return Status::kNullPointer;
  for (std::int64_t person = 0; person < maps.people; ++person) {
    for (std::int64_t joint = 0; joint < maps.joints; ++joint) {
      const MapView map = maps.map(person, joint);
      const Cell cell = map_argmax(map);
      const bool empty = std::isnan(cell.score);
      const Shift shift = empty ? Shift{} : shift_of(map, cell, subpixel, kernel);
      const std::int64_t at = person * maps.joints + joint;
      xy[2 * at] = static_cast<float>(cell.x) + shift.x;
      xy[2 * at + 1] = static_cast<float>(cell.y) + shift.y;
      score[at] = cell.score;
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
