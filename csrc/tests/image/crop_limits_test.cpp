// SPDX-License-Identifier: Apache-2.0
// What the crop refuses, and that it reads no byte that is not the picture's.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "core/image/crop.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::kInfinity;
using test::kNan;

const std::vector<std::uint8_t> kPixels(27, 9);
const ImageView kImage{kPixels.data(), 3, 3, 9};
constexpr double kIdentity[6] = {1, 0, 0, 0, 1, 0};

TEST(CropLimits, NoCropIsNoWork) {
  EXPECT_EQ(crop_normalize(kImage, nullptr, 0, 4, 4, {}, nullptr), Status::kOk);
}

TEST(CropLimits, SizesThatAreRefusedHaveNoParts) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  constexpr int kHighest = std::numeric_limits<int>::max();
  EXPECT_EQ(crop_part_count(0, 4), 0);
  EXPECT_EQ(crop_part_count(-1, 4), 0);
  EXPECT_EQ(crop_part_count(1, 0), 0);
  EXPECT_EQ(crop_part_count(1, kHighest), 0);
  EXPECT_EQ(crop_part_count(1, kMaxSide), kMaxSide / kCropPartRows);
  EXPECT_EQ(crop_part_count(kMost, kCropPartRows + 1), 2 * kMost);
  EXPECT_EQ(crop_part_count(kMost + 1, 4), 0);
  EXPECT_EQ(crop_part_count(std::numeric_limits<std::int64_t>::max(), 64), 0);
  std::vector<float> out(48);
  EXPECT_EQ(crop_normalize(kImage, kIdentity, kMost + 1, 4, 4, {}, out.data()), Status::kBadSize);
}

TEST(CropLimits, RefusesBadSizes) {
  std::vector<float> out(48);
  const ImageView empty{kPixels.data(), 0, 3, 9};
  const ImageView flat{kPixels.data(), 3, 0, 9};
  EXPECT_EQ(crop_normalize(empty, kIdentity, 1, 4, 4, {}, out.data()), Status::kBadSize);
  EXPECT_EQ(crop_normalize(flat, kIdentity, 1, 4, 4, {}, out.data()), Status::kBadSize);
  EXPECT_EQ(crop_normalize(kImage, kIdentity, 1, 0, 4, {}, out.data()), Status::kBadSize);
  EXPECT_EQ(crop_normalize(kImage, kIdentity, 1, 4, -1, {}, out.data()), Status::kBadSize);
  EXPECT_EQ(crop_normalize(kImage, kIdentity, -1, 4, 4, {}, out.data()), Status::kBadSize);
}

TEST(CropLimits, RefusesMissingArrays) {
  std::vector<float> out(48);
  const ImageView missing{nullptr, 3, 3, 9};
  EXPECT_EQ(crop_normalize(missing, kIdentity, 1, 4, 4, {}, out.data()), Status::kNullPointer);
  EXPECT_EQ(crop_normalize(kImage, nullptr, 1, 4, 4, {}, out.data()), Status::kNullPointer);
  EXPECT_EQ(crop_normalize(kImage, kIdentity, 1, 4, 4, {}, nullptr), Status::kNullPointer);
}

TEST(CropLimits, RefusesBadMatricesAndLeavesTheOutputAlone) {
  const std::array<std::array<double, 6>, 7> matrices = {{{0, 0, 0, 0, 0, 0},
                                                          {1, 1, 0, 1, 1, 0},
                                                          {0, 0, 0, 0, 1, 0},
                                                          {kNan, 0, 0, 0, 1, 0},
                                                          {1, 0, kNan, 0, 1, 0},
                                                          {1, 0, 0, 0, test::kDoubleInfinity, 0},
                                                          {1, 0, 1e300, 0, 1, 0}}};
  for (const auto& matrix : matrices) {
    std::vector<double> two(kIdentity, kIdentity + 6);
    two.insert(two.end(), matrix.begin(), matrix.end());
    std::vector<float> out(96, 5.0F);
    EXPECT_EQ(crop_normalize(kImage, two.data(), 2, 4, 4, {}, out.data()), Status::kBadMatrix);
    EXPECT_EQ(out, std::vector<float>(96, 5.0F));
  }
}

TEST(CropLimits, RefusesBadColors) {
  std::vector<float> out(48);
  const CropColor colors[] = {{{0, 0, 0}, {1, 0, 1}, false, 0},
                              {{0, kNan, 0}, {1, 1, 1}, false, 0},
                              {{0, 0, 0}, {1, 1, kInfinity}, false, 0},
                              {{0, 0, 0}, {1, 1, 1}, false, kNan}};
  for (const CropColor& color : colors) {
    EXPECT_EQ(crop_normalize(kImage, kIdentity, 1, 4, 4, color, out.data()), Status::kBadColor);
  }
}

// The address sanitizer watches both ends of the picture.
TEST(CropLimits, StaysInsideThePicture) {
  for (int width = 1; width <= 5; ++width) {
    for (int height = 1; height <= 4; ++height) {
      const auto pixels = test::noise_picture(width, height, 7);
      const ImageView image{pixels.data(), width, height, 3 * width};
      for (int turn = 0; turn < 24; ++turn) {
        const double angle = turn * 0.2618;
        const double c = 0.37 * std::cos(angle);
        const double s = 0.37 * std::sin(angle);
        const double matrix[6] = {c, -s, 0.5 * width - 6 * (c - s) - 0.5,
                                  s, c,  0.5 * height - 6 * (c + s) - 0.5};
        std::vector<float> out(3 * 169);
        ASSERT_EQ(crop_normalize(image, matrix, 1, 13, 13, {}, out.data()), Status::kOk);
        for (const float value : out) ASSERT_TRUE(value >= 0.0F && value <= 255.01F);
      }
    }
  }
}

}  // namespace
}  // namespace edgepose
