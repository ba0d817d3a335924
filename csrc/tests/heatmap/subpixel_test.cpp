// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/subpixel.h"

#include <gtest/gtest.h>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::kInfinity;
using test::kNan;
using test::OwnedMap;

void expect_shift(const Shift& shift, float x, float y) {
  EXPECT_FLOAT_EQ(shift.x, x);
  EXPECT_FLOAT_EQ(shift.y, y);
}

OwnedMap peak_at(int x, int y) {
  OwnedMap map(8, 6);
  map.at(x, y) = 1.0F;
  if (x > 0) map.at(x - 1, y) = 0.5F;
  if (y + 1 < 6) map.at(x, y + 1) = 0.8F;
  return map;
}

TEST(Quarter, MovesTowardsTheHigherNeighbour) {
  expect_shift(quarter_shift(peak_at(3, 3).view(), {3, 3, 1.0F}), -0.25F, 0.25F);
}

TEST(Quarter, StaysWithinTheGuard) {
  // Columns 2 to W - 2 and rows 2 to H - 2, both at once.
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 8; ++x) {
      const bool moves = x >= 2 && x <= 6 && y >= 2 && y <= 4;
      const Shift shift = quarter_shift(peak_at(x, y).view(), {x, y, 1.0F});
      EXPECT_EQ(shift.x != 0.0F || shift.y != 0.0F, moves) << x << " " << y;
    }
  }
}

TEST(Quarter, EqualOrNanNeighboursDoNotMove) {
  OwnedMap map(8, 6, 1.0F);
  expect_shift(quarter_shift(map.view(), {3, 3, 1.0F}), 0.0F, 0.0F);
  map.at(2, 3) = kNan;
  map.at(3, 4) = -kInfinity;
  expect_shift(quarter_shift(map.view(), {3, 3, 1.0F}), 0.0F, -0.25F);
}

TEST(Quadratic, IsExactOnAParabola) {
  OwnedMap map(9, 9);
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 9; ++x) {
      const float dx = static_cast<float>(x) - 4.3F;
      const float dy = static_cast<float>(y) - 3.8F;
      map.at(x, y) = 10.0F - dx * dx - 2.0F * dy * dy;
    }
  }
  const Shift shift = quadratic_shift(map.view(), {4, 4, 0.0F});
  EXPECT_NEAR(shift.x, 0.3F, 1e-5);
  EXPECT_NEAR(shift.y, -0.2F, 1e-5);
}

TEST(Quadratic, AnAxisOnTheEdgeStays) {
  expect_shift(quadratic_shift(peak_at(0, 3).view(), {0, 3, 1.0F}), 0.0F, 0.5F * 0.8F / 1.2F);
  expect_shift(quadratic_shift(OwnedMap(1, 1, 1.0F).view(), {0, 0, 1.0F}), 0.0F, 0.0F);
}

TEST(Quadratic, FlatNanAndInfiniteStay) {
  OwnedMap map(8, 6, 1.0F);
  expect_shift(quadratic_shift(map.view(), {3, 3, 1.0F}), 0.0F, 0.0F);
  map.at(2, 3) = kNan;
  map.at(3, 4) = -kInfinity;
  expect_shift(quadratic_shift(map.view(), {3, 3, 1.0F}), 0.0F, 0.0F);
  map.at(3, 3) = kInfinity;
  expect_shift(quadratic_shift(map.view(), {3, 3, kInfinity}), 0.0F, 0.0F);
}

TEST(Quadratic, MovesHalfACellAtMost) {
  OwnedMap map(8, 6);
  map.at(3, 3) = 1.0F;
  map.at(4, 3) = 1.0F;
  expect_shift(quadratic_shift(map.view(), {3, 3, 1.0F}), 0.5F, 0.0F);
}

}  // namespace
}  // namespace edgepose
