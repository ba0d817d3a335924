// SPDX-License-Identifier: Apache-2.0
// Where to look for people in the next frame.
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

struct RoiOptions {
  double min_score = 0.3;  // included lower bound of a visible keypoint's score
  int min_keypoints = 4;   // people with fewer visible keypoints get no box
  double padding = 0.25;   // added on every side, as a share of the longer side
};

// Boxes around the visible keypoints of each person.
//
// Shapes: xy [N, K, 2], score [N, K]; boxes [N, 4] as x1, y1, x2, y2 in the frame of xy.
// Gives:  the number of people with a box. A keypoint that is not finite or has a NaN score is not
//         visible. People with fewer than min_keypoints visible ones, with none at all, whose
//         visible keypoints all lie on one spot, or whose box a double cannot hold get a row of
//         NaN.
// Needs:  min_keypoints not negative; min_score not NaN; padding finite and not negative
//         (else kBadThreshold).
// Cost:   O(N * K); no allocation.
Result<std::int64_t> rois_of_keypoints(const double* xy, const double* score, std::int64_t people,
                                       std::int64_t keypoints, const RoiOptions& options,
                                       double* boxes);

}  // namespace edgepose
