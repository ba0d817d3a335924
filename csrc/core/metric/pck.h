// SPDX-License-Identifier: Apache-2.0
// Percentage of correct keypoints, and the measures that share its distances.
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

struct PckInput {
  const double* predicted = nullptr;      // [N, K, 2] px; NaN for what was not found
  const double* labelled = nullptr;       // [N, K, 2] px
  const std::uint8_t* visible = nullptr;  // [N, K] not 0 where labelled, or null: everywhere
  const double* norm = nullptr;           // [N] px, size of each person, or null: 1
  std::int64_t people = 0;
  std::int64_t joints = 0;
};

// Distance of a keypoint from its label over the person's size; NaN for what was not found.
double keypoint_distance(const PckInput& input, std::int64_t person, std::int64_t joint);

// Keypoints within `threshold` sizes of their label; a distance equal to it is correct. PCKh is
// the same with the head's size for `norm`.
//
// Shapes: correct [K], labelled [K].
// Gives:  counts of all people; NaN distances are wrong.
// Cost:   O(N * K); no allocation.
// Paper:  Yang and Ramanan, Articulated Human Detection with Flexible Mixtures of Parts.
Status pck_counts(const PckInput& input, double threshold, std::int64_t* correct,
                  std::int64_t* labelled);

// Area under PCK: mean over the thresholds 0, 1/n, .. (n - 1)/n of the mean over the joints of the
// share that lies strictly below. Joints that are never labelled are left out (mmpose's AUC).
// Gives: NaN without any labelled keypoint; kBadSize for fewer than one threshold.
// Cost:  O(N * K * log n); no allocation.
Result<double> keypoint_auc(const PckInput& input, std::int64_t thresholds);

// Mean distance over the labelled keypoints: the end-point error without `norm`, the normalised
// mean error with it.
// Gives: NaN without any labelled keypoint, or when one of them was not found.
Result<double> keypoint_error(const PckInput& input);

}  // namespace edgepose
