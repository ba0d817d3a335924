// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/volume.h"

#include <gtest/gtest.h>

#include "core/heatmap/argmax.h"
#include "core/heatmap/integral.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::OwnedMap;

TEST(Volume, SlicesThatAreEqualGiveTheMiddle) {
  const OwnedMap map = test::bump_map(20, 30, 7.0F, 11.0F, 5.0F, 0.1F, 1);
  VolumeBatch volumes{MapBatch{map.cells.data(), 1, 1, 20, 30, 0, 0, 20}, 5, 0};
  float xyz[3];
  float score;
  ASSERT_EQ(volume_integral(volumes, 2.0F, xyz, &score), Status::kOk);
  const Cell cell = map_argmax(map.view());
  const Shift shift = integral_shift(map.view(), cell, 2.0F, false);
  EXPECT_NEAR(xyz[0], cell.x + shift.x, 1e-5);
  EXPECT_NEAR(xyz[1], cell.y + shift.y, 1e-5);
  EXPECT_NEAR(xyz[2], 2.0, 1e-6);
  ASSERT_EQ(volume_argmax(volumes, xyz, &score), Status::kOk);
  EXPECT_EQ(xyz[2], 0.0F);  // the first of equal maxima
  EXPECT_EQ(score, cell.score);
}

TEST(Volume, RefusesBadSizes) {
  const float cell = 1.0F;
  float xyz[3];
  float score;
  const MapBatch one{&cell, 1, 1, 1, 1, 1, 1, 1};
  EXPECT_EQ(volume_argmax({one, 0, 0}, xyz, &score), Status::kBadSize);
  EXPECT_EQ(volume_argmax({one, kMaxSide + 1, 0}, xyz, &score), Status::kBadSize);
  EXPECT_EQ(volume_argmax({one, 1, 0}, nullptr, &score), Status::kNullPointer);
  EXPECT_EQ(volume_argmax({}, nullptr, nullptr), Status::kOk);
  for (const float beta : {0.0F, -1.0F, test::kInfinity, test::kNan}) {
    EXPECT_EQ(volume_integral({one, 1, 0}, beta, xyz, &score), Status::kBadOption);
  }
  EXPECT_EQ(volume_argmax({one, 1, 0}, xyz, &score), Status::kOk);
}

}  // namespace
}  // namespace edgepose
