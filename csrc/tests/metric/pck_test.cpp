// SPDX-License-Identifier: Apache-2.0
#include "core/metric/pck.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

// One person of four joints: 0, 10 and 10.1 px off, and one that was not found.
struct Person {
  std::vector<double> predicted = {0, 0, 10, 0, 0, 10.1, test::kNan, 0};
  std::vector<double> labelled = std::vector<double>(8, 0.0);
  std::vector<std::uint8_t> visible = {1, 1, 1, 1};
  double norm = 100;

  PckInput input() const {
    return {predicted.data(), labelled.data(), visible.data(), &norm, 1, 4};
  }
};

TEST(Pck, NobodyIsUndefined) {
  std::int64_t correct = 9;
  std::int64_t labelled = 9;
  const PckInput nobody{nullptr, nullptr, nullptr, nullptr, 0, 1};
  EXPECT_EQ(pck_counts(nobody, 0.1, &correct, &labelled), Status::kOk);
  EXPECT_EQ(correct + labelled, 0);
  EXPECT_TRUE(std::isnan(keypoint_auc(nobody, 20).value));
  EXPECT_TRUE(std::isnan(keypoint_error(nobody).value));
}

TEST(Pck, PeopleWithoutJointsTakeNoTime) {
  const PckInput all{nullptr, nullptr, nullptr, nullptr, std::int64_t{1} << 50, 0};
  EXPECT_EQ(pck_counts(all, 0.1, nullptr, nullptr), Status::kOk);
  EXPECT_TRUE(std::isnan(keypoint_auc(all, 20).value));
  EXPECT_TRUE(std::isnan(keypoint_error(all).value));
}

TEST(Pck, CountsUpToTheLimitItself) {
  Person person;
  std::int64_t correct[4];
  std::int64_t labelled[4];
  ASSERT_EQ(pck_counts(person.input(), 0.1, correct, labelled), Status::kOk);
  EXPECT_EQ(std::vector<std::int64_t>(correct, correct + 4),
            (std::vector<std::int64_t>{1, 1, 0, 0}));
  person.visible[0] = 0;
  ASSERT_EQ(pck_counts(person.input(), 0.1, correct, labelled), Status::kOk);
  EXPECT_EQ(correct[0] + labelled[0], 0);
}

TEST(Pck, AreaUnderTheCurveCountsStrictly) {
  Person person;
  // Thresholds 0, 0.1, .. 0.9: above 0 lie nine, above 0.1 eight, above 0.101 eight, above NaN 0.
  EXPECT_NEAR(keypoint_auc(person.input(), 10).value, (9 + 8 + 8 + 0) / 40.0, 1e-12);
}

TEST(Pck, ErrorIsTheMeanDistance) {
  Person person;
  EXPECT_TRUE(std::isnan(keypoint_error(person.input()).value));
  person.visible[3] = 0;
  EXPECT_NEAR(keypoint_error(person.input()).value, 0.201 / 3, 1e-12);
  PckInput input = person.input();
  input.norm = nullptr;
  EXPECT_NEAR(keypoint_error(input).value, 20.1 / 3, 1e-12);
}

TEST(Pck, RefusesBadArguments) {
  const Person person;
  std::int64_t counts[4];
  PckInput input = person.input();
  EXPECT_EQ(pck_counts(input, test::kNan, counts, counts), Status::kBadThreshold);
  EXPECT_EQ(pck_counts(input, 0.1, nullptr, counts), Status::kNullPointer);
  EXPECT_EQ(keypoint_auc(input, 0).status, Status::kBadSize);
  input.predicted = nullptr;
  EXPECT_EQ(pck_counts(input, 0.1, counts, counts), Status::kNullPointer);
  EXPECT_EQ(keypoint_auc(input, 20).status, Status::kNullPointer);
  EXPECT_EQ(keypoint_error(input).status, Status::kNullPointer);
  input.people = -1;
  EXPECT_EQ(pck_counts(input, 0.1, counts, counts), Status::kBadSize);
}

}  // namespace
}  // namespace edgepose
