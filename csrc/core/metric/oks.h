// SPDX-License-Identifier: Apache-2.0
// Object keypoint similarity (COCO keypoint evaluation).
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

// Mean over the counted joints of exp(-d^2 / (2 area (2 sigma)^2)), d the distance of the two
// points. Joints with a mask of zero are not counted; with none left the similarity is 0. `mask`
// may be null: every joint counts.
// Shapes: a_xy [K, 2], b_xy [K, 2], sigmas [K], mask [K].
// Gives:  0..1; a NaN point makes the joint add 0, and so does an area below 0 where the points are
//         apart.
double oks(const double* a_xy, const double* b_xy, double area, const double* sigmas,
           const std::uint8_t* mask, std::int64_t joints);

// Every a against every b, with the area and mask of a.
//
// Shapes: a_xy [N, K, 2], b_xy [M, K, 2], area [N], sigmas [K], mask [N, K] or null,
//         out [N, M].
// Units:  area in square pixels of the points' frame.
// Cost:   O(N * M * K) exponentials; no allocation.
struct OksInput {
  const double* a_xy = nullptr;
  const double* b_xy = nullptr;
  const double* area = nullptr;
  const double* sigmas = nullptr;
  const std::uint8_t* mask = nullptr;
  std::int64_t a_count = 0;
  std::int64_t b_count = 0;
  std::int64_t joints = 0;
};
Status oks_matrix(const OksInput& input, double* out);

}  // namespace edgepose
