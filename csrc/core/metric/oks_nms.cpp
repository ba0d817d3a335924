// SPDX-License-Identifier: Apache-2.0
#include "core/metric/oks_nms.h"

#include <algorithm>
#include <cmath>

#include "core/metric/oks.h"

namespace edgepose {

double pair_oks(const OksNmsInput& input, std::int64_t a, std::int64_t b,
                double visible_threshold) {
  const double area = 0.5 * (input.area[a] + input.area[b]);
  double sum = 0.0;
  std::int64_t counted = 0;
  for (std::int64_t k = 0; k < input.joints; ++k) {
    const std::int64_t in_a = a * input.joints + k;
    const std::int64_t in_b = b * input.joints + k;
    const bool both =
        input.joint_score == nullptr || (input.joint_score[in_a] > visible_threshold &&
                                         input.joint_score[in_b] > visible_threshold);
    if (!both) continue;
    ++counted;
    sum += oks(input.xy + 2 * in_a, input.xy + 2 * in_b, area, input.sigmas + k, nullptr, 1);
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
