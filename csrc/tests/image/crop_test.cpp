// SPDX-License-Identifier: Apache-2.0
#include "core/image/crop.h"

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <string>

#include "tests/image/crop_reference.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using Matrix = std::array<double, 6>;

struct Row {
  std::string id;
  int image_width, image_height;
  int out_width, out_height;
  Matrix matrix;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.id; }

class CropAgainstReference : public testing::TestWithParam<Row> {};

TEST_P(CropAgainstReference, AgreesEverywhere) {
  const Row& row = GetParam();
  const auto pixels = test::noise_picture(row.image_width, row.image_height, 1);
  const ImageView image{pixels.data(), row.image_width, row.image_height, 3 * row.image_width};
  CropColor color{{100, 110, 120}, {50, 55, 60}, true, 77};
  const std::size_t size = static_cast<std::size_t>(3 * row.out_width * row.out_height);
  std::vector<float> out(size, -1e9F);
  ASSERT_EQ(
      crop_normalize(image, row.matrix.data(), 1, row.out_width, row.out_height, color, out.data()),
      Status::kOk);
  const auto expected =
      test::crop_reference(image, row.matrix.data(), row.out_width, row.out_height, color);
  for (std::size_t i = 0; i < size; ++i) ASSERT_NEAR(out[i], expected[i], 2e-5) << "at " << i;
}

INSTANTIATE_TEST_SUITE_P(
    Table, CropAgainstReference,
    testing::Values(Row{"identity", 9, 7, 9, 7, {1, 0, 0, 0, 1, 0}},
                    Row{"one_pixel_picture", 1, 1, 5, 5, {0.5, 0, -1, 0, 0.5, -1}},
                    Row{"one_pixel_picture_turned", 1, 1, 5, 5, {0.3, 0.2, -1, -0.2, 0.3, 0}},
                    Row{"one_pixel_crop", 9, 7, 1, 1, {1, 0, 3.25, 0, 1, 2.5}},
                    Row{"two_wide_turned", 2, 9, 8, 8, {0.3, 0.1, -0.5, -0.1, 1.2, 0}},
                    Row{"three_wide_turned", 3, 2, 8, 8, {0.3, 0.1, -0.5, -0.1, 0.3, 0}},
                    Row{"enlarged", 40, 30, 64, 48, {0.31, 0, 2.2, 0, 0.27, 1.7}},
                    Row{"reduced", 200, 150, 40, 30, {3.7, 0, -5.5, 0, 4.1, -6.2}},
                    Row{"mirrored", 50, 40, 30, 20, {-1.3, 0, 45, 0, -1.1, 30}},
                    Row{"turned", 90, 80, 40, 50, {0.9, -0.6, 20, 0.6, 0.9, 3}},
                    Row{"sheared", 90, 80, 40, 50, {0.9, -0.6, 20, 0, 0.9, 3}},
                    Row{"wider_than_a_tile", 300, 20, 700, 8, {0.4, 0, 3, 0, 1.4, 3}},
                    Row{"wider_than_a_tile_turned", 300, 20, 700, 8, {0.4, 0.1, 3, 0.01, 1.4, 3}},
                    Row{"span_over_many_tiles", 5200, 6, 600, 4, {9.0, 0, -40, 0, 1.4, 0}},
                    Row{"step_past_the_fast_path", 4000, 6, 200, 4, {20.5, 0, -40, 0, 1.4, 0}},
                    Row{"outside_left", 20, 20, 8, 8, {1, 0, -500, 0, 1, 0}},
                    Row{"outside_right", 20, 20, 8, 8, {1, 0, 500, 0, 1, 0}},
                    Row{"outside_above", 20, 20, 8, 8, {1, 0, 0, 0, 1, -500}},
                    Row{"outside_below_turned", 20, 20, 8, 8, {1, 0.1, 0, 0.1, 1, 500}},
                    Row{"half_a_pixel_outside", 6, 6, 8, 8, {1, 0, -0.5, 0, 1, -1.5}}),
    [](const testing::TestParamInfo<Row>& row) { return row.param.id; });

TEST(Crop, BatchEqualsSingles) {
  const auto pixels = test::noise_picture(60, 50, 2);
  const ImageView image{pixels.data(), 60, 50, 180};
  const double matrices[12] = {0.5, 0, 3, 0, 0.6, 4, 0.5, 0.2, 3, -0.2, 0.5, 9};
  std::vector<float> both(2 * 3 * 80), single(3 * 80);
  ASSERT_EQ(crop_normalize(image, matrices, 2, 10, 8, {}, both.data()), Status::kOk);
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(crop_normalize(image, matrices + 6 * i, 1, 10, 8, {}, single.data()), Status::kOk);
    EXPECT_TRUE(std::equal(single.begin(), single.end(), both.begin() + i * 240));
  }
}

TEST(Crop, ReadsRowsOfAnyStride) {
  const auto pixels = test::noise_picture(40, 30, 3);
  const double matrix[6] = {0.5, 0, 1, 0, 0.5, 1};
  const double flipped[6] = {0.5, 0, 1, 0, -0.5, 18};
  // Columns 5 to 24 and rows 4 to 23 of the picture, from the top and from the bottom.
  const ImageView part{pixels.data() + 4 * 120 + 15, 20, 20, 120};
  const ImageView upside_down{part.row(19), 20, 20, -120};
  std::vector<float> a(3 * 64), b(3 * 64);
  ASSERT_EQ(crop_normalize(part, matrix, 1, 8, 8, {}, a.data()), Status::kOk);
  ASSERT_EQ(crop_normalize(upside_down, flipped, 1, 8, 8, {}, b.data()), Status::kOk);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-4);
}

}  // namespace
}  // namespace edgepose
