// SPDX-License-Identifier: Apache-2.0
// PAF grouping of the C ABI beside the stored outputs of three published implementations.
#include <edgepose.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "tests/golden/vectors.h"

namespace edgepose::golden {
namespace {

// People as rows [3 K + 1]: x, y and score of each joint, zeros where missing, and their score.
using Rows = std::vector<std::vector<double>>;

struct Skeleton {
  std::vector<ep_paf_limb> limbs;
  std::vector<std::uint8_t> uncounted;

  // The last two of COCO-18's 19 limbs close cycles, and so do two of BODY_25's 26, whose six
  // parts of the feet do not speak for a person.
  Skeleton(const File& file, int first_redundant, int parts, int counted)
      : uncounted(static_cast<std::size_t>(parts)) {
    const std::vector<double> ends = file["limb_parts"].values;
    const std::vector<double> channels = file["limb_paf_channels"].values;
    for (std::size_t limb = 0; 2 * limb < ends.size(); ++limb) {
      const int index = static_cast<int>(limb) - first_redundant;
      const auto whole = [&](const std::vector<double>& of, std::size_t end) {
        return static_cast<std::int32_t>(of.at(2 * limb + end));
      };
      limbs.push_back({whole(ends, 0), whole(ends, 1), whole(channels, 0), whole(channels, 1),
                       index == 0 || index == 1 ? 1 : 0});
    }
    std::fill(uncounted.begin() + counted, uncounted.end(), std::uint8_t{1});
  }

  ep_paf_skeleton view() const {
    ep_paf_skeleton skeleton;
    ep_paf_skeleton_init(&skeleton, sizeof skeleton);
    skeleton.parts = static_cast<std::int32_t>(uncounted.size());
    skeleton.limb_count = static_cast<std::int32_t>(limbs.size());
    skeleton.limbs = limbs.data();
    skeleton.uncounted = uncounted.data();
    return skeleton;
  }
};

Skeleton coco_18(const File& file) { return {file, 17, 18, 18}; }
Skeleton body_25(const File& file) { return {file, 18, 25, 19}; }

ep_paf_options preset(std::int32_t kind) {
  ep_paf_options options;
  ep_paf_options_init(&options, sizeof options, kind);
  return options;
}

ep_heatmaps maps_of(const float* cells, std::int64_t channels, const Array& array) {
  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_set_nchw(&maps, cells, 1, channels, static_cast<std::int32_t>(array.count(1)),
                       static_cast<std::int32_t>(array.count(2)));
  return maps;
}

Rows group(const ep_heatmaps& heat, const ep_heatmaps& paf, const Skeleton& skeleton,
           const ep_paf_options& options) {
  constexpr std::int32_t kRoom = 100;
  const ep_paf_skeleton view = skeleton.view();
  const auto parts = static_cast<std::size_t>(view.parts);
  std::vector<float> xy(kRoom * parts * 2), joint_score(kRoom * parts), score(kRoom);
  std::vector<std::uint8_t> found(kRoom * parts);
  std::vector<char> workspace(ep_paf_workspace_size(heat.width, heat.height, &view, &options));
  ep_paf_people people;
  ep_paf_people_init(&people, sizeof people);
  people.max_people = kRoom;
  people.xy = xy.data();
  people.joint_score = joint_score.data();
  people.found = found.data();
  people.score = score.data();
  std::int32_t count = 0;
  ep_error error;
  EXPECT_EQ(ep_paf_group(&heat, &paf, &view, &options, workspace.data(), workspace.size(), &people,
                         &count, &error),
            EP_OK)
      << error.message;
  EXPECT_LT(count, kRoom);
  Rows rows;
  for (std::size_t person = 0; person < static_cast<std::size_t>(count); ++person) {
    std::vector<double> row;
    for (std::size_t joint = person * parts; joint < (person + 1) * parts; ++joint) {
      row.insert(row.end(), {xy[2 * joint], xy[2 * joint + 1], joint_score[joint]});
    }
    row.push_back(score[person]);
    rows.push_back(row);
  }
  return rows;
}

// Stored people, whose joints without a score are missing.
Rows stored(const File& file, const std::string& name) {
  const Array joints = file[name + "_people"], score = file[name + "_score"];
  Rows rows;
  for (std::size_t person = 0; person < score.values.size(); ++person) {
    const auto width = static_cast<std::size_t>(3 * joints.count(1));
    const auto from = joints.values.begin() + static_cast<std::ptrdiff_t>(person * width);
    std::vector<double> row(from, from + static_cast<std::ptrdiff_t>(width));
    for (std::size_t at = 0; at < width; at += 3) {
      if (!(row[at + 2] > 0)) row[at] = row[at + 1] = row[at + 2] = 0;
    }
    row.push_back(score.values[person]);
    rows.push_back(row);
  }
  return rows;
}

// People of lightweight-openpose, whose joints are indices of peaks.
Rows entries(const File& file, const std::string& name) {
  const Array people = file[name + "_entries"], peaks = file[name + "_peaks"];
  Rows rows;
  for (std::int64_t person = 0; person < people.count(0); ++person) {
    std::vector<double> row(55);
    for (std::size_t part = 0; part < 18; ++part) {
      const double peak = people.values[static_cast<std::size_t>(person) * 20 + part];
      for (std::size_t i = 0; i < 3 && peak >= 0; ++i) {
        row[3 * part + i] = peaks.values.at(static_cast<std::size_t>(peak) * 4 + i);
      }
    }
    row[54] = people.values[static_cast<std::size_t>(person) * 20 + 18];
    rows.push_back(row);
  }
  return rows;
}

// Equal as sets: joints within `place`, scores within 1e-4.
void expect_same(const Rows& found, Rows wanted, double place) {
  ASSERT_EQ(found.size(), wanted.size());
  for (const std::vector<double>& row : found) {
    const auto like = [&](const std::vector<double>& other) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        const bool is_score = i % 3 == 2 || i + 1 == row.size();
        if (!(std::abs(row[i] - other.at(i)) <= (is_score ? 1e-4 : place))) return false;
      }
      return true;
    };
    const auto match = std::find_if(wanted.begin(), wanted.end(), like);
    ASSERT_NE(match, wanted.end()) << "no stored person is like the one of score " << row.back();
    wanted.erase(match);
  }
}

