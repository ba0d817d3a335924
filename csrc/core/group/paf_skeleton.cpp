// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_skeleton.h"

namespace edgepose {

Status paf_check_skeleton(const PafSkeleton& skeleton, std::int64_t heat_channels,
                          std::int64_t paf_channels) {
  if (skeleton.parts < 0 || skeleton.parts > kMaxPafParts) return Status::kBadSkeleton;
  if (skeleton.limbs < 0 || skeleton.limbs > kMaxPafLimbs) return Status::kBadSkeleton;
  if (skeleton.limbs > 0 && skeleton.limb == nullptr) return Status::kNullPointer;
  if (skeleton.parts > heat_channels) return Status::kBadSkeleton;
  const auto inside = [](int index, std::int64_t count) { return index >= 0 && index < count; };
  for (int i = 0; i < skeleton.limbs; ++i) {
    const PafLimb& limb = skeleton.limb[i];
    const bool good = inside(limb.a, skeleton.parts) && inside(limb.b, skeleton.parts) &&
                      limb.a != limb.b && inside(limb.channel_x, paf_channels) &&
                      inside(limb.channel_y, paf_channels);
    if (!good) return Status::kBadSkeleton;
  }
  return Status::kOk;
}

}  // namespace edgepose
