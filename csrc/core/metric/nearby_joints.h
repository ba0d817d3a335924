// SPDX-License-Identifier: Apache-2.0
// Suppression by the number of joints that lie close together.
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

struct NearbyJointsInput {
  const double* xy = nullptr;     // [N, K, 2] px
  const double* score = nullptr;  // [N]
  std::int64_t people = 0;
  std::int64_t joints = 0;
};

// A person resembles another when more than `max_nearby` of its joints lie closer to the other's
// than `distance` times the diagonal of the person's own extent. By falling score, the best of
// those that a person resembles is kept and all of them are done with; a person whose best is done
// with is dropped. mmpose calls it nearby_joints_nms (max_nearby is K / 2 there).
//
// Shapes: kept [N], done [N] is the caller's working memory.
// Units:  `distance` is a share of the diagonal.
// Gives:  the number kept; their indices in the order found, of equal scores the lower index
//         first. A person always resembles itself, also with a diagonal of zero or NaN points.
//         People with a NaN score are never kept and suppress nobody.
// Cost:   O(N log N + kept * N * K); no allocation.
Result<std::int64_t> nearby_joints_nms(const NearbyJointsInput& input, double distance,
                                       std::int64_t max_nearby, std::uint8_t* done,
                                       std::int64_t* kept);

}  // namespace edgepose
