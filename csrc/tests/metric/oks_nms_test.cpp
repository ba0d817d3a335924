// SPDX-License-Identifier: Apache-2.0
#include "core/metric/oks_nms.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

using Indices = std::vector<std::int64_t>;
constexpr double kNone = -test::kDoubleInfinity;

// Four people of two joints; 0 and 1 stand together, so do 2 and 3 but for the second joint.
struct People {
  std::vector<double> xy = {0, 0, 4, 4, 0, 0.1, 4, 4, 50, 50, 60, 60, 50, 50, 90, 90};
  std::vector<double> joint_score = {1, 1, 1, 1, 1, 1, 1, 0.1};
  std::vector<double> score = {0.5, 0.9, 0.8, 0.7};
  std::vector<double> area = {10, 10, 10, 10};
  std::vector<double> sigmas = {0.5, 0.5};

  OksNmsInput input() const {
    return {xy.data(), joint_score.data(), score.data(), area.data(), sigmas.data(), 4, 2};
  }
  Indices kept(double threshold, double visible = kNone) const {
    Indices indices(4);
    const auto count = oks_nms(input(), threshold, visible, indices.data());
    EXPECT_EQ(count.status, Status::kOk);
    indices.resize(static_cast<std::size_t>(count.value));
    return indices;
  }
};

TEST(OksNms, NoPeopleKeepsNone) { EXPECT_EQ(oks_nms({}, 0.5, kNone, nullptr).value, 0); }

TEST(OksNms, KeepsTheHighestOfEachGroup) {
  const People people;
  EXPECT_EQ(people.kept(0.9), (Indices{1, 2, 3}));
  EXPECT_EQ(people.kept(0.4), (Indices{1, 2}));
  EXPECT_EQ(people.kept(1.0), (Indices{1, 2, 3, 0}));
}

TEST(OksNms, ComparesOverTheJointsThatBothShow) {
  EXPECT_EQ(People().kept(0.9, 0.2), (Indices{1, 2}));
  EXPECT_EQ(People().kept(0.9, 2.0), (Indices{1, 2, 3, 0}));
}

TEST(OksNms, NoJointsSuppressesNobody) {
  const People people;
  OksNmsInput input = people.input();
  input.joints = 0;
  Indices indices(4);
  EXPECT_EQ(oks_nms(input, 0.5, kNone, indices.data()).value, 4);
}

TEST(OksNms, TiesGoByIndexAndNanIsDropped) {
  People people;
  people.score = {0.5, 0.5, test::kNan, 0.5};
  EXPECT_EQ(people.kept(0.9), (Indices{0, 3}));
}

TEST(OksNms, RefusesBadArguments) {
  const People people;
  Indices indices(4);
  EXPECT_EQ(oks_nms(people.input(), test::kNan, kNone, indices.data()).status,
            Status::kBadThreshold);
  EXPECT_EQ(oks_nms(people.input(), 0.5, kNone, nullptr).status, Status::kNullPointer);
  OksNmsInput input = people.input();
  input.people = -1;
  EXPECT_EQ(oks_nms(input, 0.5, kNone, indices.data()).status, Status::kBadSize);
  input = people.input();
  input.sigmas = nullptr;
  EXPECT_EQ(oks_nms(input, 0.5, kNone, indices.data()).status, Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
