// SPDX-License-Identifier: Apache-2.0
// Greedy suppression of people that another, higher scored person already explains.
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

// People with keypoints.
struct OksNmsInput {
  const double* xy = nullptr;           // [N, K, 2] px
  const double* joint_score = nullptr;  // [N, K], or null: every joint counts
  const double* score = nullptr;        // [N], decides who goes first
  const double* area = nullptr;         // [N] px^2
  const double* sigmas = nullptr;       // [K]
  std::int64_t people = 0;
  std::int64_t joints = 0;
};

// OKS of two of the people with the mean of their areas, over the joints that both have above
// `visible_threshold` (all joints without joint scores); with no such joint 0.
double pair_oks(const OksNmsInput& input, std::int64_t a, std::int64_t b, double visible_threshold);

// Keeps a person unless the OKS with a kept person of higher score is above `threshold`, as in
// HRNet's oks_nms: the area of a pair is the mean of the two. With joint scores, a pair is compared
// over the joints that both have above `visible_threshold`; with no such joint its OKS is 0.
//
// Shapes: kept [N].
// Gives:  the number kept; their indices by falling score, equal scores by rising index. People
//         with a NaN score are never kept.
// Cost:   O(N log N + N * kept * K); no allocation, `kept` is the only working memory.
Result<std::int64_t> oks_nms(const OksNmsInput& input, double threshold, double visible_threshold,
                             std::int64_t* kept);

}  // namespace edgepose
