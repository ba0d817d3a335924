// SPDX-License-Identifier: Apache-2.0
// Associative-embedding grouping of the C ABI beside the stored people of HigherHRNet's parser.
#include <edgepose.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/golden/vectors.h"

namespace edgepose::golden {
namespace {

constexpr int kJoints = 17;

struct Setting {
  const char* name;
  int adjust, refine, ignore_too_much, use_detection_val, max_people;
};
void PrintTo(const Setting& setting, std::ostream* out) { *out << setting.name; }

class Tags : public GoldenTestOf<Setting> {};
INSTANTIATE_TEST_SUITE_P(Golden, Tags,
                         ::testing::Values(Setting{"default", 1, 1, 0, 1, 30},
                                           Setting{"no_refine", 1, 0, 0, 1, 30},
                                           Setting{"no_adjust_no_refine", 0, 0, 0, 1, 30},
                                           Setting{"refine_no_adjust", 0, 1, 0, 1, 30},
                                           Setting{"ignore_too_much", 1, 1, 1, 1, 30},
                                           Setting{"no_detection_val", 1, 1, 0, 0, 30},
                                           Setting{"max10", 1, 1, 0, 1, 10},
                                           Setting{"max10_ignore_too_much", 1, 1, 1, 1, 10}),
                         [](const auto& info) { return std::string(info.param.name); });

struct Found {
  std::vector<double> joints;  // [P, K, 3 + T] x, y, score, tags
  std::vector<double> score;   // [P]
};

Found group(const Array& heat, const Array& tag, ep_tag_options options) {
  const std::vector<float> heat_cells = heat.floats(), tag_cells = tag.floats();
  const auto length = static_cast<std::int32_t>(tag.count(3));
  const auto height = static_cast<std::int32_t>(heat.count(1));
  const auto width = static_cast<std::int32_t>(heat.count(2));
  ep_tag_maps maps;
  ep_tag_maps_init(&maps, sizeof maps);
  ep_tag_maps_set(&maps, heat_cells.data(), tag_cells.data(), kJoints, height, width, length);
  maps.tag_stride = 1;  // the components of a tag lie side by side here
  maps.tag_cell_stride = length;
  maps.tag_row_stride = std::int64_t{width} * length;
  maps.tag_joint_stride = maps.tag_row_stride * height;
  const std::int32_t capacity = ep_tags_capacity(kJoints, options.max_people);
  const auto room = static_cast<std::size_t>(capacity) * kJoints;
  std::vector<float> xy(2 * room), joint_score(room), tags(room * static_cast<std::size_t>(length));
  std::vector<float> score(static_cast<std::size_t>(capacity));
  std::vector<char> workspace(ep_tags_workspace_size(&maps, &options));
  ep_tag_people people;
  ep_tag_people_init(&people, sizeof people);
  people.capacity = capacity;
  people.xy = xy.data();
  people.joint_score = joint_score.data();
  people.tag = tags.data();
  people.score = score.data();
  std::int32_t count = 0;
  ep_error error;
  EXPECT_EQ(
      ep_tags_group(&maps, &options, workspace.data(), workspace.size(), &people, &count, &error),
      EP_OK)
      << error.message;
  Found found;
  const auto components = static_cast<std::size_t>(length);
  for (std::size_t at = 0; at < static_cast<std::size_t>(count) * kJoints; ++at) {
    found.joints.insert(found.joints.end(), {xy[2 * at], xy[2 * at + 1], joint_score[at]});
    for (std::size_t i = 0; i < components; ++i) found.joints.push_back(tags[at * components + i]);
  }
  found.score.assign(score.begin(), score.begin() + count);
  return found;
}

// The order of people that were started by equal peaks is free: the stored person of each.
std::vector<std::int32_t> pairs(const Found& found, const std::vector<double>& wanted) {
  const std::size_t people = found.score.size(), width = people == 0 ? 0 : wanted.size() / people;
  std::vector<double> cost(people * people);
  for (std::size_t at = 0; at < cost.size(); ++at) {
    const double *a = &found.joints[at / people * width], *b = &wanted[at % people * width];
    for (std::size_t i = 0; i < width; ++i) cost[at] += std::abs(a[i] - b[i]);
  }
  const auto count = static_cast<std::int32_t>(people);
  std::vector<char> workspace(ep_assign_workspace_size(count, count));
  std::vector<std::int32_t> result(people);
  std::int32_t paired = 0;
  EXPECT_EQ(ep_assign_run(cost.data(), count, count, workspace.data(), workspace.size(),
                          result.data(), &paired, nullptr),
            EP_OK);
  EXPECT_EQ(paired, count);
  return result;
}

TEST_P(Tags, EveryScene) {
  const File file("ae_grouping");
  const Setting& setting = GetParam();
  std::vector<std::int32_t> order;
  for (const std::int64_t joint : file["joint_order"].integers()) {
    order.push_back(static_cast<std::int32_t>(joint));
  }
  ep_tag_options options;
  ep_tag_options_init(&options, sizeof options);
  options.adjust = setting.adjust;
  options.refine = setting.refine;
  options.ignore_too_much = setting.ignore_too_much;
  options.use_detection_val = setting.use_detection_val;
  options.max_people = setting.max_people;
  options.joint_order = order.data();
  int compared = 0;
  for (int scene = 0; scene < 14; ++scene) {
    const std::string of = scene < 10 ? "a0" + std::to_string(scene) : "a" + std::to_string(scene);
    const std::string name = of + "_" + setting.name;
    if (!file.has(name + "_people")) continue;
    SCOPED_TRACE(name);
    const Found found = group(file[of + "_heat"], file[of + "_tag"], options);
    const std::vector<double> wanted = file[name + "_people"].values;
    const std::vector<double> score = file[name + "_score"].values;
    ASSERT_EQ(found.score.size(), score.size());
    ASSERT_EQ(found.joints.size(), wanted.size());
    // Assignments tie as in the reference, so the unstable entries are compared as well.
    const std::vector<std::int32_t> pair = pairs(found, wanted);
    std::vector<double> sorted_joints, sorted_score, joint_score, wanted_joint_score;
    const std::size_t width = score.empty() ? 0 : wanted.size() / score.size();
    for (const std::int32_t person : pair) {
      const auto from = wanted.begin() + person * static_cast<std::ptrdiff_t>(width);
      sorted_joints.insert(sorted_joints.end(), from, from + static_cast<std::ptrdiff_t>(width));
      sorted_score.push_back(score[static_cast<std::size_t>(person)]);
    }
    for (std::size_t at = 2; at < wanted.size(); at += width / kJoints) {
      joint_score.push_back(found.joints[at]);
      wanted_joint_score.push_back(sorted_joints[at]);
    }
    expect_close(found.joints, sorted_joints, 1e-3);
    expect_close(joint_score, wanted_joint_score, 1e-5);
    expect_close(found.score, sorted_score, 1e-5);
    ++compared;
  }
  EXPECT_GE(compared, 5);
}

}  // namespace
}  // namespace edgepose::golden
