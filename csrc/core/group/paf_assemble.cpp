// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_assemble.h"

#include <algorithm>
#include <cassert>

namespace edgepose {
namespace {

constexpr std::int16_t kNone = -1;

// A person without joints; gives its index.
int add_person(PafPeople& people) {
  assert(people.count < people.capacity);
  const int person = people.count++;
  for (int part = 0; part < people.parts; ++part) people.of_part(part)[person] = kNone;
  people.total[person] = 0.0F;
  people.counted[person] = 0;
  return person;
}

void take(PafPeople& people, int person, int part, int peak, float score) {
  people.of_part(part)[person] = static_cast<std::int16_t>(peak);
  people.total[person] += score;
  ++people.counted[person];
}

void start(const PafLimb& limb, const PafLink& link, const PafPeaks* peaks, PafPeople& people) {
  const int person = add_person(people);
  take(people, person, limb.a, link.a, peaks[limb.a].score[link.a]);
  take(people, person, limb.b, link.b, peaks[limb.b].score[link.b] + link.score);
}

void extend(const PafLimb& limb, const PafLink& link, const PafPeaks* peaks, bool every,
            PafPeople& people) {
  const std::int16_t* starts = people.of_part(limb.a);
  const std::int16_t* ends = people.of_part(limb.b);
  bool owned = false;
  for (int person = 0; person < people.count; ++person) {
    if (starts[person] != link.a) continue;
    owned = true;
    if (ends[person] == kNone) {
      take(people, person, limb.b, link.b, peaks[limb.b].score[link.b] + link.score);
    } else if (ends[person] == link.b) {
      people.total[person] += link.score;
    }
    if (!every) return;
  }
  if (!owned) start(limb, link, peaks, people);
}

void fill(const PafLimb& limb, const PafLink& link, PafPeople& people) {
  std::int16_t* starts = people.of_part(limb.a);
  std::int16_t* ends = people.of_part(limb.b);
  for (int person = 0; person < people.count; ++person) {
    if (starts[person] == link.a && ends[person] == kNone) {
      ends[person] = static_cast<std::int16_t>(link.b);
    } else if (ends[person] == link.b && starts[person] == kNone) {
      starts[person] = static_cast<std::int16_t>(link.a);
    }
  }
}

bool disjoint(const PafPeople& people, int one, int two) {
  for (int part = 0; part < people.parts; ++part) {
    const std::int16_t* joints = people.of_part(part);
    if (joints[one] != kNone && joints[two] != kNone) return false;
  }
  return true;
}

// Moves all that `two` has to `one`; `two` stays behind empty.
void unite(PafPeople& people, int one, int two, float score) {
  for (int part = 0; part < people.parts; ++part) {
    std::int16_t* joints = people.of_part(part);
    if (joints[two] != kNone) joints[one] = joints[two];
    joints[two] = kNone;
  }
  people.total[one] += people.total[two] + score;
  people.counted[one] += people.counted[two];
  people.total[two] = 0.0F;
  people.counted[two] = 0;
}

void merge(const PafLimb& limb, const PafLink& link, const PafPeaks* peaks, PafPeople& people) {
  const std::int16_t* starts = people.of_part(limb.a);
  const std::int16_t* ends = people.of_part(limb.b);
  int owner[2] = {0, 0};
  int owners = 0;
  for (int person = 0; person < people.count; ++person) {
    if (starts[person] != link.a && ends[person] != link.b) continue;
    if (owners < 2) owner[owners] = person;
    ++owners;
  }
  if (owners == 0 && !limb.redundant) start(limb, link, peaks, people);
  if (owners == 2 && disjoint(people, owner[0], owner[1])) {
    unite(people, owner[0], owner[1], link.score);
  } else if (owners == 2 || (owners == 1 && ends[owner[0]] != link.b)) {
    take(people, owner[0], limb.b, link.b, peaks[limb.b].score[link.b] + link.score);
  }
}

}  // namespace

void paf_assemble(const PafLimb& limb, const PafLink* links, int count, const PafPeaks* peaks,
                  PafAssembly assembly, PafPeople& people) {
  for (int i = 0; i < count; ++i) {
    if (assembly == PafAssembly::kMerge) {
      merge(limb, links[i], peaks, people);
    } else if (limb.redundant) {
      fill(limb, links[i], people);
    } else {
      extend(limb, links[i], peaks, assembly == PafAssembly::kExtendAll, people);
    }
  }
}

void paf_add_singles(int part, const PafPeaks& peaks, PafPeople& people) {
  const std::int16_t* joints = people.of_part(part);
  for (int peak = 0; peak < peaks.count; ++peak) {
    const std::int16_t* end = joints + people.count;
    if (std::find(joints, end, static_cast<std::int16_t>(peak)) != end) continue;
    take(people, add_person(people), part, peak, peaks.score[peak]);
  }
}

}  // namespace edgepose
