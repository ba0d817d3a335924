// SPDX-License-Identifier: Apache-2.0
// Suppression by the number of joints that lie close together.
#pragma once

#include <cstdint>
#include <limits>

#include "core/status.h"

namespace edgepose {

struct NearbyJointsInput {
  const double* xy = nullptr;     // [N, K, 2] px
  const double* score = nullptr;  // [N]
  std::int64_t people = 0;
  std::int64_t joints = 0;
};

struct NearbyJoints {
  double distance = 0.05;       // share of the diagonal
  std::int64_t max_nearby = 0;  // joints that may be close; mmpose: K / 2
  std::int64_t max_people = std::numeric_limits<std::int64_t>::max();
};

// A person resembles another when more than `max_nearby` of its joints lie closer to the other's
// than `distance` times the diagonal of the person's own extent. By falling score, the best of
// those that a person resembles is kept and all of them are done with; a person whose best is done
// with is dropped. mmpose calls it nearby_joints_nms.
//
// Shapes: kept [N], done [N] is the caller's working memory.
// Gives:  the number kept; their indices in the order found or, when that is more than max_people,
//         the best of them by falling score. Of equal scores the lower index goes first. A person
//         always resembles itself, also with a diagonal of zero or NaN points. People with a NaN
//         score are never kept and suppress nobody.
// Cost:   O(N log N + kept * N * K); no allocation.
Result<std::int64_t> nearby_joints_nms(const NearbyJointsInput& input, const NearbyJoints& options,
                                       std::uint8_t* done, std::int64_t* kept);

}  // namespace edgepose
