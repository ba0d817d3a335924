// SPDX-License-Identifier: Apache-2.0
// Which parts a PAF network knows and which limbs join them.
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

constexpr int kMaxPafParts = 256;
constexpr int kMaxPafLimbs = 1024;

// A limb from part `a` to part `b`. Its field points from a to b.
struct PafLimb {
  int a = 0;
  int b = 0;
  int channel_x = 0;       // of the PAF maps
  int channel_y = 0;       // of the PAF maps
  bool redundant = false;  // closes a cycle: fills joints that people lack, starts no person
};

// Any graph: limbs may come in any order, repeat each other and form cycles. Limbs are handled in
// the order given, so a tree is best listed from its root outwards.
struct PafSkeleton {
  int parts = 0;
  int limbs = 0;
  const PafLimb* limb = nullptr;            // [limbs]
  const std::uint8_t* uncounted = nullptr;  // [parts] or null: 1 = does not speak for a person
};

// kBadSkeleton where a limb joins a part to itself or names a part or channel that is not there.
Status paf_check_skeleton(const PafSkeleton& skeleton, std::int64_t heat_channels,
                          std::int64_t paf_channels);

}  // namespace edgepose
