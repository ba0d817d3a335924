// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_prune.h"

#include <algorithm>

namespace edgepose {
namespace {

int uncounted_joints(const PafPeople& people, const PafSkeleton& skeleton, int person) {
  if (skeleton.uncounted == nullptr) return 0;
  int count = 0;
  for (int part = 0; part < people.parts; ++part) {
    count += skeleton.uncounted[part] != 0 && people.of_part(part)[person] >= 0 ? 1 : 0;
  }
  return count;
}

float person_score(const PafPeople& people, const PafSkeleton& skeleton, PafPersonScore rule,
                   int person) {
  if (rule == PafPersonScore::kTotal) return people.total[person];
  const int over =
      rule == PafPersonScore::kPerJoint ? people.counted[person] : skeleton.parts + skeleton.limbs;
  return people.total[person] / static_cast<float>(over);
}

}  // namespace

int paf_prune(PafPeople& people, const PafSkeleton& skeleton, const PafOptions& options,
              int* order) {
  int kept = 0;
  for (int person = 0; person < people.count; ++person) {
    const int uncounted = uncounted_joints(people, skeleton, person);
    const int counted = people.counted[person] - uncounted;
    const int needed = uncounted > 0 ? options.min_joints_partly : options.min_joints;
    if (counted < std::max(needed, 1)) continue;
    const float each = people.total[person] / static_cast<float>(counted);
    if (!(each >= options.min_joint_score)) continue;
    people.total[person] = person_score(people, skeleton, options.person_score, person);
    order[kept++] = person;
  }
  std::sort(order, order + kept, [&people](int x, int y) {
    const float* score = people.total;
    return score[x] != score[y] ? score[x] > score[y] : x < y;
  });
  return kept;
}

}  // namespace edgepose
