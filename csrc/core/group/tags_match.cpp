// SPDX-License-Identifier: Apache-2.0
#include "core/group/tags_match.h"

#include <algorithm>
#include <cmath>

#include "core/group/assign.h"
#include "core/multiversion.h"

namespace edgepose {
namespace {

// What a peak costs that no person is left for; more than any rounded distance.
constexpr double kNobody = 1e10;

// Reads the tags of the peaks; peaks with a tag that is not finite are dropped. Gives the count.
int read_tags(const TagMaps& maps, int joint, const TagMatchWork& work, int found) {
  int count = 0;
  for (int i = 0; i < found; ++i) {
    const Peak peak = work.peaks[i];
    const float* from = maps.tag_at(joint, peak.x, peak.y);
    float* to = work.peak_tag + static_cast<std::ptrdiff_t>(count) * maps.tag_length;
    bool finite = true;
    for (int t = 0; t < maps.tag_length; ++t) {
      to[t] = from[t * maps.tag_stride];
      finite = finite && std::isfinite(to[t]);
    }
    work.peaks[count] = peak;
    if (finite) ++count;
  }
  return count;
}

// Means [T, max_people], the people of a component side by side.
void find_means(const TagGroups& groups, int known, int max_people, float* mean) {
  for (int person = 0; person < known; ++person) {
    const auto count = static_cast<float>(groups.tag_count[person]);
    const float* sum = groups.tag_sum + static_cast<std::ptrdiff_t>(person) * groups.tag_length;
    for (int t = 0; t < groups.tag_length; ++t) {
      mean[static_cast<std::ptrdiff_t>(t) * max_people + person] = sum[t] / count;
    }
  }
}

// To the nearest whole number, halves to even; for values of 0 and more.
EDGEPOSE_INLINE double round_half_even(double value) {
  constexpr double kWhole = 4503599627370496.0;  // from here on every double is whole
  const double rounded = (value + kWhole) - kWhole;
  return value < kWhole ? rounded : value;
}

// Distances and costs of one peak, `columns` of each; those past `known` stand for nobody.
EDGEPOSE_MULTIVERSION
void find_costs(const float* tag, double score, const float* mean, int max_people, int tag_length,
                int known, int columns, bool use_detection_val, double* distance, double* cost) {
  std::fill_n(distance, known, 0.0);
  for (int t = 0; t < tag_length; ++t) {
    const auto place = static_cast<double>(tag[t]);
    const float* means = mean + static_cast<std::ptrdiff_t>(t) * max_people;
    for (int person = 0; person < known; ++person) {
      const double gap = place - static_cast<double>(means[person]);
      distance[person] += gap * gap;
    }
  }
  for (int person = 0; person < known; ++person) distance[person] = std::sqrt(distance[person]);
  if (use_detection_val) {
    for (int person = 0; person < known; ++person) {
      cost[person] = round_half_even(distance[person]) * 100.0 - score;
    }
  } else {
    std::copy_n(distance, known, cost);
  }
  std::fill(cost + known, cost + columns, kNobody);
}

// The person of each peak, -1 for a new one.
Status match_peaks(const TagMatchWork& work, const TagOptions& options, int tag_length, int peaks,
                   int known) {
  if (known == 0) {
    std::fill_n(work.person, peaks, -1);
    return Status::kOk;
  }
  const int columns = std::max(peaks, known);
  for (int i = 0; i < peaks; ++i) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i) * columns;
    find_costs(work.peak_tag + static_cast<std::ptrdiff_t>(i) * tag_length,
               static_cast<double>(work.peaks[i].score), work.mean, options.max_people, tag_length,
               known, columns, options.use_detection_val, work.distance + at, work.cost + at);
  }
  const Result<int> pairs = assign({work.cost, peaks, columns, columns}, work.assign, work.person);
  for (int i = 0; i < peaks; ++i) {
    const int person = work.person[i];
    const bool near = person >= 0 && person < known &&
                      work.distance[static_cast<std::ptrdiff_t>(i) * columns + person] <
                          static_cast<double>(options.tag_threshold);
    if (!near) work.person[i] = -1;
  }
  return pairs.status;
}

