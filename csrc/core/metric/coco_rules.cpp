// SPDX-License-Identifier: Apache-2.0
#include "core/metric/coco_rules.h"

#include <algorithm>
#include <cmath>

namespace edgepose {

Status label_areas(const double* box, const double* area, std::int64_t count, AreaPolicy policy,
                   double* out) {
  if (count < 0) return Status::kBadSize;
  if (count == 0) return Status::kOk;
  const bool area_missing = policy == AreaPolicy::kAnnotation && area == nullptr;
  if (box == nullptr || out == nullptr || area_missing) return Status::kNullPointer;
  for (std::int64_t i = 0; i < count; ++i) {
    const double* b = box + 4 * i;
    const bool stand_in = policy == AreaPolicy::kBox || std::isnan(area[i]);
    out[i] = stand_in ? kBoxAreaShare * (b[2] - b[0]) * (b[3] - b[1]) : area[i];
  }
  return Status::kOk;
}

CrowdLevel crowd_level(double crowd_index, double medium, double hard) {
  if (crowd_index < medium) return CrowdLevel::kEasy;
  return crowd_index < hard ? CrowdLevel::kMedium : CrowdLevel::kHard;
}

Status group_by_image(const std::int64_t* image_id, std::int64_t count, const std::int64_t* images,
                      std::int64_t image_count, std::int64_t* rows, std::int64_t* start) {
  if (count < 0 || image_count < 0) return Status::kBadSize;
  if (start == nullptr || (image_count > 0 && images == nullptr)) return Status::kNullPointer;
  if (count > 0 && (image_id == nullptr || rows == nullptr)) return Status::kNullPointer;
  for (std::int64_t i = 1; i < image_count; ++i) {
    if (images[i] <= images[i - 1]) return Status::kBadSize;
  }
  // Entries of one image mostly lie side by side, so the last place is tried first.
  std::int64_t last = 0;
  const auto place_of = [&](std::int64_t id) {
    if (last < image_count && images[last] == id) return last;
    const std::int64_t at = std::lower_bound(images, images + image_count, id) - images;
    if (at == image_count || images[at] != id) return std::int64_t{-1};
    return last = at;
  };
  std::fill(start, start + image_count + 1, 0);
  for (std::int64_t row = 0; row < count; ++row) {
    const std::int64_t at = place_of(image_id[row]);
    if (at >= 0) ++start[at + 1];
  }
  for (std::int64_t i = 0; i < image_count; ++i) start[i + 1] += start[i];
  for (std::int64_t row = 0; row < count; ++row) {
    const std::int64_t at = place_of(image_id[row]);
    if (at >= 0) rows[start[at]++] = row;
  }
  // Each start has moved to the next image's: move them back.
  for (std::int64_t i = image_count; i > 0; --i) start[i] = start[i - 1];
  start[0] = 0;
  return Status::kOk;
}

}  // namespace edgepose
