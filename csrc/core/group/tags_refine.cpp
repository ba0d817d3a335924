// SPDX-License-Identifier: Apache-2.0
#include "core/group/tags_refine.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr int kRun = 64;
constexpr int kLanes = 16;
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// To the nearest whole number, halves to even; for values of 0 and more.
EDGEPOSE_INLINE float round_half_even(float value) {
  constexpr float kWhole = 8388608.0F;  // from here on every float is whole
  const float rounded = (value + kWhole) - kWhole;
  return value < kWhole ? rounded : value;
}

// Squares add up in `squares`; one tag component needs none: the root of a square is its size.
EDGEPOSE_INLINE void add_gap(float* squares, float gap, bool single) {
  *squares = single ? std::fabs(gap) : *squares + gap * gap;
}

EDGEPOSE_INLINE float value_of(float heat, float squares, bool single) {
  return heat - round_half_even(single ? squares : std::sqrt(squares));
}

// Bounds [count] of all runs for one mean tag.
EDGEPOSE_MULTIVERSION
void bound_runs(const TagRuns& runs, const float* mean, int tag_length) {
  const bool single = tag_length == 1;
  const int count = runs.count;
  float* bound = runs.bound;
  std::fill_n(bound, count, 0.0F);
  for (int t = 0; t < tag_length; ++t) {
    const float* low = runs.low_tag + static_cast<std::ptrdiff_t>(t) * count;
    const float* high = runs.high_tag + static_cast<std::ptrdiff_t>(t) * count;
    const float middle = mean[t];
    for (int i = 0; i < count; ++i) {
      const float below = low[i] - middle;
      const float above = middle - high[i];
      float gap = below > above ? below : above;
      gap = gap > 0.0F ? gap : 0.0F;
      add_gap(bound + i, gap, single);
    }
  }
  for (int i = 0; i < count; ++i) bound[i] = value_of(runs.high[i], bound[i], single);
}

// Values [count] of the cells of one run for one mean tag.
EDGEPOSE_MULTIVERSION
void value_run(const float* heat, const float* tag, std::ptrdiff_t plane_stride, const float* mean,
               int tag_length, int count, float* values) {
  const bool single = tag_length == 1;
  for (int i = 0; i < count; ++i) values[i] = 0.0F;
  for (int t = 0; t < tag_length; ++t) {
    const float* cells = tag + t * plane_stride;
    const float middle = mean[t];
    for (int i = 0; i < count; ++i) add_gap(values + i, cells[i] - middle, single);
  }
  for (int i = 0; i < count; ++i) values[i] = value_of(heat[i], values[i], single);
}

struct Range {
  float low = kInfinity;
  float high = -kInfinity;
};

// Lowest and highest of a run; NaN are passed over.
EDGEPOSE_MULTIVERSION
Range range_of(const float* cells, int count) {
  float low[kLanes], high[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) {
    low[lane] = kInfinity;
    high[lane] = -kInfinity;
  }
  int from = 0;
  for (; from + kLanes <= count; from += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) {
      const float cell = cells[from + lane];
      low[lane] = cell < low[lane] ? cell : low[lane];
      high[lane] = cell > high[lane] ? cell : high[lane];
    }
  }
  for (; from < count; ++from) {
    low[0] = cells[from] < low[0] ? cells[from] : low[0];
    high[0] = cells[from] > high[0] ? cells[from] : high[0];
  }
  Range range;
  for (int lane = 0; lane < kLanes; ++lane) {
    range.low = std::min(range.low, low[lane]);
    range.high = std::max(range.high, high[lane]);
  }
  return range;
}

// One joint's maps, the cells of a row side by side in both.
struct JointMaps {
  MapView heat;
  const float* tag = nullptr;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t plane_stride = 0;
};

JointMaps joint_maps(const TagMaps& maps, int joint, float* plane) {
  JointMaps joint_maps;
  joint_maps.heat = maps.heatmap(joint);
  joint_maps.tag = maps.tag_at(joint, 0, 0);
  joint_maps.row_stride = maps.tag_row_stride;
  joint_maps.plane_stride = maps.tag_stride;
  if (maps.tag_cell_stride == 1 || maps.width == 1) return joint_maps;
  const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(maps.width) * maps.height;
  for (int y = 0; y < maps.height; ++y) {
    for (int t = 0; t < maps.tag_length; ++t) {
      const float* from = maps.tag_at(joint, 0, y) + t * maps.tag_stride;
      float* to = plane + t * area + static_cast<std::ptrdiff_t>(y) * maps.width;
      for (int x = 0; x < maps.width; ++x) to[x] = from[x * maps.tag_cell_stride];
    }
  }
  joint_maps.tag = plane;
  joint_maps.row_stride = maps.width;
  joint_maps.plane_stride = area;
  return joint_maps;
}

