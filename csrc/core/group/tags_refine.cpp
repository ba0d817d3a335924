// SPDX-License-Identifier: Apache-2.0
#include "core/group/tags_refine.h"

#include <algorithm>

namespace edgepose {
namespace {

float towards(float low, float high) { return high > low ? 0.75F : 0.25F; }

void place_between(const MapView& map, int x, int y, float* xy) {
  const int left = std::max(x - 1, 0);
  const int right = std::min(x + 1, map.width - 1);
  const int top = std::max(y - 1, 0);
  const int bottom = std::min(y + 1, map.height - 1);
  xy[0] = static_cast<float>(x) + towards(map.at(left, y), map.at(right, y));
  xy[1] = static_cast<float>(y) + towards(map.at(x, top), map.at(x, bottom));
}

void find_mean(const TagGroups& groups, int person, float* mean) {
  int seen = 0;
  std::fill_n(mean, groups.tag_length, 0.0F);
  for (int joint = 0; joint < groups.joints; ++joint) {
    if (groups.score_of(person, joint) == 0.0F) continue;
    const float* tag = groups.tag_of(person, joint);
    for (int t = 0; t < groups.tag_length; ++t) mean[t] += tag[t];
    ++seen;
  }
  for (int t = 0; t < groups.tag_length; ++t) mean[t] /= static_cast<float>(seen);
}

}  // namespace

TagRefineWork lay_out_tag_refine(Arena& arena, const TagMaps& maps, int capacity) {
  TagRefineWork work;
  work.tiles = lay_out_tag_tiles(arena, maps);
  work.mean = arena.take<float>(static_cast<std::size_t>(capacity) *
                                static_cast<std::size_t>(maps.tag_length));
  return work;
}

void tags_adjust(const TagMaps& maps, const TagGroups& groups) {
  for (int person = 0; person < groups.count; ++person) {
    for (int joint = 0; joint < groups.joints; ++joint) {
      if (groups.score_of(person, joint) == 0.0F) continue;
      float* xy = groups.xy_of(person, joint);
      place_between(maps.heatmap(joint), static_cast<int>(xy[0]), static_cast<int>(xy[1]), xy);
    }
  }
}

void tags_refine(const TagMaps& maps, const TagRefineWork& work, const TagGroups& groups) {
  for (int person = 0; person < groups.count; ++person) {
    find_mean(groups, person, work.mean + static_cast<std::ptrdiff_t>(person) * groups.tag_length);
  }
  for (int joint = 0; joint < groups.joints; ++joint) {
    TagJoint joint_view;
    for (int person = 0; person < groups.count; ++person) {
      if (groups.score_of(person, joint) != 0.0F) continue;
      if (joint_view.tag == nullptr) {
        joint_view = tag_joint(maps, joint, work.tiles.plane);
        find_tag_ranges(joint_view, maps.tag_length, work.tiles);
      }
      const float* mean = work.mean + static_cast<std::ptrdiff_t>(person) * groups.tag_length;
      const TagCell best = best_tag_cell(joint_view, work.tiles, mean, maps.tag_length);
      if (best.x < 0 || !(joint_view.heat.at(best.x, best.y) > 0.0F)) continue;
      groups.score_of(person, joint) = joint_view.heat.at(best.x, best.y);
      place_between(joint_view.heat, best.x, best.y, groups.xy_of(person, joint));
    }
  }
}

}  // namespace edgepose
