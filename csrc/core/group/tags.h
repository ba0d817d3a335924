// SPDX-License-Identifier: Apache-2.0
// People from joint heatmaps and tag maps: Associative Embedding (Newell et al. 2017) with the
// parser of HigherHRNet (Cheng et al. 2020).
#pragma once

#include <cstddef>
#include <limits>

#include "core/status.h"
#include "core/view.h"

namespace edgepose {

// Largest number of joints, tag components, and people to match at a time.
constexpr int kMaxTagJoints = 4096;
constexpr int kMaxTagLength = 1024;
constexpr int kMaxTagPeople = 4096;

// Maps of one picture. Strides in floats, any values; a joint stride of 0 shares one tag map.
struct TagMaps {
  const float* heat = nullptr;  // [K, H, W], the cells of a row side by side
  const float* tag = nullptr;   // [K, H, W, T]
  int joints = 0;
  int width = 0;
  int height = 0;
  int tag_length = 1;  // T
  std::ptrdiff_t heat_joint_stride = 0;
  std::ptrdiff_t heat_row_stride = 0;
  std::ptrdiff_t tag_joint_stride = 0;
  std::ptrdiff_t tag_row_stride = 0;
  std::ptrdiff_t tag_cell_stride = 0;
  std::ptrdiff_t tag_stride = 0;  // from a component to the next

  MapView heatmap(int joint) const {
    return {heat + joint * heat_joint_stride, width, height, heat_row_stride};
  }
  const float* tag_at(int joint, int x, int y) const {
    return tag + joint * tag_joint_stride + y * tag_row_stride + x * tag_cell_stride;
  }
};

struct TagOptions {
  float detection_threshold = 0.1F;  // excluded lower bound of a peak; below 0 it counts as 0
  float tag_threshold = 1.0F;        // excluded upper bound of the distance to a person's tag
  int max_people = 30;               // peaks per joint, and people that peaks are matched with
  int nms_radius = 2;                // cells on each side that a peak must surpass or equal
  bool use_detection_val = true;     // rounded distances, the surer peak first
  bool ignore_too_much = false;      // skip a joint once max_people are found
  bool merge_equal_tags = true;      // a new person with the first component of another joins it
  bool adjust = true;                // quarter of a cell towards the higher neighbour
  bool refine = true;                // fill missing joints from the whole map
  const int* joint_order = nullptr;  // [K], the order of matching; null for 0, 1, ...
  // Not in the published parser:
  float person_threshold = -std::numeric_limits<float>::infinity();  // least score of a person
  bool by_score = false;  // people by falling score, not in the order in which they were started
};

// The people found. Missing joints hold zeros.
struct TagPeople {
  float* xy = nullptr;           // [capacity, K, 2]
  float* joint_score = nullptr;  // [capacity, K]
  float* tag = nullptr;          // [capacity, K, T], of the peak; zeros for joints filled by refine
  float* score = nullptr;        // [capacity], mean joint score before refine
};

// Most people that can be found: joints * max_people.
int tags_capacity(int joints, int max_people);

// Bytes of workspace that `tags_group` needs; 0 for sizes that it refuses.
std::size_t tags_workspace_bytes(const TagMaps& maps, const TagOptions& options);

// Groups the peaks of all joints into people.
//
// Joint after joint, the max_people highest peaks (max-pooling rule) are assigned to the people so
// far at the least total distance between the peak's tag and the mean tag of the person. A peak
// further than tag_threshold from its person starts a new one. `adjust` moves every joint a quarter
// of a cell towards the higher neighbour in x and in y. `refine` gives each person each joint it
// lacks at the cell with the highest value of heat - round(|tag - mean tag|), if its heat is
// positive.
//
// Units:  cells. With `adjust`, and for every joint filled by `refine`, x and y are column + 0.5
//         +- 0.25 and row + 0.5 +- 0.25 as published (the map's corner is the origin); without,
//         x = column and y = row of the peak.
// Needs:  people with room for `capacity` people, tags_capacity() is always enough; workspace of
//         tags_workspace_bytes() bytes at any address.
// Gives:  the number of people, in the order in which they were started or, with `by_score`, by
//         falling score and then in that order; kNoCapacity where more than `capacity` were
//         started, those below person_threshold among them. NaN cells are no peaks and are never
//         filled in; a peak with a NaN or infinite tag component is dropped, a cell with a NaN tag
//         is passed over. Ties: see map_peaks and assign; of equal cells `refine` takes the first
//         in row-major order.
// Cost:   one pass over the heat; O(max_people^3) per joint at worst to match; with `refine` one
//         pass over heat and tags per joint that somebody lacks, and per person that lacks it a
//         look at the parts of the map that can hold the best cell; no allocation.
Result<int> tags_group(const TagMaps& maps, const TagOptions& options, int capacity,
                       void* workspace, const TagPeople& people);

}  // namespace edgepose
