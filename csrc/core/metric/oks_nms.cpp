// SPDX-License-Identifier: Apache-2.0
#include "core/metric/oks_nms.h"

#include <algorithm>
#include <cmath>

#include "core/metric/joint_similarity.h"
#include "core/metric/oks.h"

namespace edgepose {

double pair_oks(const OksNmsInput& input, std::int64_t a, std::int64_t b,
                double visible_threshold) {
  const std::int64_t joints = input.joints;
  if (joints == 0) return 0.0;
  const double area = 0.5 * (input.area[a] + input.area[b]);
  const double* a_xy = input.xy + 2 * a * joints;
  const double* b_xy = input.xy + 2 * b * joints;
  if (input.joint_score == nullptr) return oks(a_xy, b_xy, area, input.sigmas, nullptr, joints);
  const double* a_score = input.joint_score + a * joints;
  const double* b_score = input.joint_score + b * joints;
  double similarity[kJointBlock];
  double sum = 0.0;
  std::int64_t counted = 0;
  for (std::int64_t first = 0; first < joints; first += kJointBlock) {
    const std::int64_t size = std::min(kJointBlock, joints - first);
    joint_similarities(a_xy + 2 * first, b_xy + 2 * first, area, input.sigmas + first, size,
                       similarity);
    for (std::int64_t k = 0; k < size; ++k) {
      if (!(a_score[first + k] > visible_threshold)) continue;
      if (!(b_score[first + k] > visible_threshold)) continue;
      ++counted;
      sum += similarity[k];
    }
  }
  return counted > 0 ? sum / static_cast<double>(counted) : 0.0;
}

Result<std::int64_t> oks_nms(const OksNmsInput& input, double threshold, double visible_threshold,
                             std::int64_t* kept) {
  if (input.people < 0 || input.joints < 0) return {Status::kBadSize};
  if (std::isnan(threshold) || std::isnan(visible_threshold)) return {Status::kBadThreshold};
  if (input.people == 0) return {};
  if (input.score == nullptr || input.area == nullptr || kept == nullptr) {
    return {Status::kNullPointer};
  }
  if (input.joints > 0 && (input.xy == nullptr || input.sigmas == nullptr)) {
    return {Status::kNullPointer};
  }
  std::int64_t valid = 0;
  for (std::int64_t i = 0; i < input.people; ++i) {
    if (!std::isnan(input.score[i])) kept[valid++] = i;
  }
  const double* score = input.score;
  std::sort(kept, kept + valid, [score](std::int64_t a, std::int64_t b) {
    return score[a] != score[b] ? score[a] > score[b] : a < b;
  });
  std::int64_t size = 0;
  for (std::int64_t i = 0; i < valid; ++i) {
    const std::int64_t person = kept[i];
    const auto suppresses = [&](std::int64_t other) {
      return pair_oks(input, other, person, visible_threshold) > threshold;
    };
    if (std::none_of(kept, kept + size, suppresses)) kept[size++] = person;
  }
  return {Status::kOk, size};
}

}  // namespace edgepose
