// SPDX-License-Identifier: Apache-2.0
// What each joint adds to the object keypoint similarity.
#pragma once

#include <cstdint>

namespace edgepose {

// The most joints of one call: callers go through people in blocks of so many, on the stack.
constexpr std::int64_t kJointBlock = 64;

// out[k] = exp(-d_k^2 / (2 area (2 sigma_k)^2)), d_k the distance of the two points.
//
// Shapes: a_xy [K, 2], b_xy [K, 2], sigmas [K], out [K].
// Gives:  0..1, within 2 units in the last place; 0 below 1e-307, for NaN and for an area below 0
//         (1 where the points are equal). An area of 0 counts as the spacing of doubles at 1, as
//         in COCO's evaluation.
// Cost:   one loop without branches or calls, several joints at a time.
void joint_similarities(const double* a_xy, const double* b_xy, double area, const double* sigmas,
                        std::int64_t joints, double* out);

}  // namespace edgepose
