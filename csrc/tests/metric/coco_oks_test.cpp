// SPDX-License-Identifier: Apache-2.0
#include "core/metric/coco_oks.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

constexpr double kSigmas[2] = {0.5, 0.5};

// Two labels of two joints: the first with both labelled, the second with none.
struct Labels {
  double xy[8] = {0, 0, 5, 5, 0, 0, 0, 0};
  std::uint8_t visible[4] = {1, 2, 0, 0};
  double box[8] = {0, 0, 5, 5, 10, 10, 20, 20};
  double area[2] = {4, 4};

  CocoLabels view() const {
    CocoLabels labels;
    labels.xy = xy;
    labels.visible = visible;
    labels.box = box;
    labels.area = area;
    labels.count = 2;
    return labels;
  }
};

TEST(CocoOks, NobodyIsNoWork) {
  EXPECT_EQ(coco_oks(nullptr, 0, {}, nullptr, 0, nullptr), Status::kOk);
}

TEST(CocoOks, UnlabelledPeopleAreComparedByTheirGrownBox) {
  const Labels labels;
  // 0..30 is the box grown by its own size; 32 lies 2 px outside.
  const double xy[8] = {0, 0, 5, 7, 0, 30, 32, 15};
  double out[4];
  ASSERT_EQ(coco_oks(xy, 2, labels.view(), kSigmas, 2, out), Status::kOk);
  EXPECT_NEAR(out[0], 0.5 * (1 + std::exp(-0.5)), 1e-12);
  EXPECT_NEAR(out[1], 1.0, 1e-12);
  EXPECT_NEAR(out[3], 0.5 * (1 + std::exp(-0.5)), 1e-12);
  CocoLabels without_box = labels.view();
  without_box.box = nullptr;
  EXPECT_EQ(coco_similarity(xy, without_box, 1, kSigmas, 2), 0.0);
}

TEST(CocoOks, NothingOfUseIsDefined) {
  Labels labels;
  const double xy[4] = {test::kNan, 0, 5, 5};
  EXPECT_NEAR(coco_similarity(xy, labels.view(), 0, kSigmas, 2), 0.5, 1e-12);
  EXPECT_NEAR(coco_similarity(xy, labels.view(), 1, kSigmas, 2), 0.5, 1e-12);
  const double far[4] = {test::kDoubleInfinity, 0, 1e200, 5};
  EXPECT_EQ(coco_similarity(far, labels.view(), 0, kSigmas, 2), 0.0);
  EXPECT_EQ(coco_similarity(nullptr, labels.view(), 0, nullptr, 0), 0.0);
  labels.area[0] = 0;
  EXPECT_NEAR(coco_similarity(xy, labels.view(), 0, kSigmas, 2), 0.5, 1e-12);
  for (const double area : {-1.0, static_cast<double>(test::kNan)}) {
    labels.area[0] = area;
    EXPECT_TRUE(std::isnan(coco_similarity(xy, labels.view(), 0, kSigmas, 2)));
  }
}

TEST(CocoOks, RefusesBadArguments) {
  const Labels labels;
  const double xy[4] = {0, 0, 5, 5};
  double out[2];
  EXPECT_EQ(coco_oks(xy, -1, labels.view(), kSigmas, 2, out), Status::kBadSize);
  EXPECT_EQ(coco_oks(xy, 1, labels.view(), nullptr, 2, out), Status::kNullPointer);
  EXPECT_EQ(coco_oks(nullptr, 1, labels.view(), kSigmas, 2, out), Status::kNullPointer);
  EXPECT_EQ(coco_oks(xy, 1, labels.view(), kSigmas, 2, nullptr), Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
