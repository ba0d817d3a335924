// SPDX-License-Identifier: Apache-2.0
#include "core/track/roi.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgepose {
namespace {

bool box_of(const double* xy, const double* score, std::int64_t keypoints,
            const RoiOptions& options, double* box) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double low[2] = {kInfinity, kInfinity};
  double high[2] = {-kInfinity, -kInfinity};
  int visible = 0;
  for (std::int64_t k = 0; k < keypoints; ++k) {
    const double* point = xy + 2 * k;
    if (!(score[k] >= options.min_score)) continue;
    if (!std::isfinite(point[0]) || !std::isfinite(point[1])) continue;
    ++visible;
    for (int axis = 0; axis < 2; ++axis) {
      low[axis] = std::min(low[axis], point[axis]);
      high[axis] = std::max(high[axis], point[axis]);
    }
  }
  if (visible == 0 || visible < options.min_keypoints) return false;
  const double longer = std::max(high[0] - low[0], high[1] - low[1]);
  for (int axis = 0; axis < 2; ++axis) {
    box[axis] = low[axis] - options.padding * longer;
    box[axis + 2] = high[axis] + options.padding * longer;
  }
  return longer > 0.0 && std::all_of(box, box + 4, [](double side) { return std::isfinite(side); });
}

}  // namespace

Result<std::int64_t> rois_of_keypoints(const double* xy, const double* score, std::int64_t people,
                                       std::int64_t keypoints, const RoiOptions& options,
                                       double* boxes) {
  if (people < 0 || keypoints < 0 || options.min_keypoints < 0) return {Status::kBadSize};
  const bool good =
      !std::isnan(options.min_score) && std::isfinite(options.padding) && options.padding >= 0.0;
  if (!good) return {Status::kBadThreshold};
  if (people == 0) return {};
  const bool points_missing = keypoints > 0 && (xy == nullptr || score == nullptr);
  if (boxes == nullptr || points_missing) return {Status::kNullPointer};
  std::int64_t found = 0;
  for (std::int64_t person = 0; person < people; ++person) {
    double* box = boxes + 4 * person;
    const bool has_box =
        box_of(xy + 2 * person * keypoints, score + person * keypoints, keypoints, options, box);
    if (has_box) {
      ++found;
    } else {
      std::fill_n(box, 4, std::numeric_limits<double>::quiet_NaN());
    }
  }
  return {Status::kOk, found};
}

}  // namespace edgepose
