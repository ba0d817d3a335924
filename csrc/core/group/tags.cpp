// SPDX-License-Identifier: Apache-2.0
#include "core/group/tags.h"

#include <algorithm>
#include <cmath>

#include "core/arena.h"
#include "core/group/tags_match.h"
#include "core/group/tags_refine.h"
#include "core/group/tags_select.h"

namespace edgepose {
namespace {

struct Work {
  int* order = nullptr;  // [capacity]
  TagMatchWork match;
  TagRefineWork refine;
};

Work lay_out(Arena& arena, const TagMaps& maps, const TagOptions& options, TagGroups& groups) {
  const auto capacity = static_cast<std::size_t>(tags_capacity(maps.joints, options.max_people));
  groups.key = arena.take<float>(capacity);
  groups.tag_count = arena.take<int>(capacity);
  groups.tag_sum = arena.take<float>(capacity * static_cast<std::size_t>(maps.tag_length));
  Work work;
  work.order = arena.take<int>(capacity);
  work.match = lay_out_tag_match(arena, maps, options);
  if (options.refine) work.refine = lay_out_tag_refine(arena, maps, static_cast<int>(capacity));
  return work;
}

Status check_sizes(const TagMaps& maps, const TagOptions& options) {
  if (maps.joints < 0 || maps.joints > kMaxTagJoints) return Status::kBadSize;
  if (maps.tag_length < 1 || maps.tag_length > kMaxTagLength) return Status::kBadSize;
  if (options.max_people < 0 || options.max_people > kMaxTagPeople) return Status::kBadSize;
  if (options.nms_radius < 0 || options.nms_radius > kMaxSide) return Status::kBadSize;
  if (maps.joints == 0) return Status::kOk;
  if (maps.width < 1 || maps.height < 1) return Status::kBadSize;
  return maps.width > kMaxSide || maps.height > kMaxSide ? Status::kBadSize : Status::kOk;
}

Status check(const TagMaps& maps, const TagOptions& options, const TagPeople& people) {
  const Status status = check_sizes(maps, options);
  if (status != Status::kOk) return status;
  for (const float threshold :
       {options.detection_threshold, options.tag_threshold, options.person_threshold}) {
    if (std::isnan(threshold)) return Status::kBadThreshold;
  }
  if (maps.joints == 0 || options.max_people == 0) return Status::kOk;
  if (maps.heat == nullptr || maps.tag == nullptr) return Status::kNullPointer;
  const bool complete = people.xy != nullptr && people.joint_score != nullptr &&
                        people.tag != nullptr && people.score != nullptr;
  if (!complete) return Status::kNullPointer;
  for (int i = 0; options.joint_order != nullptr && i < maps.joints; ++i) {
    if (options.joint_order[i] < 0 || options.joint_order[i] >= maps.joints) {
      return Status::kBadSize;
    }
  }
  return Status::kOk;
}

void score_people(const TagGroups& groups) {
  for (int person = 0; person < groups.count; ++person) {
    double sum = 0.0;
    for (int joint = 0; joint < groups.joints; ++joint) {
      sum += static_cast<double>(groups.score_of(person, joint));
    }
    groups.out.score[person] = static_cast<float>(sum / groups.joints);
  }
}

}  // namespace

int tags_capacity(int joints, int max_people) {
  const bool good =
      joints >= 0 && joints <= kMaxTagJoints && max_people >= 0 && max_people <= kMaxTagPeople;
  return good ? joints * max_people : 0;
}

std::size_t tags_workspace_bytes(const TagMaps& maps, const TagOptions& options) {
  if (check_sizes(maps, options) != Status::kOk) return 0;
  Arena counting;
  TagGroups groups;
  lay_out(counting, maps, options, groups);
  return counting.bytes();
}

Result<int> tags_group(const TagMaps& maps, const TagOptions& options, int capacity,
                       void* workspace, const TagPeople& people) {
  Status status = check(maps, options, people);
  if (status != Status::kOk) return {status};
  if (capacity < 0) return {Status::kBadSize};
  if (maps.joints == 0 || options.max_people == 0) return {};
  if (workspace == nullptr) return {Status::kNullPointer};
  Arena arena(workspace);
  TagGroups groups;
  const Work work = lay_out(arena, maps, options, groups);
  groups.out = people;
  groups.joints = maps.joints;
  groups.tag_length = maps.tag_length;
  groups.capacity = std::min(capacity, tags_capacity(maps.joints, options.max_people));
  status = tags_match(maps, options, work.match, groups);
  if (status != Status::kOk) return {status};
  score_people(groups);
  tags_select(options, work.order, groups);
  if (options.adjust) tags_adjust(maps, groups);
  if (options.refine) tags_refine(maps, work.refine, groups);
  return {Status::kOk, groups.count};
}

}  // namespace edgepose
