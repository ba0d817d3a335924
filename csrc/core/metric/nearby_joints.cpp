// SPDX-License-Identifier: Apache-2.0
#include "core/metric/nearby_joints.h"

#include <algorithm>
#include <cmath>

namespace edgepose {
namespace {

double diagonal(const double* xy, std::int64_t joints) {
  if (joints == 0) return 0.0;
  double side[2];
  for (int axis = 0; axis < 2; ++axis) {
    double low = xy[axis];
    double high = xy[axis];
    for (std::int64_t k = 1; k < joints; ++k) {
      low = std::min(low, xy[2 * k + axis]);
      high = std::max(high, xy[2 * k + axis]);
    }
    side[axis] = high - low;
  }
  return std::sqrt(side[0] * side[0] + side[1] * side[1]);
}

bool resembles(const double* a, const double* b, std::int64_t joints, double limit,
               std::int64_t max_nearby) {
  std::int64_t nearby = 0;
  for (std::int64_t k = 0; k < joints; ++k) {
    const double dx = a[2 * k] - b[2 * k];
    const double dy = a[2 * k + 1] - b[2 * k + 1];
    nearby += std::sqrt(dx * dx + dy * dy) < limit;
  }
  return nearby > max_nearby;
}

}  // namespace

Result<std::int64_t> nearby_joints_nms(const NearbyJointsInput& input, const NearbyJoints& options,
                                       std::uint8_t* done, std::int64_t* kept) {
  if (input.people < 0 || input.joints < 0 || options.max_people < 0) return {Status::kBadSize};
  if (std::isnan(options.distance)) return {Status::kBadThreshold};
  if (input.people == 0) return {};
  const bool missing = input.score == nullptr || done == nullptr || kept == nullptr;
  if (missing || (input.joints > 0 && input.xy == nullptr)) return {Status::kNullPointer};
  const std::int64_t width = 2 * input.joints;
  const double* score = input.score;
  const auto goes_first = [score](std::int64_t a, std::int64_t b) {
    return score[a] != score[b] ? score[a] > score[b] : a < b;
  };
  std::int64_t valid = 0;
  for (std::int64_t i = 0; i < input.people; ++i) {
    done[i] = 0;
    if (!std::isnan(score[i])) kept[valid++] = i;
  }
  std::sort(kept, kept + valid, goes_first);
  // kept[0 .. size) are kept; at most one a turn, so the people still to look at stay in place.
  std::int64_t size = 0;
  for (std::int64_t at = 0; at < valid; ++at) {
    const std::int64_t person = kept[at];
    if (done[person] != 0) continue;
    const double* xy = input.xy + person * width;
    const double limit = options.distance * diagonal(xy, input.joints);
    const auto similar = [&](std::int64_t other) {
      return other == person ||
             (!std::isnan(score[other]) &&
              resembles(xy, input.xy + other * width, input.joints, limit, options.max_nearby));
    };
    std::int64_t best = person;
    for (std::int64_t other = 0; other < input.people; ++other) {
      if (goes_first(other, best) && similar(other)) best = other;
    }
    if (done[best] != 0) continue;
    kept[size++] = best;
    for (std::int64_t other = 0; other < input.people; ++other) {
      if (similar(other)) done[other] = 1;
    }
  }
  if (size > options.max_people) {
    std::sort(kept, kept + size, goes_first);
    size = options.max_people;
  }
  return {Status::kOk, size};
}

}  // namespace edgepose
