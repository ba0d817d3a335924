// SPDX-License-Identifier: Apache-2.0
#include "core/track/one_euro.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

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

TEST(OneEuro, PeopleInOneCallAreSmoothedAsOneByOne) {
  constexpr int kPeople = 4, kKeypoints = 3, kSlots = 6;
  const std::int64_t slot[kPeople] = {5, 0, 3, 2};
  const auto noise = test::noise_map(2 * kKeypoints, 10 * kPeople, 1, 0.0F, 50.0F);
  OneEuroState states[kSlots * kKeypoints], alone[kSlots * kKeypoints];
  ASSERT_EQ(one_euro_reset(states, kSlots * kKeypoints), Status::kOk);
  ASSERT_EQ(one_euro_reset(alone, kSlots * kKeypoints), Status::kOk);
  for (int frame = 0; frame < 10; ++frame) {
    double seconds[kPeople], size[kPeople], xy[kPeople * kKeypoints * 2],
        out[kPeople * kKeypoints * 2];
    for (int i = 0; i < kPeople; ++i) {
      seconds[i] = 0.03 * frame + 0.001 * i * frame;
      size[i] = i == 1 && frame == 4 ? 0.0 : 50.0 + 10.0 * i;
    }
    for (int i = 0; i < kPeople * kKeypoints * 2; ++i) {
      xy[i] = noise.cells[static_cast<std::size_t>(frame * kPeople * kKeypoints * 2 + i)];
    }
    if (frame % 3 == 1) xy[7] = test::kNan;
    const OneEuroSamples samples{seconds, size, xy, slot, kPeople, kKeypoints};
    ASSERT_EQ(one_euro_apply_people({}, samples, states, kSlots, out), Status::kOk);
    for (int i = 0; i < kPeople; ++i) {
      double wanted[kKeypoints * 2];
      ASSERT_EQ(one_euro_apply({}, seconds[i], size[i], xy + i * kKeypoints * 2, kKeypoints,
                               alone + slot[i] * kKeypoints, wanted),
                Status::kOk);
      for (int k = 0; k < kKeypoints * 2; ++k) {
        const double found = out[i * kKeypoints * 2 + k];
        EXPECT_TRUE(found == wanted[k] || (std::isnan(found) && std::isnan(wanted[k])));
      }
    }
  }
  for (const int untouched : {1, 4}) {
    EXPECT_TRUE(std::isnan(states[untouched * kKeypoints].seconds));
  }
}

TEST(OneEuro, PeopleWithoutSlotsAreInOrder) {
  OneEuroState states[2], alone;
  one_euro_reset(states, 2);
  one_euro_reset(&alone, 1);
  for (const double time : {0.0, 0.1}) {
    const double seconds[2] = {time, time}, size[2] = {10, 10};
    double xy[4] = {9 * time, 1, 3, 5 * time};
    double one[2] = {3, 5 * time};
    ASSERT_EQ(one_euro_apply_people({}, {seconds, size, xy, nullptr, 2, 1}, states, 2, xy),
              Status::kOk);
    ASSERT_EQ(one_euro_apply({}, time, 10, one, 1, &alone, one), Status::kOk);
    EXPECT_EQ(xy[2], one[0]);
    EXPECT_EQ(xy[3], one[1]);
  }
}

TEST(OneEuro, PeopleRefuseBadArguments) {
  OneEuroState states[2];
  one_euro_reset(states, 2);
  double seconds[2] = {0, 0}, size[2] = {1, 1}, xy[4] = {1, 2, 3, 4}, out[4];
  const OneEuroSamples good{seconds, size, xy, nullptr, 2, 1};
  EXPECT_EQ(one_euro_apply_people({}, {}, nullptr, 0, nullptr), Status::kOk);
  EXPECT_EQ(one_euro_apply_people({0, 1, 1}, good, states, 2, out), Status::kBadThreshold);
  EXPECT_EQ(one_euro_apply_people({}, good, states, -1, out), Status::kBadSize);
  EXPECT_EQ(one_euro_apply_people({}, good, states, 1, out), Status::kBadIndex);
  EXPECT_EQ(one_euro_apply_people({}, good, nullptr, 2, out), Status::kNullPointer);
  EXPECT_EQ(one_euro_apply_people({}, good, states, 2, nullptr), Status::kNullPointer);
  for (const std::int64_t bad : {std::int64_t{-1}, std::int64_t{2}, INT64_MIN, INT64_MAX}) {
    const std::int64_t slot[2] = {0, bad};
    OneEuroSamples samples = good;
    samples.slot = slot;
    EXPECT_EQ(one_euro_apply_people({}, samples, states, 2, out), Status::kBadIndex);
    EXPECT_TRUE(std::isnan(states[0].seconds));  // nobody was smoothed
  }
  OneEuroSamples samples = good;
  samples.people = -1;
  EXPECT_EQ(one_euro_apply_people({}, samples, states, 2, out), Status::kBadSize);
  samples = good;
  samples.keypoints = -1;
  EXPECT_EQ(one_euro_apply_people({}, samples, states, 2, out), Status::kBadSize);
  const double* OneEuroSamples::*arrays[] = {&OneEuroSamples::seconds, &OneEuroSamples::object_size,
                                             &OneEuroSamples::xy};
  for (const auto array : arrays) {
    samples = good;
    samples.*array = nullptr;
    EXPECT_EQ(one_euro_apply_people({}, samples, states, 2, out), Status::kNullPointer);
  }
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
