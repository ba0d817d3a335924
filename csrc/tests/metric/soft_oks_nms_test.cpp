// SPDX-License-Identifier: Apache-2.0
#include "core/metric/soft_oks_nms.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

using Indices = std::vector<std::int64_t>;

// Three people of one joint; the OKS of 0 and 1 is exp(-0.5), 2 stands apart.
struct People {
  std::vector<double> xy = {0, 0, 2, 0, 90, 90};
  std::vector<double> score = {0.9, 0.8, 0.5};
  std::vector<double> area = {4, 4, 4};
  std::vector<double> sigmas = {0.5};
  std::vector<double> lowered = {9, 9, 9};

  OksNmsInput input() const {
    return {xy.data(), nullptr, score.data(), area.data(), sigmas.data(), 3, 1};
  }
  Indices kept(const SoftOksNms& options) {
    Indices indices(3);
    const auto count = soft_oks_nms(input(), options, lowered.data(), indices.data());
    EXPECT_EQ(count.status, Status::kOk);
    indices.resize(static_cast<std::size_t>(count.value));
    return indices;
  }
};

TEST(SoftOksNms, NoPeopleKeepsNone) { EXPECT_EQ(soft_oks_nms({}, {}, nullptr, nullptr).value, 0); }

TEST(SoftOksNms, LowersTheScoresOfSimilarPeople) {
  People people;
  EXPECT_EQ(people.kept({0.9, SoftDecay::kGaussian}), (Indices{0, 1, 2}));
  EXPECT_NEAR(people.lowered[1], 0.8 * std::exp(-std::exp(-1.0) / 0.9), 1e-12);
  EXPECT_EQ(people.kept({0.1, SoftDecay::kGaussian}), (Indices{0, 2, 1}));
  EXPECT_EQ(people.kept({0.6, SoftDecay::kLinear}), (Indices{0, 2, 1}));
  EXPECT_NEAR(people.lowered[1], 0.8 * (1 - std::exp(-0.5)), 1e-12);
  EXPECT_EQ(people.kept({0.7, SoftDecay::kLinear}), (Indices{0, 1, 2}));
}

TEST(SoftOksNms, TakesNoMoreThanAsked) {
  People people;
  EXPECT_EQ(people.kept({0.1, SoftDecay::kGaussian, 2}), (Indices{0, 2}));
  EXPECT_EQ(people.kept({0.1, SoftDecay::kGaussian, 0}), Indices{});
}

TEST(SoftOksNms, OddNumbersAreDefined) {
  People people;
  EXPECT_EQ(people.kept({0.0, SoftDecay::kGaussian}), (Indices{0, 2, 1}));
  EXPECT_EQ(people.lowered, (std::vector<double>{0.9, 0.0, 0.5}));
  people.score = {test::kDoubleInfinity, test::kDoubleInfinity, test::kNan};
  EXPECT_EQ(people.kept({0.0, SoftDecay::kGaussian}), (Indices{0, 1}));
  EXPECT_EQ(people.lowered[1], 0.0);
}

TEST(SoftOksNms, RefusesBadArguments) {
  People people;
  Indices kept(3);
  double* lowered = people.lowered.data();
  EXPECT_EQ(soft_oks_nms(people.input(), {test::kNan}, lowered, kept.data()).status,
            Status::kBadThreshold);
  EXPECT_EQ(soft_oks_nms(people.input(), {}, lowered, nullptr).status, Status::kNullPointer);
  EXPECT_EQ(soft_oks_nms(people.input(), {}, nullptr, kept.data()).status, Status::kNullPointer);
  SoftOksNms options;
  options.max_people = -1;
  EXPECT_EQ(soft_oks_nms(people.input(), options, lowered, kept.data()).status, Status::kBadSize);
  OksNmsInput input = people.input();
  input.sigmas = nullptr;
  EXPECT_EQ(soft_oks_nms(input, {}, lowered, kept.data()).status, Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
