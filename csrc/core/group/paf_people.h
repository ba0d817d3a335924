// SPDX-License-Identifier: Apache-2.0
// The people of a picture while they are put together.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/arena.h"
#include "core/group/paf_options.h"
#include "core/group/paf_skeleton.h"

namespace edgepose {

// joint[part * capacity + person] is a peak of that part or -1: the people of one part lie side by
// side, so that the owners of a peak are found in one scan.
struct PafPeople {
  std::int16_t* joint = nullptr;
  float* total = nullptr;  // scores of the counted joints and of their links
  int* counted = nullptr;  // joints that links or single peaks brought
  int parts = 0;
  int capacity = 0;
  int count = 0;

  std::int16_t* of_part(int part) const {
    return joint + static_cast<std::ptrdiff_t>(part) * capacity;
  }
};

// Room for all people that can ever start. Extending never takes a joint away, and who starts owns
// a peak that nobody owned; merging can free a peak again, but each limb starts at most one person
// per peak.
inline PafPeople paf_people(Arena& arena, const PafSkeleton& skeleton, const PafOptions& options) {
  PafPeople people;
  people.parts = skeleton.parts;
  const bool merge = options.assembly == PafAssembly::kMerge;
  people.capacity = (merge ? skeleton.limbs : skeleton.parts) * options.max_peaks;
  const auto capacity = static_cast<std::size_t>(people.capacity);
  people.joint = arena.take<std::int16_t>(capacity * static_cast<std::size_t>(skeleton.parts));
  people.total = arena.take<float>(capacity);
  people.counted = arena.take<int>(capacity);
  return people;
}

}  // namespace edgepose
