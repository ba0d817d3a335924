// SPDX-License-Identifier: Apache-2.0
#include "core/metric/coco_rules.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/metric/coco_defaults.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using Ids = std::vector<std::int64_t>;

TEST(CocoDefaults, AreEvenlySpacedAndEndExactly) {
  EXPECT_EQ(kCocoThresholds.value[0], 0.5);
  EXPECT_DOUBLE_EQ(kCocoThresholds.value[5], 0.75);
  EXPECT_EQ(kCocoThresholds.value[9], 0.95);
  EXPECT_EQ(kCocoRecalls.value[0], 0.0);
  EXPECT_DOUBLE_EQ(kCocoRecalls.value[37], 0.37);
  EXPECT_EQ(kCocoRecalls.value[100], 1.0);
}

TEST(LabelAreas, FollowThePolicy) {
  EXPECT_EQ(label_areas(nullptr, nullptr, 0, AreaPolicy::kBox, nullptr), Status::kOk);
  const double box[8] = {0, 0, 10, 20, 5, 5, 6, 7};
  const double area[2] = {100, test::kNan};
  double out[2];
  ASSERT_EQ(label_areas(box, area, 2, AreaPolicy::kAnnotation, out), Status::kOk);
  EXPECT_EQ(out[0], 100.0);
  EXPECT_DOUBLE_EQ(out[1], 0.53 * 2);
  ASSERT_EQ(label_areas(box, nullptr, 2, AreaPolicy::kBox, out), Status::kOk);
  EXPECT_DOUBLE_EQ(out[0], 0.53 * 200);
  EXPECT_EQ(label_areas(box, nullptr, 2, AreaPolicy::kAnnotation, out), Status::kNullPointer);
  EXPECT_EQ(label_areas(box, area, -1, AreaPolicy::kBox, out), Status::kBadSize);
}

TEST(CrowdLevel, LimitsBelongToTheHarderLevel) {
  EXPECT_EQ(crowd_level(0.0), CrowdLevel::kEasy);
  EXPECT_EQ(crowd_level(0.2), CrowdLevel::kMedium);
  EXPECT_EQ(crowd_level(0.8), CrowdLevel::kHard);
  EXPECT_EQ(crowd_level(0.5, 0.1, 0.4), CrowdLevel::kHard);
  EXPECT_EQ(crowd_level(test::kNan), CrowdLevel::kHard);
}

TEST(GroupByImage, NothingToGroup) {
  std::int64_t start = 7;
  EXPECT_EQ(group_by_image(nullptr, 0, nullptr, 0, nullptr, &start), Status::kOk);
  EXPECT_EQ(start, 0);
}

TEST(GroupByImage, KeepsTheOrderAndLeavesOtherImagesOut) {
  const Ids of = {9, 3, 9, 4, -1, 3};
  const Ids images = {3, 5, 9};
  Ids rows(of.size()), start(images.size() + 1);
  ASSERT_EQ(group_by_image(of.data(), 6, images.data(), 3, rows.data(), start.data()), Status::kOk);
  EXPECT_EQ(start, (Ids{0, 2, 2, 4}));
  rows.resize(4);
  EXPECT_EQ(rows, (Ids{1, 5, 0, 2}));
}

TEST(GroupByImage, RefusesBadArguments) {
  const Ids falling = {3, 2};
  const Ids twice = {3, 3};
  Ids rows(2), start(3);
  for (const Ids& images : {falling, twice}) {
    EXPECT_EQ(group_by_image(falling.data(), 2, images.data(), 2, rows.data(), start.data()),
              Status::kBadSize);
  }
  EXPECT_EQ(group_by_image(falling.data(), -1, nullptr, 0, rows.data(), start.data()),
            Status::kBadSize);
  EXPECT_EQ(group_by_image(nullptr, 2, nullptr, 0, rows.data(), start.data()),
            Status::kNullPointer);
  EXPECT_EQ(group_by_image(falling.data(), 2, nullptr, 0, rows.data(), nullptr),
            Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
