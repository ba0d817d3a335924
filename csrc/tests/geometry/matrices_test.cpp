// SPDX-License-Identifier: Apache-2.0
#include "core/geometry/matrices.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace edgepose {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(CropMatrices, NoBoxesGiveNothing) {
  EXPECT_EQ(crop_matrices(nullptr, 0, 192, 256, {}, nullptr), Status::kOk);
}

TEST(CropMatrices, MeetTheBoxAsTheWarpSays) {
  const double box[4] = {10, 20, 58, 84};  // 48x64, the aspect of the input
  struct Case {
    Warp warp;
    double first_x, last_x;  // of the input, which fall on the box's left and right edge
  };
  for (const Case& c : {Case{Warp::kHalfPixel, -0.5, 191.5}, Case{Warp::kUdp, 0, 191},
                        Case{Warp::kLegacy, 0, 192}}) {
    double m[6];
    ASSERT_EQ(crop_matrices(box, 1, 192, 256, {1.0, c.warp, 0.0}, m), Status::kOk);
    EXPECT_NEAR(m[0] * c.first_x + m[2], 10, 1e-12);
    EXPECT_NEAR(m[0] * c.last_x + m[2], 58, 1e-12);
    EXPECT_EQ(m[1], 0.0);
    EXPECT_FALSE(std::signbit(m[1]));
  }
}

TEST(CropMatrices, GrowToTheAspectOfTheInput) {
  double m[6];
  const double wide[4] = {0, 0, 100, 10};
  ASSERT_EQ(crop_matrices(wide, 1, 50, 100, {1.0, Warp::kHalfPixel, 0.0}, m), Status::kOk);
  EXPECT_EQ(m[0], 2.0);
  EXPECT_EQ(m[4], 2.0);
  const double tall[4] = {0, 0, 10, 100};
  ASSERT_EQ(crop_matrices(tall, 1, 50, 100, {1.5, Warp::kHalfPixel, 0.0}, m), Status::kOk);
  EXPECT_EQ(m[4], 1.5);
  EXPECT_EQ(m[0], 1.5);
}

TEST(CropMatrices, TurnAboutTheMiddleOfTheBox) {
  const double box[4] = {0, 0, 64, 64};
  double m[6];
  ASSERT_EQ(crop_matrices(box, 1, 64, 64, {1.0, Warp::kHalfPixel, 90.0}, m), Status::kOk);
  double xy[4] = {31.5, 31.5, 31.5, 0.0};
  ASSERT_EQ(map_points(m, xy, 2, xy), Status::kOk);
  EXPECT_NEAR(xy[0], 32, 1e-12);
  EXPECT_NEAR(xy[1], 32, 1e-12);
  EXPECT_NEAR(xy[2], 63.5, 1e-12);  // upwards in the crop is to the picture's right
  EXPECT_NEAR(xy[3], 32, 1e-12);
}

TEST(CropMatrices, BadArgumentsAreRefused) {
  double m[6];
  const double good[4] = {0, 0, 1, 1};
  const double bad[][4] = {{0, 0, 0, 1}, {0, 1, 1, 0}, {0, 0, kInfinity, 1}, {NAN, 0, 1, 1}};
  for (const auto& box : bad) EXPECT_EQ(crop_matrices(box, 1, 8, 8, {}, m), Status::kBadBox);
  EXPECT_EQ(crop_matrices(good, 1, 8, 8, {NAN, Warp::kUdp, 0}, m), Status::kBadOption);
  EXPECT_EQ(crop_matrices(good, 1, 8, 8, {kInfinity, Warp::kUdp, 0}, m), Status::kBadOption);
  EXPECT_EQ(crop_matrices(good, 1, 8, 8, {1, Warp::kUdp, kInfinity}, m), Status::kBadOption);
  EXPECT_EQ(crop_matrices(good, 1, 1, 8, {1, Warp::kUdp, 0}, m), Status::kBadSize);
  EXPECT_EQ(crop_matrices(good, 1, 8, 0, {}, m), Status::kBadSize);
  EXPECT_EQ(crop_matrices(good, -1, 8, 8, {}, m), Status::kBadSize);
  EXPECT_EQ(crop_matrices(nullptr, 1, 8, 8, {}, m), Status::kNullPointer);
  EXPECT_EQ(crop_matrices(good, 1, 8, 8, {}, nullptr), Status::kNullPointer);
}

TEST(WholePictures, KeepTheirAspectOrFillTheInput) {
  double m[6];
  ASSERT_EQ(letterbox_matrix(640, 480, 320, 320, true, m), Status::kOk);
  EXPECT_EQ(m[0], 2.0);
  EXPECT_EQ(m[2], 0.5);
  EXPECT_EQ(m[5], -79.5);
  ASSERT_EQ(letterbox_matrix(640, 480, 320, 320, false, m), Status::kOk);
  EXPECT_EQ(m[5], 0.5);
  ASSERT_EQ(stretch_matrix(640, 320, 320, 320, m), Status::kOk);
  EXPECT_EQ(m[0], 2.0);
  EXPECT_EQ(m[4], 1.0);
  EXPECT_EQ(letterbox_matrix(0, 1, 1, 1, true, m), Status::kBadSize);
  EXPECT_EQ(stretch_matrix(1, 1, 1, 1 << 21, m), Status::kBadSize);
  EXPECT_EQ(stretch_matrix(1, 1, 1, 1, nullptr), Status::kNullPointer);
}

TEST(MapPoints, NanStaysNan) {
  const double m[6] = {1, 0, 0, 0, 1, 0};
  double xy[2] = {NAN, 1};
  ASSERT_EQ(map_points(m, xy, 1, xy), Status::kOk);
  EXPECT_TRUE(std::isnan(xy[0]));
  EXPECT_EQ(map_points(nullptr, nullptr, 0, nullptr), Status::kOk);
  EXPECT_EQ(map_points(m, xy, -1, xy), Status::kBadSize);
  EXPECT_EQ(map_points(m, nullptr, 1, xy), Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
