// SPDX-License-Identifier: Apache-2.0
#include "core/metric/rescore.h"

#include <cmath>

namespace edgepose {

Status rescore_people(const double* joint_score, const double* box_score, std::int64_t people,
                      std::int64_t joints, double visible_threshold, double* out) {
  if (people < 0 || joints < 0) return Status::kBadSize;
  if (std::isnan(visible_threshold)) return Status::kBadThreshold;
  if (people == 0) return Status::kOk;
  const bool scores_missing = joints > 0 && joint_score == nullptr;
  if (scores_missing || box_score == nullptr || out == nullptr) return Status::kNullPointer;
  for (std::int64_t i = 0; i < people; ++i) {
    double sum = 0.0;
    std::int64_t counted = 0;
    for (std::int64_t k = 0; k < joints; ++k) {
      const double score = joint_score[i * joints + k];
      if (!(score > visible_threshold)) continue;
      sum += score;
      ++counted;
    }
    out[i] = box_score[i] * (counted > 0 ? sum / static_cast<double>(counted) : 0.0);
  }
  return Status::kOk;
}

}  // namespace edgepose
