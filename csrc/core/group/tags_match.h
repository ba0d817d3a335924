// SPDX-License-Identifier: Apache-2.0
// The matching step of tags_group: peaks to people, joint after joint.
#pragma once

#include "core/arena.h"
#include "core/group/tags.h"
#include "core/heatmap/peaks.h"

namespace edgepose {

// People under construction: the caller's arrays and what matching must remember.
struct TagGroups {
  TagPeople out;
  int joints = 0;
  int tag_length = 0;
  int capacity = 0;
  int count = 0;
  float* key = nullptr;      // [capacity] first component of the tag that started the person
  float* tag_sum = nullptr;  // [capacity, T] of the tags matched since
  int* tag_count = nullptr;  // [capacity]

  float* tag_of(int person, int joint) const {
    return out.tag + (static_cast<std::ptrdiff_t>(person) * joints + joint) * tag_length;
  }
  float* xy_of(int person, int joint) const {
    return out.xy + (static_cast<std::ptrdiff_t>(person) * joints + joint) * 2;
  }
  float& score_of(int person, int joint) const {
    return out.joint_score[static_cast<std::ptrdiff_t>(person) * joints + joint];
  }
};

struct TagMatchWork {
  Peak* peaks = nullptr;      // [max_people]
  float* peak_tag = nullptr;  // [max_people, T]
  float* mean = nullptr;      // [T, max_people]
  double* cost = nullptr;     // [max_people, max_people]
  double* distance = nullptr;
  int* person = nullptr;  // [max_people]
  unsigned char* assign = nullptr;
};

TagMatchWork lay_out_tag_match(Arena& arena, const TagMaps& maps, const TagOptions& options);

// Adds the people of all joints to `groups`.
Status tags_match(const TagMaps& maps, const TagOptions& options, const TagMatchWork& work,
                  TagGroups& groups);

}  // namespace edgepose
