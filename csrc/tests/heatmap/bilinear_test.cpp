// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/bilinear.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

TEST(ResizeBilinear, ReadsAtHalfPixelCentres) {
  const float cells[2] = {0.0F, 4.0F};
  float out[8];
  EXPECT_EQ(resize_bilinear({cells, 2, 1, 2}, 4, 2, out), Status::kOk);
  EXPECT_EQ(std::vector<float>(out, out + 8), (std::vector<float>{0, 1, 3, 4, 0, 1, 3, 4}));
  EXPECT_EQ(resize_bilinear({cells, 2, 1, 2}, 1, 1, out), Status::kOk);
  EXPECT_EQ(out[0], 2.0F);
}

TEST(ResizeBilinear, CopiesAMapOfTheSameSizeAndSpreadsOneCell) {
  const test::OwnedMap map = test::noise_map(7, 5, 1, -1.0F, 1.0F);
  std::vector<float> out(35);
  EXPECT_EQ(resize_bilinear(map.view(), 7, 5, out.data()), Status::kOk);
  EXPECT_EQ(out, map.cells);
  const float cell = test::kInfinity;
  EXPECT_EQ(resize_bilinear({&cell, 1, 1, 1}, 1, 1, out.data()), Status::kOk);
  EXPECT_EQ(out[0], test::kInfinity);
}

TEST(ResizeBilinear, RefusesBadArguments) {
  const float cell = 0;
  float out[1];
  EXPECT_EQ(resize_bilinear({&cell, 0, 1, 1}, 1, 1, out), Status::kBadSize);
  EXPECT_EQ(resize_bilinear({&cell, 1, 1, 1}, 0, 1, out), Status::kBadSize);
  EXPECT_EQ(resize_bilinear({&cell, 1, 1, 1}, 1, kMaxSide + 1, out), Status::kBadSize);
  EXPECT_EQ(resize_bilinear({nullptr, 1, 1, 1}, 1, 1, out), Status::kNullPointer);
  EXPECT_EQ(resize_bilinear({&cell, 1, 1, 1}, 1, 1, nullptr), Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
