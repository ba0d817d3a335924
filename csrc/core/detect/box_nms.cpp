// SPDX-License-Identifier: Apache-2.0
#include "core/detect/box_nms.h"

#include <algorithm>
#include <cmath>

namespace edgepose {
namespace {

// In double: the corners are floats, so sides and products are as good as exact.
double area_of(const float* box) {
  const double width = static_cast<double>(box[2]) - box[0];
  const double height = static_cast<double>(box[3]) - box[1];
  return width > 0.0 && height > 0.0 ? width * height : 0.0;
}

bool overlaps(const float* a, const float* b, double threshold) {
  const float corners[4] = {std::max(a[0], b[0]), std::max(a[1], b[1]), std::min(a[2], b[2]),
                            std::min(a[3], b[3])};
  const double shared = area_of(corners);
  if (!(shared > 0.0)) return false;
  return shared / (area_of(a) + area_of(b) - shared) > threshold;
}

bool has_nan(const float* box, float score) {
  return std::isnan(box[0]) || std::isnan(box[1]) || std::isnan(box[2]) || std::isnan(box[3]) ||
         std::isnan(score);
}

}  // namespace

Result<std::int64_t> box_nms(const float* boxes, const float* score, std::int64_t count,
                             float iou_threshold, std::int64_t* kept) {
  if (count < 0) return {Status::kBadSize};
  if (std::isnan(iou_threshold)) return {Status::kBadThreshold};
  if (count == 0) return {};
  if (boxes == nullptr || score == nullptr || kept == nullptr) return {Status::kNullPointer};
  std::int64_t valid = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    if (!has_nan(boxes + 4 * i, score[i])) kept[valid++] = i;
  }
  std::sort(kept, kept + valid, [score](std::int64_t a, std::int64_t b) {
    return score[a] != score[b] ? score[a] > score[b] : a < b;
  });
  // The kept indices gather at the front, never past the one being looked at.
  std::int64_t size = 0;
  for (std::int64_t i = 0; i < valid; ++i) {
    const float* box = boxes + 4 * kept[i];
    const auto suppresses = [&](std::int64_t other) {
      return overlaps(boxes + 4 * other, box, iou_threshold);
    };
    if (std::none_of(kept, kept + size, suppresses)) kept[size++] = kept[i];
  }
  return {Status::kOk, size};
}

}  // namespace edgepose