// A new person, or the one that was started by the same first component; -1 without room.
int start_person(TagGroups& groups, float key, bool merge) {
  int person = 0;
  if (merge) {
    while (person < groups.count && groups.key[person] != key) ++person;
  } else {
    person = groups.count;
  }
  if (person == groups.capacity) return -1;
  if (person == groups.count) {
    ++groups.count;
    std::fill_n(groups.xy_of(person, 0), 2 * groups.joints, 0.0F);
    std::fill_n(&groups.score_of(person, 0), groups.joints, 0.0F);
    std::fill_n(groups.tag_of(person, 0), groups.joints * groups.tag_length, 0.0F);
    groups.key[person] = key;
  }
  groups.tag_count[person] = 0;
  std::fill_n(groups.tag_sum + static_cast<std::ptrdiff_t>(person) * groups.tag_length,
              groups.tag_length, 0.0F);
  return person;
}

void add_joint(const TagGroups& groups, int person, int joint, const Peak& peak, const float* tag) {
  groups.xy_of(person, joint)[0] = static_cast<float>(peak.x);
  groups.xy_of(person, joint)[1] = static_cast<float>(peak.y);
  groups.score_of(person, joint) = peak.score;
  float* sum = groups.tag_sum + static_cast<std::ptrdiff_t>(person) * groups.tag_length;
  for (int t = 0; t < groups.tag_length; ++t) {
    groups.tag_of(person, joint)[t] = tag[t];
    sum[t] = groups.tag_count[person] == 0 ? tag[t] : sum[t] + tag[t];
  }
  ++groups.tag_count[person];
}

Status match_joint(const TagMaps& maps, const TagOptions& options, const TagMatchWork& work,
                   int joint, TagGroups& groups) {
  const int known = std::min(groups.count, options.max_people);
  if (options.ignore_too_much && known == options.max_people) return Status::kOk;
  const Result<int> found =
      map_peaks(maps.heatmap(joint), std::max(options.detection_threshold, 0.0F),
                options.nms_radius, options.max_people, work.peaks);
  if (found.status != Status::kOk) return found.status;
  const int peaks = read_tags(maps, joint, work, found.value);
  find_means(groups, known, options.max_people, work.mean);
  const Status status = match_peaks(work, options, maps.tag_length, peaks, known);
  if (status != Status::kOk) return status;
  for (int i = 0; i < peaks; ++i) {
    const float* tag = work.peak_tag + static_cast<std::ptrdiff_t>(i) * maps.tag_length;
    int person = work.person[i];
    if (person < 0) person = start_person(groups, tag[0], options.merge_equal_tags);
    if (person < 0) return Status::kNoCapacity;
    add_joint(groups, person, joint, work.peaks[i], tag);
  }
  return Status::kOk;
}

}  // namespace

TagMatchWork lay_out_tag_match(Arena& arena, const TagMaps& maps, const TagOptions& options) {
  const auto people = static_cast<std::size_t>(options.max_people);
  const auto tag_length = static_cast<std::size_t>(maps.tag_length);
  TagMatchWork work;
  work.peaks = arena.take<Peak>(people);
  work.peak_tag = arena.take<float>(people * tag_length);
  work.mean = arena.take<float>(people * tag_length);
  work.cost = arena.take<double>(people * people);
  work.distance = arena.take<double>(people * people);
  work.person = arena.take<int>(people);
  work.assign =
      arena.take<unsigned char>(assign_workspace_bytes(options.max_people, options.max_people));
  return work;
}

Status tags_match(const TagMaps& maps, const TagOptions& options, const TagMatchWork& work,
                  TagGroups& groups) {
  for (int i = 0; i < maps.joints; ++i) {
    const int joint = options.joint_order == nullptr ? i : options.joint_order[i];
    const Status status = match_joint(maps, options, work, joint, groups);
    if (status != Status::kOk) return status;
  }
  return Status::kOk;
}

}  // namespace edgepose
