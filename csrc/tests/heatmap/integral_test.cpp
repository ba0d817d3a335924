// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/integral.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/heatmap/decode.h"
#include "core/heatmap/exp.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::kInfinity;
using test::kNan;
using test::OwnedMap;

float exp_of(float t) {
  Float16Lanes values = Float16Lanes{} + t;
  exp_of_negative(values);
  for (int lane = 1; lane < 16; ++lane) EXPECT_EQ(values[lane], values[0]);
  return values[0];
}

TEST(Exp, IsWithinItsBound) {
  for (float t = 0.0F; t >= -87.0F; t -= 0.0137F) {
    EXPECT_NEAR(exp_of(t) / std::exp(static_cast<double>(t)), 1.0, 4e-7) << t;
  }
  EXPECT_EQ(exp_of(0.0F), 1.0F);
  EXPECT_EQ(exp_of(-88.0F), 0.0F);
  EXPECT_EQ(exp_of(-kInfinity), 0.0F);
  EXPECT_EQ(exp_of(kNan), 0.0F);
}

// Mean place and sum of exp(beta * value), in double.
struct Mean {
  double x = 0, y = 0, sum = 0;
};

Mean reference(const OwnedMap& map, double beta) {
  Mean mean;
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      const double weight = std::exp(beta * map.view().at(x, y));
      mean.sum += weight;
      mean.x += weight * x;
      mean.y += weight * y;
    }
  }
  mean.x /= mean.sum;
  mean.y /= mean.sum;
  return mean;
}

TEST(Integral, AgreesWithTheDefinition) {
  for (const float beta : {0.01F, 1.0F, 20.0F}) {
    for (const int width : {1, 7, 16, 17, 24, 64, 65, 200}) {
      const OwnedMap map = test::bump_map(width, 70, 5.2F, 40.1F, 1.0F, 0.2F, 3);
      const Cell cell = map_argmax(map.view());
      const Mean mean = reference(map, static_cast<double>(beta));
      const Shift plain = integral_shift(map.view(), cell, beta, false);
      EXPECT_NEAR(cell.x + plain.x, mean.x, 1e-4);
      EXPECT_NEAR(cell.y + plain.y, mean.y, 1e-4);
      const Shift debiased = integral_shift(map.view(), cell, beta, true);
      const double factor = mean.sum / (mean.sum - 1.0);
      EXPECT_NEAR(cell.x + debiased.x, factor * (mean.x - width / (2 * mean.sum)), 1e-4);
      EXPECT_NEAR(cell.y + debiased.y, factor * (mean.y - 70 / (2 * mean.sum)), 1e-4);
    }
  }
}

TEST(Integral, NoValueIsTooLarge) {
  OwnedMap map(5, 5, -3e38F);
  map.at(3, 1) = 3e38F;
  for (const bool debias : {false, true}) {
    const Shift shift = integral_shift(map.view(), map_argmax(map.view()), 1e30F, debias);
    EXPECT_EQ(shift.x, 0.0F);
    EXPECT_EQ(shift.y, 0.0F);
  }
  // One cell of weight 1: C = 1, and what would be debiased is divided by zero.
  const OwnedMap single(1, 1, 0.0F);
  EXPECT_EQ(integral_shift(single.view(), {0, 0, 0.0F}, 1.0F, true).x, 0.0F);
}

TEST(Integral, AMaximumThatIsNotFiniteStays) {
  for (const float value : {kInfinity, -kInfinity}) {
    const OwnedMap map(4, 4, value);
    const Shift shift = integral_shift(map.view(), {0, 0, value}, 1.0F, false);
    EXPECT_EQ(shift.x + shift.y, 0.0F);
  }
}

TEST(Integral, RefusesBadOptions) {
  const OwnedMap map(4, 4, 1.0F);
  const MapBatch batch{map.cells.data(), 1, 1, 4, 4, 0, 0, 4};
  float xy[2];
  float score;
  DecodeOptions options;
  options.subpixel = Subpixel::kIntegral;
  for (const float beta : {0.0F, -1.0F, kInfinity, kNan}) {
    options.beta = beta;
    EXPECT_EQ(heatmap_decode(batch, options, xy, &score), Status::kBadOption);
  }
}

}  // namespace
}  // namespace edgepose
