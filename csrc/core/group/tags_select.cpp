// SPDX-License-Identifier: Apache-2.0
#include "core/group/tags_select.h"

#include <algorithm>

namespace edgepose {
namespace {

void swap_people(const TagGroups& groups, int a, int b) {
  if (a == b) return;
  const TagPeople& out = groups.out;
  const int joints = groups.joints;
  std::swap_ranges(groups.xy_of(a, 0), groups.xy_of(a, 0) + 2 * std::ptrdiff_t{joints},
                   groups.xy_of(b, 0));
  std::swap_ranges(&groups.score_of(a, 0), &groups.score_of(a, 0) + joints, &groups.score_of(b, 0));
  std::swap_ranges(groups.tag_of(a, 0),
                   groups.tag_of(a, 0) + std::ptrdiff_t{joints} * groups.tag_length,
                   groups.tag_of(b, 0));
  std::swap(out.score[a], out.score[b]);
}

}  // namespace

void tags_select(const TagOptions& options, int* order, TagGroups& groups) {
  const float* score = groups.out.score;
  int kept = 0;
  for (int person = 0; person < groups.count; ++person) {
    if (score[person] >= options.person_threshold) order[kept++] = person;
  }
  if (options.by_score) {
    std::sort(order, order + kept,
              [score](int a, int b) { return score[a] != score[b] ? score[a] > score[b] : a < b; });
  }
  for (int place = 0; place < kept; ++place) {
    int from = order[place];
    while (from < place) from = order[from];  // where a swap has put that person
    swap_people(groups, place, from);
  }
  groups.count = kept;
}

}  // namespace edgepose
