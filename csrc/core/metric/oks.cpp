// SPDX-License-Identifier: Apache-2.0
#include "core/metric/oks.h"

#include <algorithm>

#include "core/metric/joint_similarity.h"

namespace edgepose {

double oks(const double* a_xy, const double* b_xy, double area, const double* sigmas,
           const std::uint8_t* mask, std::int64_t joints) {
  double similarity[kJointBlock];
  double sum = 0.0;
  std::int64_t counted = 0;
  for (std::int64_t first = 0; first < joints; first += kJointBlock) {
    const std::int64_t size = std::min(kJointBlock, joints - first);
    joint_similarities(a_xy + 2 * first, b_xy + 2 * first, area, sigmas + first, size, similarity);
    for (std::int64_t k = 0; k < size; ++k) {
      if (mask != nullptr && mask[first + k] == 0) continue;
      ++counted;
      sum += similarity[k];
    }
  }
  return counted > 0 ? sum / static_cast<double>(counted) : 0.0;
}

Status oks_matrix(const OksInput& input, double* out) {
  if (input.a_count < 0 || input.b_count < 0 || input.joints < 0) return Status::kBadSize;
  if (input.a_count == 0 || input.b_count == 0) return Status::kOk;
  if (out == nullptr || input.area == nullptr) return Status::kNullPointer;
  const bool joints_missing =
      input.a_xy == nullptr || input.b_xy == nullptr || input.sigmas == nullptr;
  if (input.joints > 0 && joints_missing) return Status::kNullPointer;
  for (std::int64_t a = 0; a < input.a_count; ++a) {
    const std::uint8_t* mask = input.mask == nullptr ? nullptr : input.mask + a * input.joints;
    const double* a_xy = input.joints == 0 ? nullptr : input.a_xy + 2 * a * input.joints;
    for (std::int64_t b = 0; b < input.b_count; ++b) {
      const double* b_xy = input.joints == 0 ? nullptr : input.b_xy + 2 * b * input.joints;
      out[a * input.b_count + b] = oks(a_xy, b_xy, input.area[a], input.sigmas, mask, input.joints);
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
