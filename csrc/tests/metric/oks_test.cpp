// SPDX-License-Identifier: Apache-2.0
#include "core/metric/oks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

constexpr double kSigmas[2] = {0.5, 0.25};

TEST(Oks, NoPeopleIsNoWork) { EXPECT_EQ(oks_matrix({}, nullptr), Status::kOk); }

TEST(Oks, NoJointsGivesZero) {
  const double area[2] = {1, 1};
  double out[6] = {9, 9, 9, 9, 9, 9};
  EXPECT_EQ(oks_matrix({nullptr, nullptr, area, nullptr, nullptr, 2, 3, 0}, out), Status::kOk);
  for (const double value : out) EXPECT_EQ(value, 0.0);
}

TEST(Oks, IsTheMeanOverCountedJoints) {
  const double a[4] = {0, 0, 5, 5};
  const double b[8] = {0, 0, 5, 5, 2, 0, 5, 6};
  const double area = 4;
  const double first = std::exp(-0.5);  // 4 px^2 / (2 * 4 px^2 * 1)
  const double second = std::exp(-0.5);
  double out[2];
  ASSERT_EQ(oks_matrix({a, b, &area, kSigmas, nullptr, 1, 2, 2}, out), Status::kOk);
  EXPECT_NEAR(out[0], 1.0, 1e-12);
  EXPECT_NEAR(out[1], 0.5 * (first + second), 1e-12);
  const std::uint8_t mask[2] = {1, 0};
  ASSERT_EQ(oks_matrix({a, b, &area, kSigmas, mask, 1, 2, 2}, out), Status::kOk);
  EXPECT_NEAR(out[1], first, 1e-12);
  const std::uint8_t none[2] = {0, 0};
  ASSERT_EQ(oks_matrix({a, b, &area, kSigmas, none, 1, 2, 2}, out), Status::kOk);
  EXPECT_EQ(out[0], 0.0);
}

TEST(Oks, AreaZeroAndNanPointsAreDefined) {
  const double a[4] = {0, 0, test::kNan, 0};
  const double b[4] = {0, 0, 1, 1};
  const double zero = 0;
  EXPECT_NEAR(oks(a, b, zero, kSigmas, nullptr, 2), 0.5, 1e-12);
  const double far[4] = {1e200, 0, test::kDoubleInfinity, 0};
  EXPECT_EQ(oks(far, b, 1.0, kSigmas, nullptr, 2), 0.0);
}

TEST(Oks, RefusesBadArguments) {
  const double point[2] = {0, 0};
  const double area = 1;
  double out;
  EXPECT_EQ(oks_matrix({point, point, &area, kSigmas, nullptr, -1, 1, 1}, &out), Status::kBadSize);
  EXPECT_EQ(oks_matrix({point, point, nullptr, kSigmas, nullptr, 1, 1, 1}, &out),
            Status::kNullPointer);
  EXPECT_EQ(oks_matrix({point, nullptr, &area, kSigmas, nullptr, 1, 1, 1}, &out),
            Status::kNullPointer);
  EXPECT_EQ(oks_matrix({point, point, &area, kSigmas, nullptr, 1, 1, 1}, nullptr),
            Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