struct Scene {
  Array heat_array, paf_array;
  std::vector<float> heat_cells, paf_cells;
  ep_heatmaps heat, paf;

  Scene(const File& file, const std::string& name)
      : heat_array(file[name + "_heat"]),
        paf_array(file[name + "_paf"]),
        heat_cells(heat_array.floats()),
        paf_cells(paf_array.floats()),
        heat(maps_of(heat_cells.data(), heat_array.count(0), heat_array)),
        paf(maps_of(paf_cells.data(), paf_array.count(0), paf_array)) {}
};

using PafSynthetic = GoldenTestOf<const char*>;
INSTANTIATE_TEST_SUITE_P(Golden, PafSynthetic,
                         ::testing::Values("s00", "s01", "s02", "s03", "s04", "s05", "s06", "s07",
                                           "s08", "s09", "s10", "s11", "s12", "s13", "s14", "s15"),
                         [](const auto& info) { return test_name(info.param); });

// Each decoder is compared where its reference is stable.
TEST_P(PafSynthetic, ThreeDecoders) {
  const File file("paf_synthetic");
  const std::string name = GetParam();
  const Scene scene(file, name);
  const Skeleton skeleton = coco_18(file);
  const std::vector<double> stable = file[name + "_stable"].values;
  if (stable.at(0) != 0) {
    SCOPED_TRACE("lightweight-openpose");
    const auto options = preset(EP_PAF_LIGHTWEIGHT);
    expect_same(group(scene.heat, scene.paf, skeleton, options), entries(file, name + "_lwop"), 0);
  }
  if (stable.at(1) != 0) {
    SCOPED_TRACE("tf-pose");
    auto options = preset(EP_PAF_TF_POSE);
    options.smoothing_size = 0;
    expect_same(group(scene.heat, scene.paf, skeleton, options), stored(file, name + "_pafprocess"),
                0);
  }
  if (stable.at(2) != 0) {
    SCOPED_TRACE("OpenPose");
    const auto options = preset(EP_PAF_OPENPOSE);
    expect_same(group(scene.heat, scene.paf, skeleton, options), stored(file, name + "_openpose"),
                1e-3);
  }
}

using PafBody25 = GoldenTestOf<const char*>;
INSTANTIATE_TEST_SUITE_P(Golden, PafBody25, ::testing::Values("b00", "b01", "b02"),
                         [](const auto& info) { return test_name(info.param); });

TEST_P(PafBody25, OpenPose) {
  const File file("paf_body25");
  const std::string name = GetParam();
  if (file[name + "_stable"].values.at(0) == 0) GTEST_SKIP() << "the reference is not stable here";
  const Scene scene(file, name);
  const auto options = preset(EP_PAF_OPENPOSE);
  expect_same(group(scene.heat, scene.paf, body_25(file), options),
              stored(file, name + "_openpose"), 1e-3);
}

using PafPhoto = GoldenTestOf<const char*>;
INSTANTIATE_TEST_SUITE_P(Golden, PafPhoto, ::testing::Values("p2", "p3", "apink2", "crowd103319"),
                         [](const auto& info) { return test_name(info.param); });

TEST_P(PafPhoto, Enlarged) {
  const File file("paf_real");
  const std::string name = GetParam();
  const Array array = file[name + "_maps"];
  const std::vector<float> cells = array.floats();
  const std::int64_t area = array.count(1) * array.count(2);
  const ep_heatmaps heat = maps_of(cells.data(), 19, array);
  const ep_heatmaps paf = maps_of(cells.data() + 19 * area, 38, array);
  const Skeleton skeleton = coco_18(file);
  for (const double stable : file[name + "_stable_lwop_openpose_tfpose"].values) {
    ASSERT_EQ(stable, 1);
  }
  ep_paf_options options = preset(EP_PAF_LIGHTWEIGHT);
  options.upscale = 4;
  expect_same(group(heat, paf, skeleton, options), entries(file, name + "_lwop_x4"), 0);
  options = preset(EP_PAF_OPENPOSE);
  options.upscale = 8;
  expect_same(group(heat, paf, skeleton, options), stored(file, name + "_openpose_x8"), 1e-3);
  options = preset(EP_PAF_TF_POSE);
  for (const int upscale : {1, 4}) {
    options.upscale = upscale;
    const std::string of = name + "_tfpose_x" + std::to_string(upscale);
    expect_same(group(heat, paf, skeleton, options), stored(file, of), 0);
  }
}

}  // namespace
}  // namespace edgepose::golden