void find_ranges(const JointMaps& maps, int tag_length, const TagRuns& runs) {
  int run = 0;
  for (int y = 0; y < maps.heat.height; ++y) {
    for (int x = 0; x < maps.heat.width; x += kRun, ++run) {
      const int length = std::min(kRun, maps.heat.width - x);
      runs.high[run] = range_of(maps.heat.row(y) + x, length).high;
      for (int t = 0; t < tag_length; ++t) {
        const Range range =
            range_of(maps.tag + t * maps.plane_stride + y * maps.row_stride + x, length);
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(t) * runs.count + run;
        runs.low_tag[at] = range.low;
        runs.high_tag[at] = range.high;
      }
    }
  }
}

struct BestCell {
  float value = -kInfinity;
  int run = 0;
  int x = -1;
  int y = 0;
};

void look_at(const JointMaps& maps, const TagRuns& runs, const float* mean, int tag_length, int run,
             BestCell& best) {
  const int y = run / runs.runs_per_row;
  const int x = run % runs.runs_per_row * kRun;
  const int length = std::min(kRun, maps.heat.width - x);
  float values[kRun];
  value_run(maps.heat.row(y) + x, maps.tag + y * maps.row_stride + x, maps.plane_stride, mean,
            tag_length, length, values);
  const float highest = range_of(values, length).high;
  if (!(highest > best.value || (highest == best.value && run < best.run))) return;
  int at = 0;
  while (at < length && values[at] != highest) ++at;
  if (at < length) best = {highest, run, x + at, y};
}

// The first cell of the highest value; x = -1 where no cell has one.
BestCell best_cell(const JointMaps& maps, const TagRuns& runs, const float* mean, int tag_length) {
  bound_runs(runs, mean, tag_length);
  int first = 0;  // the most promising run, to know early what the others must beat
  for (int run = 1; run < runs.count; ++run) {
    if (runs.bound[run] > runs.bound[first]) first = run;
  }
  BestCell best;
  look_at(maps, runs, mean, tag_length, first, best);
  for (int run = 0; run < runs.count; ++run) {
    if (runs.bound[run] >= best.value && run != first) {
      look_at(maps, runs, mean, tag_length, run, best);
    }
  }
  return best;
}

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
  const auto tag_length = static_cast<std::size_t>(maps.tag_length);
  TagRefineWork work;
  TagRuns& runs = work.runs;
  runs.runs_per_row = (maps.width + kRun - 1) / kRun;
  runs.count = runs.runs_per_row * maps.height;
  const auto count = static_cast<std::size_t>(runs.count);
  runs.high = arena.take<float>(count);
  runs.low_tag = arena.take<float>(count * tag_length);
  runs.high_tag = arena.take<float>(count * tag_length);
  runs.bound = arena.take<float>(count);
  const bool side_by_side = maps.tag_cell_stride == 1 || maps.width == 1;
  const std::size_t area =
      static_cast<std::size_t>(maps.width) * static_cast<std::size_t>(maps.height);
  runs.plane = arena.take<float>(side_by_side ? 0 : area * tag_length);
  work.mean = arena.take<float>(static_cast<std::size_t>(capacity) * tag_length);
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

void tags_refine(const TagMaps& maps, TagRefineWork& work, const TagGroups& groups) {
  for (int person = 0; person < groups.count; ++person) {
    find_mean(groups, person, work.mean + static_cast<std::ptrdiff_t>(person) * groups.tag_length);
  }
  for (int joint = 0; joint < groups.joints; ++joint) {
    JointMaps joint_view;
    for (int person = 0; person < groups.count; ++person) {
      if (groups.score_of(person, joint) != 0.0F) continue;
      if (joint_view.tag == nullptr) {
        joint_view = joint_maps(maps, joint, work.runs.plane);
        find_ranges(joint_view, maps.tag_length, work.runs);
      }
      const float* mean = work.mean + static_cast<std::ptrdiff_t>(person) * groups.tag_length;
      const BestCell best = best_cell(joint_view, work.runs, mean, maps.tag_length);
      if (best.x < 0 || !(joint_view.heat.at(best.x, best.y) > 0.0F)) continue;
      groups.score_of(person, joint) = joint_view.heat.at(best.x, best.y);
      place_between(joint_view.heat, best.x, best.y, groups.xy_of(person, joint));
    }
  }
}

}  // namespace edgepose
