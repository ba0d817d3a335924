// SPDX-License-Identifier: Apache-2.0
#include "core/track/one_euro.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

// One keypoint along x.
struct Filter {
  OneEuroState state;
  OneEuroOptions options;

  Filter() { one_euro_reset(&state, 1); }
  double operator()(double x, double seconds, double size = 100.0) {
    double xy[2] = {x, 7.0};
    EXPECT_EQ(one_euro_apply(options, seconds, size, xy, 1, &state, xy), Status::kOk);
    return xy[0];
  }
};

TEST(OneEuro, NoKeypointsAreFine) {
  EXPECT_EQ(one_euro_reset(nullptr, 0), Status::kOk);
  EXPECT_EQ(one_euro_apply({}, 0, 1, nullptr, 0, nullptr, nullptr), Status::kOk);
}

TEST(OneEuro, FirstSampleAndConstantsStay) {
  Filter filter;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(filter(3.25, i * 0.1), 3.25);
}

TEST(OneEuro, FollowsTheDefinition) {
  Filter filter;
  filter(0.0, 0.0);
  const double turn = 2 * 3.141592653589793;
  const double speed = 1.0 / (1.0 + 1.0 / (turn * 0.1)) * (10.0 / 100.0 / 0.1);
  const double share = 1.0 / (1.0 + 1.0 / (turn * (0.05 + 80.0 * speed) * 0.1));
  EXPECT_NEAR(filter(10.0, 0.1), share * 10.0, 1e-12);
}

TEST(OneEuro, MissingSamplesKeepTheState) {
  Filter filter, other;
  filter(0.0, 0.0);
  other(0.0, 0.0);
  EXPECT_TRUE(std::isnan(filter(test::kNan, 0.1)));
  EXPECT_TRUE(std::isnan(filter(test::kInfinity, 0.1)));
  EXPECT_EQ(filter(5.0, 0.2), other(5.0, 0.2));
}

TEST(OneEuro, TimeMustAdvance) {
  Filter filter;
  EXPECT_EQ(filter(4.0, test::kNan), 4.0);
  filter(0.0, 1.0);
  const double last = filter(5.0, 2.0);
  for (const double seconds : {2.0, 1.5, -1.0, double{test::kNan}, test::kDoubleInfinity}) {
    EXPECT_EQ(filter(99.0, seconds), last);
  }
}

TEST(OneEuro, WithoutASizeNothingHappens) {
  Filter filter;
  filter(0.0, 0.0);
  for (const double size : {0.0, -1.0, double{test::kNan}, test::kDoubleInfinity}) {
    EXPECT_EQ(filter(5.0, 1.0, size), 5.0);
  }
  EXPECT_EQ(filter.state.seconds, 0.0);
}

TEST(OneEuro, JumpsBeyondDoublesStartAnew) {
  Filter filter;
  filter(-1e308, 0.0, 1e-300);
  EXPECT_EQ(filter(1e308, 1e-9, 1e-300), 1e308);
  EXPECT_EQ(filter(1e308, 1.0, 1.0), 1e308);
}

TEST(OneEuro, RefusesBadArguments) {
  Filter filter;
  double xy[2] = {0, 0};
  EXPECT_EQ(one_euro_reset(&filter.state, -1), Status::kBadSize);
  EXPECT_EQ(one_euro_reset(nullptr, 1), Status::kNullPointer);
  EXPECT_EQ(one_euro_apply({}, 0, 1, xy, -1, &filter.state, xy), Status::kBadSize);
  EXPECT_EQ(one_euro_apply({}, 0, 1, nullptr, 1, &filter.state, xy), Status::kNullPointer);
  EXPECT_EQ(one_euro_apply({}, 0, 1, xy, 1, nullptr, xy), Status::kNullPointer);
  EXPECT_EQ(one_euro_apply({}, 0, 1, xy, 1, &filter.state, nullptr), Status::kNullPointer);
  for (const OneEuroOptions& bad :
       {OneEuroOptions{0, 1, 1}, OneEuroOptions{1, -1, 1}, OneEuroOptions{1, 1, 0},
        OneEuroOptions{test::kNan, 1, 1}, OneEuroOptions{1, test::kDoubleInfinity, 1}}) {
    EXPECT_EQ(one_euro_apply(bad, 0, 1, xy, 1, &filter.state, xy), Status::kBadThreshold);
  }
}

}  // namespace
}  // namespace edgepose
