// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tests/group/paf_scene.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::coco_limbs;
using test::crowd;
using test::group;
using test::kInfinity;
using test::kNan;
using test::PafFound;
using test::PafScene;

const PafOptions kPresets[] = {paf_openpose(), paf_lightweight(), paf_tf_pose()};

PafOptions unsmoothed(PafOptions options) {
  options.smoothing_size = 0;
  return options;
}

TEST(Paf, AnEmptyPictureHasNobody) {
  for (const PafOptions& options : kPresets) {
    EXPECT_EQ(group(PafScene(20, 12, 18, coco_limbs()), options).count, 0);
    EXPECT_EQ(group(PafScene(1, 1, 18, coco_limbs()), options).count, 0);
  }
}

TEST(Paf, NoPartsOrNoLimbsMeanNobody) {
  EXPECT_EQ(group(PafScene(9, 9, 0, {}), paf_openpose()).status, Status::kOk);
  PafScene scene(9, 9, 3, {});
  scene.draw_joint(1, 4, 4, 1);
  const PafFound none = group(scene, paf_openpose());
  EXPECT_EQ(none.status, Status::kOk);
  EXPECT_EQ(none.count, 0);
}

TEST(Paf, FindsEverybodyInACrowd) {
  for (const int people : {1, 2, 5, 15, 30, 60, 100}) {
    const int height = 40 + static_cast<int>(40.0 * std::sqrt(people));
    const PafScene scene = crowd(height * 3 / 2, height, people, 0.0F, 3);
    for (const PafOptions& preset : kPresets) {
      for (const PafMatching matching : {PafMatching::kGreedy, PafMatching::kOptimal}) {
        PafOptions options = unsmoothed(preset);
        options.matching = matching;
        options.min_distance = 0.0F;
        const PafFound found = group(scene, options);
        EXPECT_EQ(found.count, people);
        const auto joints = std::count(found.found.begin(), found.found.end(), 1);
        EXPECT_GE(joints, 0.99 * 18 * people);  // neighbours may cross
      }
    }
  }
}

TEST(Paf, KeepsTheBestOfTooMany) {
  const PafScene scene = crowd(180, 120, 5, 0.0F, 3);
  const PafFound all = group(scene, paf_openpose());
  const PafFound two = group(scene, paf_openpose(), 2);
  ASSERT_EQ(all.count, 5);
  ASSERT_EQ(two.count, 2);
  EXPECT_EQ(two.score[0], all.score[0]);
  EXPECT_EQ(two.score[1], all.score[1]);
  EXPECT_EQ(group(scene, paf_openpose(), 0).count, 0);
}

// A triangle with a limb given twice, in an order that is no tree's.
TEST(Paf, CyclesAndLimbsGivenTwiceKeepPeopleWhole) {
  const std::vector<PafLimb> limbs = {
      {0, 1, 0, 1, false}, {1, 2, 2, 3, false}, {2, 0, 4, 5, false}, {0, 1, 0, 1, false}};
  PafScene scene(60, 40, 3, limbs);
  const float place[2][3][2] = {{{8, 8}, {20, 10}, {12, 25}}, {{38, 8}, {50, 10}, {42, 25}}};
  for (const auto& person : place) {
    for (int part = 0; part < 3; ++part) {
      scene.draw_joint(part, person[part][0], person[part][1], 1);
    }
    for (int limb = 0; limb < 3; ++limb) {
      const float* a = person[limb];
      const float* b = person[(limb + 1) % 3];
      scene.draw_limb(limb, a[0], a[1], b[0], b[1], 1.5F);
    }
  }
  for (const PafOptions& preset : kPresets) {
    PafOptions options = unsmoothed(preset);
    options.min_joints = 3;
    const PafFound found = group(scene, options);
    ASSERT_EQ(found.count, 2);
    for (int i = 0; i < 6; ++i) EXPECT_TRUE(found.found[static_cast<std::size_t>(i)]);
    EXPECT_NEAR(std::fabs(found.xy[0] - found.xy[6]), 30.0F, 0.1F);
  }
}

