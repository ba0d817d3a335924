// SPDX-License-Identifier: Apache-2.0
#include "core/metric/coco_match.h"

#include <algorithm>
#include <limits>

namespace edgepose {

void match_prediction(const double* similarity, const MatchLabels& labels, const double* limits,
                      int thresholds, std::int64_t* match) {
  double lowest = std::numeric_limits<double>::infinity();
  for (int t = 0; t < thresholds; ++t) {
    match[t] = -1;
    lowest = std::min(lowest, limits[t]);
  }
  double best[kMaxCocoThresholds];
  for (const bool ignored : {false, true}) {
    std::copy(limits, limits + thresholds, best);
    std::uint32_t open = 0;
    for (int t = 0; t < thresholds; ++t) open |= std::uint32_t{match[t] < 0} << t;
    for (std::int64_t label = 0; label < labels.count; ++label) {
      const double value = similarity[label];
      if (!(value >= lowest) || (labels.ignored[label] != 0) != ignored) continue;
      const std::uint32_t free = labels.crowd[label] != 0 ? open : open & ~labels.taken[label];
      for (int t = 0; t < thresholds; ++t) {
        if ((free >> t & 1U) == 0 || !(value >= best[t])) continue;
        best[t] = value;
        match[t] = label;
      }
    }
  }
  for (int t = 0; t < thresholds; ++t) {
    if (match[t] >= 0) labels.taken[match[t]] |= std::uint32_t{1} << t;
  }
}

Status coco_match(const CocoMatchInput& input, std::uint32_t* taken, std::int64_t* match) {
  const int thresholds = input.threshold_count;
  if (input.predictions < 0 || input.labels < 0 || input.ranges < 0) return Status::kBadSize;
  if (thresholds < 0 || thresholds > kMaxCocoThresholds) return Status::kBadSize;
  if (input.predictions == 0 || input.ranges == 0 || thresholds == 0) return Status::kOk;
  if (input.thresholds == nullptr || match == nullptr) return Status::kNullPointer;
  if (input.labels > 0 && (input.similarity == nullptr || input.ignored == nullptr ||
                           input.crowd == nullptr || taken == nullptr)) {
    return Status::kNullPointer;
  }
  double limits[kMaxCocoThresholds];
  for (int t = 0; t < thresholds; ++t) {
    if (input.thresholds[t] != input.thresholds[t]) return Status::kBadThreshold;
    limits[t] = match_limit(input.thresholds[t]);
  }
  for (std::int64_t range = 0; range < input.ranges; ++range) {
    std::fill(taken, taken + input.labels, 0U);
    const MatchLabels labels{input.ignored + range * input.labels, input.crowd, taken,
                             input.labels};
    for (std::int64_t i = 0; i < input.predictions; ++i) {
      std::int64_t found[kMaxCocoThresholds];
      match_prediction(input.similarity + i * input.labels, labels, limits, thresholds, found);
      for (int t = 0; t < thresholds; ++t) {
        match[(range * thresholds + t) * input.predictions + i] = found[t];
      }
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
