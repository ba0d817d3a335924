// SPDX-License-Identifier: Apache-2.0
#include "core/track/roi.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

TEST(Rois, NobodyHasNoBox) {
  EXPECT_EQ(rois_of_keypoints(nullptr, nullptr, 0, 17, {}, nullptr).status, Status::kOk);
  double box[4];
  EXPECT_EQ(rois_of_keypoints(nullptr, nullptr, 1, 0, {}, box).value, 0);
  EXPECT_TRUE(std::isnan(box[0]));
}

TEST(Rois, PadByTheLongerSideAndSkipWhatIsNotVisible) {
  const double xy[] = {0, 0, 10, 20, test::kNan, 5, 99, 99, 1, 1, 1, 1, 1, 1, 1, 1};
  const double score[] = {0.3, 0.9, 0.9, 0.2, 1, 1, 1, 1};
  double boxes[8];
  EXPECT_EQ(rois_of_keypoints(xy, score, 2, 4, {0.3, 2, 0.1}, boxes).value, 1);
  const double wanted[4] = {-2, -2, 12, 22};
  for (int i = 0; i < 4; ++i) EXPECT_DOUBLE_EQ(boxes[i], wanted[i]);
  EXPECT_TRUE(std::isnan(boxes[4]));  // all on one spot
  EXPECT_EQ(rois_of_keypoints(xy, score, 1, 4, {0.3, 3, 0.1}, boxes).value, 0);
}

TEST(Rois, ABoxTooLargeForADoubleIsNone) {
  const double xy[] = {-1.7e308, 0, 1.7e308, 1};
  const double score[] = {1, 1};
  for (const double padding : {0.0, 0.25}) {
    double box[4];
    EXPECT_EQ(rois_of_keypoints(xy, score, 1, 2, {0.3, 2, padding}, box).value, 0);
    for (const double side : box) EXPECT_TRUE(std::isnan(side));
  }
}

TEST(Rois, RefuseBadArguments) {
  const double xy[2] = {0, 0}, score[1] = {1};
  double box[4];
  EXPECT_EQ(rois_of_keypoints(xy, score, -1, 1, {}, box).status, Status::kBadSize);
  EXPECT_EQ(rois_of_keypoints(xy, score, 1, 1, {0, -1, 0}, box).status, Status::kBadSize);
  EXPECT_EQ(rois_of_keypoints(xy, score, 1, 1, {test::kNan, 1, 0}, box).status,
            Status::kBadThreshold);
  EXPECT_EQ(rois_of_keypoints(xy, score, 1, 1, {0, 1, -1}, box).status, Status::kBadThreshold);
  EXPECT_EQ(rois_of_keypoints(nullptr, score, 1, 1, {}, box).status, Status::kNullPointer);
  EXPECT_EQ(rois_of_keypoints(xy, score, 1, 1, {}, nullptr).status, Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
