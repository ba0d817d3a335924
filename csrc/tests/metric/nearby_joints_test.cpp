// SPDX-License-Identifier: Apache-2.0
#include "core/metric/nearby_joints.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

using Indices = std::vector<std::int64_t>;

// Two joints each, 10 px apart: 0 and 1 share both places, 2 shares one with them.
struct People {
  std::vector<double> xy = {0, 0, 10, 0, 0, 0.5, 10, 0, 0, 0, 0, 10};
  std::vector<double> score = {0.5, 0.9, 0.7};

  Indices kept(double distance, std::int64_t max_nearby, std::int64_t max_people = 9) const {
    Indices indices(3);
    std::vector<std::uint8_t> done(3);
    const auto count =
        nearby_joints_nms({xy.data(), score.data(), 3, 2}, {distance, max_nearby, max_people},
                          done.data(), indices.data());
    EXPECT_EQ(count.status, Status::kOk);
    indices.resize(static_cast<std::size_t>(count.value));
    return indices;
  }
};

TEST(NearbyJoints, NoPeopleKeepsNone) {
  EXPECT_EQ(nearby_joints_nms({}, {}, nullptr, nullptr).value, 0);
}

TEST(NearbyJoints, CountsTheJointsThatLieClose) {
  const People people;
  EXPECT_EQ(people.kept(0.1, 1), (Indices{1, 2}));
  EXPECT_EQ(people.kept(0.1, 0), (Indices{1}));
  EXPECT_EQ(people.kept(0.01, 1), (Indices{1, 2, 0}));
  EXPECT_EQ(people.kept(test::kInfinity, 2), (Indices{1, 2, 0}));
  EXPECT_EQ(people.kept(0.01, 1, 2), (Indices{1, 2}));
  EXPECT_EQ(people.kept(0.01, 1, 0), Indices{});
}

TEST(NearbyJoints, OddNumbersAreDefined) {
  People people;
  people.score = {0.5, test::kNan, 0.5};
  EXPECT_EQ(people.kept(0.1, 1), (Indices{0, 2}));
  people.xy.assign(12, test::kNan);
  EXPECT_EQ(people.kept(0.1, 1), (Indices{0, 2}));
  people.xy.assign(12, 3.0);  // no extent: nothing is closer than 0
  EXPECT_EQ(people.kept(0.1, 1), (Indices{0, 2}));
}

TEST(NearbyJoints, RefusesBadArguments) {
  const People people;
  const NearbyJointsInput input{people.xy.data(), people.score.data(), 3, 2};
  Indices kept(3);
  std::vector<std::uint8_t> done(3);
  EXPECT_EQ(nearby_joints_nms(input, {test::kNan}, done.data(), kept.data()).status,
            Status::kBadThreshold);
  EXPECT_EQ(nearby_joints_nms(input, {}, nullptr, kept.data()).status, Status::kNullPointer);
  EXPECT_EQ(
      nearby_joints_nms({nullptr, people.score.data(), 3, 2}, {}, done.data(), kept.data()).status,
      Status::kNullPointer);
  EXPECT_EQ(nearby_joints_nms({nullptr, nullptr, -1, 2}, {}, nullptr, nullptr).status,
            Status::kBadSize);
}

}  // namespace
}  // namespace edgepose
