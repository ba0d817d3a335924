// SPDX-License-Identifier: Apache-2.0
#include "core/metric/pck.h"

#include <cmath>
#include <limits>

namespace edgepose {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Status check(const PckInput& input) {
  if (input.people < 0 || input.joints < 0) return Status::kBadSize;
  const bool empty = input.people == 0 || input.joints == 0;
  const bool missing = input.predicted == nullptr || input.labelled == nullptr;
  return !empty && missing ? Status::kNullPointer : Status::kOk;
}

bool is_labelled(const PckInput& input, std::int64_t person, std::int64_t joint) {
  return input.visible == nullptr || input.visible[person * input.joints + joint] != 0;
}

// How many of 0, 1/n, .. (n - 1)/n are above a distance.
std::int64_t thresholds_above(double distance, std::int64_t n) {
  std::int64_t low = 0;
  std::int64_t high = n;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (distance < static_cast<double>(middle) / static_cast<double>(n)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return n - low;
}

}  // namespace

double keypoint_distance(const PckInput& input, std::int64_t person, std::int64_t joint) {
  const std::int64_t at = 2 * (person * input.joints + joint);
  const double norm = input.norm == nullptr ? 1.0 : input.norm[person];
  const double dx = input.predicted[at] - input.labelled[at];
  const double dy = input.predicted[at + 1] - input.labelled[at + 1];
  return std::hypot(dx, dy) / norm;
}

Status pck_counts(const PckInput& input, double threshold, std::int64_t* correct,
                  std::int64_t* labelled) {
  if (const Status status = check(input); status != Status::kOk) return status;
  if (std::isnan(threshold)) return Status::kBadThreshold;
  if (input.joints == 0) return Status::kOk;  // whatever the number of people
  if (correct == nullptr || labelled == nullptr) return Status::kNullPointer;
  for (std::int64_t k = 0; k < input.joints; ++k) correct[k] = labelled[k] = 0;
  for (std::int64_t i = 0; i < input.people; ++i) {
    for (std::int64_t k = 0; k < input.joints; ++k) {
      if (!is_labelled(input, i, k)) continue;
      ++labelled[k];
      // Compared without the division, so that a distance of exactly the limit is correct.
      PckInput plain = input;
      plain.norm = nullptr;
      const double norm = input.norm == nullptr ? 1.0 : input.norm[i];
      correct[k] += keypoint_distance(plain, i, k) <= threshold * norm;
    }
  }
  return Status::kOk;
}

Result<double> keypoint_auc(const PckInput& input, std::int64_t thresholds) {
  if (const Status status = check(input); status != Status::kOk) return {status};
  if (thresholds < 1) return {Status::kBadSize};
  double sum = 0.0;
  std::int64_t joints = 0;
  for (std::int64_t k = 0; k < input.joints; ++k) {
    std::int64_t below = 0;
    std::int64_t labelled = 0;
    for (std::int64_t i = 0; i < input.people; ++i) {
      if (!is_labelled(input, i, k)) continue;
      ++labelled;
      const double distance = keypoint_distance(input, i, k);
      if (!std::isnan(distance)) below += thresholds_above(distance, thresholds);
    }
    if (labelled == 0) continue;
    ++joints;
    sum += static_cast<double>(below) / static_cast<double>(labelled);
  }
  if (joints == 0) return {Status::kOk, kNan};
  return {Status::kOk, sum / static_cast<double>(joints) / static_cast<double>(thresholds)};
}

Result<double> keypoint_error(const PckInput& input) {
  if (const Status status = check(input); status != Status::kOk) return {status};
  if (input.joints == 0) return {Status::kOk, kNan};  // whatever the number of people
  double sum = 0.0;
  std::int64_t counted = 0;
  for (std::int64_t i = 0; i < input.people; ++i) {
    for (std::int64_t k = 0; k < input.joints; ++k) {
      if (!is_labelled(input, i, k)) continue;
      sum += keypoint_distance(input, i, k);
      ++counted;
    }
  }
  return {Status::kOk, counted > 0 ? sum / static_cast<double>(counted) : kNan};
}

}  // namespace edgepose
