// SPDX-License-Identifier: Apache-2.0
#include "core/group/tags.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/random_maps.h"
#include "tests/tag_scene.h"

namespace edgepose {
namespace {

struct Found {
  test::TagRoom room;
  Result<int> count;

  Found(const TagMaps& maps, const TagOptions& options) : room(maps, options) {
    count = tags_group(maps, options, room.capacity, room.workspace.data(), room.people());
  }
};

// Two joints on a map of 40x6; the second person lacks the second joint's peak.
struct TwoPeople {
  test::OwnedMap heat{40, 12};
  test::OwnedMap tag{40, 12};

  TwoPeople() {
    put(0, 3, 2, 0.9F, 0.0F);
    put(0, 30, 2, 0.8F, 5.0F);
    put(1, 4, 4, 0.7F, 0.2F);
    put(1, 35, 3, 0.05F, 5.3F);
  }
  void put(int joint, int x, int y, float score, float value) {
    heat.at(x, joint * 6 + y) = score;
    tag.at(x, joint * 6 + y) = value;
  }
  TagMaps maps() const {
    return {heat.cells.data(), tag.cells.data(), 2, 40, 6, 1, 240, 40, 240, 40, 1, 240};
  }
};

TEST(Tags, NoJointsOrNoPeopleWantedGiveNobody) {
  EXPECT_EQ(tags_group({}, {}, 0, nullptr, {}).status, Status::kOk);
  TagOptions options;
  options.max_people = 0;
  EXPECT_EQ(tags_group(TwoPeople().maps(), options, 0, nullptr, {}).value, 0);
}

TEST(Tags, MatchesByTagAndFillsWhatIsMissing) {
  const TwoPeople scene;
  const Found found(scene.maps(), {});
  ASSERT_EQ(found.count.value, 2);
  const std::vector<float> xy(found.room.xy.begin(), found.room.xy.begin() + 8);
  EXPECT_EQ(xy, (std::vector<float>{3.25F, 2.25F, 4.25F, 4.25F, 30.25F, 2.25F, 35.25F, 3.25F}));
  EXPECT_FLOAT_EQ(found.room.joint_score[3], 0.05F);
  EXPECT_FLOAT_EQ(found.room.score[1], 0.4F);
  EXPECT_EQ(found.room.tag[2], 5.0F);
  EXPECT_EQ(found.room.tag[3], 0.0F);
}

TEST(Tags, KeepsWholeCellsWithoutAdjustAndRefine) {
  TagOptions options;
  options.adjust = options.refine = false;
  const Found found(TwoPeople().maps(), options);
  ASSERT_EQ(found.count.value, 2);
  EXPECT_EQ(found.room.xy[4], 30.0F);
  EXPECT_EQ(found.room.joint_score[3], 0.0F);
}

TEST(Tags, FarTagsStartPeopleUnlessTooManyAreIgnored) {
  TwoPeople scene;
  scene.put(1, 20, 1, 0.95F, 50.0F);
  EXPECT_EQ(Found(scene.maps(), {}).count.value, 3);
  TagOptions options;
  options.max_people = 2;
  options.ignore_too_much = true;
  EXPECT_EQ(Found(scene.maps(), options).count.value, 2);
}

// The value that refine maximises, as written in the paper's parser.
float value_at(const test::TagScene& scene, int joint, int cell, const std::vector<float>& mean) {
  const int area = scene.width * scene.height;
  float squares = 0.0F;
  for (int t = 0; t < scene.tag_length; ++t) {
    const auto at = static_cast<std::size_t>((joint * scene.tag_length + t) * area + cell);
    const float gap = scene.tag[at] - mean[static_cast<std::size_t>(t)];
    squares += gap * gap;
  }
  return scene.heat[static_cast<std::size_t>(joint * area + cell)] -
         std::nearbyint(std::sqrt(squares));
}

TEST(Tags, RefineFindsTheBestCellOfTheWholeMap) {
  for (const int length : {1, 2, 3}) {
    const test::TagScene scene(8, 5, 83, 45, length, 0.4, static_cast<unsigned>(length));
    TagOptions options;
    options.refine = false;
    const Found rough(scene.maps(), options);
    const Found fine(scene.maps(), {});
    ASSERT_EQ(rough.count.value, fine.count.value);
    int filled = 0;
    for (int i = 0; i < 5 * rough.count.value; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (rough.room.joint_score[at] != 0.0F) continue;
      const int person = i / 5;
      std::vector<float> mean(static_cast<std::size_t>(length));
      float seen = 0.0F;
      for (int joint = 0; joint < 5; ++joint) {
        const auto row = static_cast<std::size_t>(person * 5 + joint);
        if (rough.room.joint_score[row] == 0.0F) continue;
        ++seen;
        for (std::size_t t = 0; t < mean.size(); ++t) {
          mean[t] += rough.room.tag[row * mean.size() + t];
        }
      }
      for (float& value : mean) value /= seen;
      int best = 0;
      for (int cell = 1; cell < 83 * 45; ++cell) {
        if (value_at(scene, i % 5, cell, mean) > value_at(scene, i % 5, best, mean)) best = cell;
      }
      if (!(scene.heat[static_cast<std::size_t>(i % 5 * 83 * 45 + best)] > 0.0F)) continue;
      ++filled;
      EXPECT_EQ(std::floor(fine.room.xy[2 * at]), static_cast<float>(best % 83));
      const int line = best / 83;
      EXPECT_EQ(std::floor(fine.room.xy[2 * at + 1]), static_cast<float>(line));
    }
    EXPECT_GT(filled, 3);
  }
}

TEST(Tags, SelectsPeopleByTheirScore) {
  const test::TagScene scene(12, 4, 90, 70, 1, 0.4, 3);
  const Found all(scene.maps(), {});
  ASSERT_GT(all.count.value, 8);
  for (const bool by_score : {false, true}) {
    for (const float least : {-test::kInfinity, 0.0F, 0.4F, 0.6F, 2.0F, test::kInfinity}) {
      TagOptions options;
      options.by_score = by_score;
      options.person_threshold = least;
      const Found found(scene.maps(), options);
      std::vector<int> wanted;
      for (int i = 0; i < all.count.value; ++i) {
        if (all.room.score[static_cast<std::size_t>(i)] >= least) wanted.push_back(i);
      }
      if (by_score) {
        std::stable_sort(wanted.begin(), wanted.end(), [&all](int a, int b) {
          return all.room.score[static_cast<std::size_t>(a)] >
                 all.room.score[static_cast<std::size_t>(b)];
        });
      }
      ASSERT_EQ(found.count.value, static_cast<int>(wanted.size()));
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto from = static_cast<std::size_t>(wanted[i]);
        EXPECT_EQ(found.room.score[i], all.room.score[from]);
        for (std::size_t k = 0; k < 4; ++k) {
          EXPECT_EQ(found.room.joint_score[4 * i + k], all.room.joint_score[4 * from + k]);
          EXPECT_EQ(found.room.tag[4 * i + k], all.room.tag[4 * from + k]);
          EXPECT_EQ(found.room.xy[8 * i + 2 * k], all.room.xy[8 * from + 2 * k]);
          EXPECT_EQ(found.room.xy[8 * i + 2 * k + 1], all.room.xy[8 * from + 2 * k + 1]);
        }
      }
    }
  }
}

TEST(Tags, EqualScoresKeepTheirOrder) {
  test::OwnedMap heat(40, 2), tag(40, 2);
  for (int i = 0; i < 8; ++i) {
    heat.at(5 * i + 1, 0) = i == 3 ? 0.5F : 0.75F;
    tag.at(5 * i + 1, 0) = 10.0F * static_cast<float>(i);
  }
  TagOptions options;
  options.adjust = options.refine = false;
  options.by_score = true;
  const TagMaps maps{heat.cells.data(), tag.cells.data(), 1, 40, 2, 1, 80, 40, 80, 40, 1, 80};
  const Found found(maps, options);
  ASSERT_EQ(found.count.value, 8);
  const float columns[8] = {1, 6, 11, 21, 26, 31, 36, 16};
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(found.room.xy[2 * i], columns[i]);
}

TEST(Tags, OddMapsAreDefined) {
  const float odd[] = {test::kNan, test::kInfinity, -test::kInfinity, 1.0F, 3e38F};
  for (const float heat : odd) {
    for (const float tag : odd) {
      TwoPeople scene;
      std::fill(scene.heat.cells.begin(), scene.heat.cells.end(), heat);
      std::fill(scene.tag.cells.begin() + 100, scene.tag.cells.end(), tag);
      const Found found(scene.maps(), {});
      EXPECT_EQ(found.count.status, Status::kOk);
      EXPECT_LE(found.count.value, found.room.capacity);
    }
  }
}

TEST(Tags, ReadsOneCellAndInterleavedTags) {
  const float heat[2] = {0.5F, 0.6F};
  const float tag[4] = {1.0F, 9.0F, 1.1F, 9.0F};
  const TagMaps maps{heat, tag, 2, 1, 1, 2, 1, 1, 2, 2, 2, 1};
  const Found found(maps, {});
  ASSERT_EQ(found.count.value, 1);
  EXPECT_EQ(found.room.xy[0], 0.25F);
}

TEST(Tags, LeavesItsInputsAlone) {
  const test::TagScene scene(5, 4, 64, 48, 2);
  const auto heat = scene.heat;
  const auto tag = scene.tag;
  const Found found(scene.maps(), {});
  EXPECT_EQ(found.count.value, 5);
  EXPECT_EQ(heat, scene.heat);
  EXPECT_EQ(tag, scene.tag);
}

TEST(Tags, RefusesBadArguments) {
  const TwoPeople scene;
  const TagMaps good = scene.maps();
  Found found(good, {});
  const auto status_of = [&](const TagMaps& maps, const TagOptions& options, int capacity = 60) {
    return tags_group(maps, options, capacity, found.room.workspace.data(), found.room.people())
        .status;
  };
  for (int TagMaps::*size : {&TagMaps::joints, &TagMaps::width, &TagMaps::height}) {
    TagMaps maps = good;
    maps.*size = -1;
    EXPECT_EQ(status_of(maps, {}), Status::kBadSize);
    EXPECT_EQ(tags_workspace_bytes(maps, {}), 0U);
  }
  TagMaps maps = good;
  maps.tag_length = 0;
  EXPECT_EQ(status_of(maps, {}), Status::kBadSize);
  maps = good;
  maps.tag = nullptr;
  EXPECT_EQ(status_of(maps, {}), Status::kNullPointer);
  TagOptions options;
  options.max_people = kMaxTagPeople + 1;
  EXPECT_EQ(status_of(good, options), Status::kBadSize);
  EXPECT_EQ(tags_capacity(2, kMaxTagPeople + 1), 0);
  options = {};
  options.nms_radius = -1;
  EXPECT_EQ(status_of(good, options), Status::kBadSize);
  options = {};
  options.tag_threshold = test::kNan;
  EXPECT_EQ(status_of(good, options), Status::kBadThreshold);
  options = {};
  options.person_threshold = test::kNan;
  EXPECT_EQ(status_of(good, options), Status::kBadThreshold);
  options = {};
  const int order[2] = {0, 2};
  options.joint_order = order;
  EXPECT_EQ(status_of(good, options), Status::kBadSize);
  EXPECT_EQ(status_of(good, {}, 1), Status::kNoCapacity);
  EXPECT_EQ(status_of(good, {}, -1), Status::kBadSize);
  EXPECT_EQ(tags_group(good, {}, 60, nullptr, found.room.people()).status, Status::kNullPointer);
  EXPECT_EQ(tags_group(good, {}, 60, found.room.workspace.data(), {}).status, Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
