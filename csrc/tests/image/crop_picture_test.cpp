// SPDX-License-Identifier: Apache-2.0
// Every format by every path against the definition.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <tuple>

#include "core/image/crop.h"
#include "tests/image/picture_reference.h"
#include "tests/image/pictures.h"

namespace edgepose {
namespace {

struct Row {
  std::string id;
  int width, height;
  int out_width, out_height;
  std::array<double, 6> matrix;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.id; }

class CropPicture : public testing::TestWithParam<std::tuple<std::string, Row, bool>> {};

TEST_P(CropPicture, AgreesWithTheDefinition) {
  const auto& [format, row, antialias] = GetParam();
  const test::OwnedPicture owned = test::noise(format, row.width, row.height);
  const std::vector<std::uint8_t> before = owned.bytes;
  std::vector<float> out(static_cast<std::size_t>(3 * row.out_width * row.out_height), -1e9F);
  CropOptions options;
  options.antialias = antialias;
  options.color.pad_value = 77.25F;
  const CropTarget target{out.data(), row.out_width, row.out_height};
  ASSERT_EQ(crop_picture(owned.picture, row.matrix.data(), 1, options, target), Status::kOk);
  const auto expected = test::crop_values(owned.picture, row.matrix.data(), row.out_width,
                                          row.out_height, 77.25, antialias);
  // A conversion that falls on a tie may round to the other side.
  const double tolerance = owned.picture.format == PixelFormat::kYuv420 ? 1.001 : 2e-3;
  double sum = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    ASSERT_NEAR(out[i], expected[i], tolerance) << "at " << i;
    sum += std::abs(out[i] - expected[i]);
  }
  EXPECT_LT(sum / static_cast<double>(out.size()), 0.01);
  EXPECT_EQ(owned.bytes, before);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CropPicture,
    testing::Combine(
        testing::Values("rgb", "bgr", "rgba", "argb", "abgr", "grey", "i420", "nv12", "nv21",
                        "apart"),
        testing::Values(Row{"identity", 9, 7, 9, 7, {1, 0, 0, 0, 1, 0}},
                        Row{"one_pixel_picture", 1, 1, 5, 5, {0.5, 0, -1, 0, 0.5, -1}},
                        Row{"one_pixel_shrunk", 1, 1, 3, 3, {4, 0, -4, 0, 3, -3}},
                        Row{"enlarged", 21, 15, 32, 24, {0.31, 0, 2.2, 0, 0.27, 1.7}},
                        Row{"halved", 40, 30, 20, 15, {2, 0, 0.5, 0, 2, 0.5}},
                        Row{"three_rows", 40, 30, 16, 12, {2.4, 0, 0.5, 0, 2.3, 0.6}},
                        Row{"shrunk", 131, 97, 31, 23, {4.7, 0, -5.5, 0, 5.3, -9.2}},
                        Row{"shrunk_across", 131, 40, 31, 40, {4.7, 0, -5.5, 0, 1, 0.25}},
                        Row{"shrunk_down", 60, 97, 60, 23, {0.9, 0, 0, 0, 4.3, 1}},
                        Row{"shrunk_mirrored", 90, 70, 20, 15, {-4.25, 0, 85, 0, -4.5, 66}},
                        Row{"many_tiles", 5200, 7, 400, 3, {13.0, 0, 6, 0, 2.4, 0}},
                        Row{"one_column_a_tile", 5200, 7, 3, 2, {1700.0, 0, 850, 0, 3.4, 1}},
                        Row{"taller_than_a_box", 3, 700, 2, 2, {1.0, 0, 0, 0, 350, 175}},
                        Row{"turned", 60, 50, 40, 36, {0.9, -0.6, 20, 0.6, 0.9, 3}},
                        Row{"turned_and_shrunk", 160, 140, 40, 36, {2.9, -1.6, 20, 1.6, 2.9, -3}},
                        Row{"turned_far", 300, 280, 12, 9, {20.5, -9, 20, 9, 20.5, -3}},
                        Row{"sheared", 90, 80, 40, 50, {0.9, -0.6, 20, 0, 0.9, 3}},
                        Row{"quarter", 50, 40, 36, 44, {0, 1, 1.5, 1, 0, 0.25}},
                        Row{"quarter_shrunk", 150, 160, 70, 37, {0, 4, 1.5, -2.5, 0, 159}},
                        Row{"outside_left", 20, 20, 8, 8, {3, 0, -500, 0, 3, 0}},
                        Row{"outside_below", 20, 20, 8, 8, {3, 0, 0, 0, 3, 500}},
                        Row{"outside_turned", 20, 20, 8, 8, {3, 1, 0, 1, 3, 500}}),
        testing::Bool()),
    [](const auto& info) {
      return std::get<0>(info.param) + "_" + std::get<1>(info.param).id +
             (std::get<2>(info.param) ? "_averaged" : "_blended");
    });

TEST(CropPicture, UpToTheThresholdAveragingChangesNothing) {
  const test::OwnedPicture owned = test::noise("bgr", 80, 70);
  const std::array<std::array<double, 6>, 5> matrices = {{{1.5, 0, 2, 0, 1.5, 1},
                                                          {0.7, 0, 2, 0, -1.2, 60},
                                                          {0, 1.5, 2, 1.5, 0, 1},
                                                          {1.4, -0.9, 20, 0.9, 1.4, 2},
                                                          {1.5, 0.2, 0, 0.1, 1.2, 0}}};
  for (const auto& matrix : matrices) {
    std::vector<float> a(3 * 40 * 30), b(3 * 40 * 30);
    ASSERT_EQ(crop_picture(owned.picture, matrix.data(), 1, {{}, true}, {a.data(), 40, 30}),
              Status::kOk);
    ASSERT_EQ(crop_picture(owned.picture, matrix.data(), 1, {{}, false}, {b.data(), 40, 30}),
              Status::kOk);
    EXPECT_EQ(a, b);
  }
}

TEST(CropPicture, AnyShareOfPartsGivesTheSame) {
  const double matrices[24] = {3.1, 0, 2, 0, 2.9, 1, 0, 3.1,  2,   2.9, 0,   1,
                               0.8, 0, 2, 0, 0.9, 1, 2, -1.8, 150, 1.8, 2.1, 2};
  for (const std::string format : {"bgr", "nv21"}) {
    const test::OwnedPicture owned = test::noise(format, 300, 280);
    std::vector<float> whole(4 * 3 * 50 * 90), parts(whole.size(), -1.0F);
    const CropTarget target{parts.data(), 50, 90};
    ASSERT_EQ(crop_picture(owned.picture, matrices, 4, {}, {whole.data(), 50, 90}), Status::kOk);
    ASSERT_EQ(crop_part_count(4, 90), 12);
    for (const auto& [first, last] : {std::pair{7, 12}, {0, 1}, {1, 2}, {2, 7}}) {
      ASSERT_EQ(crop_parts(owned.picture, matrices, 4, {}, target, first, last), Status::kOk);
    }
    EXPECT_EQ(whole, parts);
  }
}

}  // namespace
}  // namespace edgepose
