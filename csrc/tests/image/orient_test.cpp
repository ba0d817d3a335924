// SPDX-License-Identifier: Apache-2.0
#include "core/image/orient.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/image/crop.h"
#include "core/view.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

constexpr int kWidth = 7;
constexpr int kHeight = 5;

struct Pixels {
  int width;
  int height;
  std::vector<int> values;
};

Pixels turned(const Pixels& from) {
  Pixels to{from.height, from.width, std::vector<int>(from.values.size())};
  for (int y = 0; y < from.height; ++y) {
    for (int x = 0; x < from.width; ++x) {
      to.values[x * to.width + (from.height - 1 - y)] = from.values[y * from.width + x];
    }
  }
  return to;
}

TEST(Orient, ShowsTheStoredPictureUpright) {
  const auto bytes = test::noise_picture(kWidth, kHeight, 5);
  const double identity[6] = {1, 0, 0, 0, 1, 0};
  for (int turns = -2; turns <= 5; ++turns) {
    for (const bool mirror : {false, true}) {
      Pixels upright{kWidth, kHeight, {}};
      for (int i = 0; i < kWidth * kHeight; ++i) upright.values.push_back(bytes[3 * i]);
      for (int i = 0; i < (turns + 4) % 4; ++i) upright = turned(upright);
      if (mirror) {
        for (int y = 0; y < upright.height; ++y) {
          const auto row = upright.values.begin() + y * upright.width;
          std::reverse(row, row + upright.width);
        }
      }
      double matrix[6];
      ASSERT_EQ(orient_matrices(identity, 1, kWidth, kHeight, turns, mirror, matrix), Status::kOk);
      std::vector<float> out(3 * kWidth * kHeight);
      ASSERT_EQ(crop_picture(picture_of({bytes.data(), kWidth, kHeight, 3 * kWidth}), matrix, 1, {},
                             {out.data(), upright.width, upright.height}),
                Status::kOk);
      for (int i = 0; i < kWidth * kHeight; ++i) {
        EXPECT_EQ(out[i], static_cast<float>(upright.values[i])) << turns << mirror << " at " << i;
      }
    }
  }
}

TEST(Orient, MayWriteOverItsInput) {
  double apart[12];
  double same[12] = {1, 2, 3, 4, 5, 6, 0.5, 0, 1, 0, 2, 3};
  ASSERT_EQ(orient_matrices(same, 2, kWidth, kHeight, 1, true, apart), Status::kOk);
  ASSERT_EQ(orient_matrices(same, 2, kWidth, kHeight, 1, true, same), Status::kOk);
  EXPECT_TRUE(std::equal(apart, apart + 12, same));
}

TEST(Orient, RefusesBadArguments) {
  double matrix[6] = {1, 0, 0, 0, 1, 0};
  EXPECT_EQ(orient_matrices(nullptr, 0, 4, 4, 1, false, nullptr), Status::kOk);
  EXPECT_EQ(orient_matrices(nullptr, 1, 4, 4, 1, false, matrix), Status::kNullPointer);
  EXPECT_EQ(orient_matrices(matrix, 1, 4, 4, 1, false, nullptr), Status::kNullPointer);
  EXPECT_EQ(orient_matrices(matrix, -1, 4, 4, 1, false, matrix), Status::kBadSize);
  EXPECT_EQ(orient_matrices(matrix, 1, 0, 4, 1, false, matrix), Status::kBadSize);
  EXPECT_EQ(orient_matrices(matrix, 1, 4, kMaxSide + 1, 1, false, matrix), Status::kBadSize);
}

}  // namespace
}  // namespace edgepose