TEST(Paf, FieldsThatAreNoNumbersLinkNothing) {
  for (const float value : {kNan, kInfinity, -kInfinity}) {
    PafScene scene = crowd(90, 60, 1, 0.0F, 3);
    for (float& cell : scene.field) cell = value;
    for (const PafOptions& preset : kPresets) {
      const PafFound found = group(scene, unsmoothed(preset));
      EXPECT_EQ(found.status, Status::kOk);
      EXPECT_EQ(found.count, 0);
    }
  }
}

TEST(Paf, SurvivesAnyHeatmaps) {
  for (const float value : {kNan, kInfinity, -kInfinity, 1.0F, std::numeric_limits<float>::max()}) {
    PafScene scene = crowd(40, 30, 2, 0.1F, 3);
    for (std::size_t i = 0; i < scene.heat.size(); i += 7) scene.heat[i] = value;
    for (PafOptions options : kPresets) {
      for (const int upscale : {1, 3}) {
        options.upscale = upscale;
        const PafFound found = group(scene, options);
        EXPECT_EQ(found.status, Status::kOk);
        for (const float place : found.xy) EXPECT_TRUE(std::isfinite(place));
      }
    }
  }
}

TEST(Paf, RefusesBadArguments) {
  const PafScene scene = crowd(20, 20, 1, 0.0F, 1);
  const PafSkeleton skeleton = scene.skeleton();
  const PafOptions options = paf_openpose();
  std::vector<unsigned char> memory(paf_workspace_bytes(20, 20, skeleton, options));
  float values[64];
  bool found[64];
  const PafOutput out{values, values, found, values};
  const auto status = [&](const MapBatch& heat, const MapBatch& paf, const PafSkeleton& bones,
                          const PafOptions& choice, int most, void* workspace) {
    return paf_group(heat, paf, bones, choice, most, workspace, out).status;
  };
  const MapBatch heat = scene.heatmaps();
  const MapBatch paf = scene.fields();
  MapBatch wrong = heat;
  wrong.width = 0;
  EXPECT_EQ(status(wrong, paf, skeleton, options, 1, memory.data()), Status::kBadSize);
  MapBatch empty = heat, empty_paf = paf;
  empty.height = empty_paf.height = 0;
  EXPECT_EQ(status(empty, empty_paf, skeleton, options, 1, memory.data()), Status::kBadSize);
  EXPECT_EQ(status(heat, paf, skeleton, options, -1, memory.data()), Status::kBadSize);
  EXPECT_EQ(status(heat, paf, skeleton, options, 1, nullptr), Status::kNullPointer);
  wrong = heat;
  wrong.data = nullptr;
  EXPECT_EQ(status(wrong, paf, skeleton, options, 1, memory.data()), Status::kNullPointer);
  for (const PafLimb& limb : {PafLimb{0, 0, 0, 1, false}, PafLimb{0, 18, 0, 1, false},
                              PafLimb{-1, 0, 0, 1, false}, PafLimb{0, 1, 38, 1, false}}) {
    EXPECT_EQ(status(heat, paf, {18, 1, &limb, nullptr}, options, 1, memory.data()),
              Status::kBadSkeleton);
  }
  EXPECT_EQ(status(heat, paf, {19, 0, nullptr, nullptr}, options, 1, memory.data()),
            Status::kBadSkeleton);
  EXPECT_EQ(status(heat, paf, {2, 1, nullptr, nullptr}, options, 1, memory.data()),
            Status::kNullPointer);
}

TEST(Paf, RefusesOptionsOutOfRange) {
  const auto refused = [](auto change) {
    PafOptions options = paf_openpose();
    change(options);
    return paf_check_options(options) == Status::kBadPafOption &&
           paf_workspace_bytes(8, 8, {}, options) == 0;
  };
  EXPECT_TRUE(refused([](PafOptions& o) { o.upscale = 0; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.upscale = 17; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.smoothing_size = 4; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.smoothing_size = 65; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.smoothing_size = 25, o.upscale = 2; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.max_peaks = kMaxPafPeaks + 1; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.min_samples = 1; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.max_samples = 4; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.min_distance = kNan; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.peak_offset = 2.0F; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.peak_threshold = kNan; }));
  EXPECT_TRUE(refused([](PafOptions& o) { o.length_prior = -1.0F; }));
  EXPECT_FALSE(refused([](PafOptions&) {}));
  EXPECT_EQ(paf_workspace_bytes(0, 8, {}, paf_openpose()), 0U);
}

}  // namespace
}  // namespace edgepose
