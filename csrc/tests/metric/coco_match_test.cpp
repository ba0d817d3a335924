// SPDX-License-Identifier: Apache-2.0
#include "core/metric/coco_match.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

using Indices = std::vector<std::int64_t>;
constexpr double kOff = test::kNan;

struct Case {
  std::string name;
  std::vector<double> similarity;  // [M, N]
  std::vector<std::uint8_t> ignored, crowd;
  double threshold;
  Indices match;
};

TEST(CocoMatch, NobodyIsNoWork) { EXPECT_EQ(coco_match({}, nullptr, nullptr), Status::kOk); }

TEST(CocoMatch, WithoutLabelsNobodyMatches) {
  const double threshold = 0.5;
  Indices match(2, 9);
  const CocoMatchInput input{nullptr, nullptr, nullptr, &threshold, 2, 0, 1, 1};
  EXPECT_EQ(coco_match(input, nullptr, match.data()), Status::kOk);
  EXPECT_EQ(match, (Indices{-1, -1}));
}

TEST(CocoMatch, FollowsTheRules) {
  const std::vector<Case> cases = {
      {"each label once", {0.9, 0.6, 0.8, 0.7}, {0, 0}, {0, 0}, 0.5, {0, 1}},
      {"below the threshold", {0.4, 0.3, 0.5, 0.6}, {0, 0}, {0, 0}, 0.5, {-1, 1}},
      {"the threshold itself", {0.5, 0.0, 0.0, 0.0}, {0, 0}, {0, 0}, 0.5, {0, -1}},
      {"equal ones: the later", {0.7, 0.7, 0.7, 0.7}, {0, 0}, {0, 0}, 0.5, {1, 0}},
      {"counting before ignored", {0.6, 0.9, 0.6, 0.9}, {0, 1}, {0, 0}, 0.5, {0, 1}},
      {"a crowd again and again", {0.1, 0.9, 0.2, 0.8}, {0, 1}, {0, 1}, 0.5, {1, 1}},
      {"an ignored person once", {0.1, 0.9, 0.2, 0.8}, {0, 1}, {0, 0}, 0.5, {1, -1}},
      {"a threshold of 1 up to rounding", {1 - 1e-12, 0, 0, 0}, {0, 0}, {0, 0}, 1.0, {0, -1}},
      {"NaN never", {kOff, kOff, kOff, 0.6}, {0, 0}, {0, 0}, 0.5, {-1, 1}},
      {"a threshold of 0 takes all", {0, 0, 0, 0}, {0, 0}, {0, 0}, 0.0, {1, 0}},
  };
  for (const Case& row : cases) {
    Indices match(2);
    std::vector<std::uint32_t> taken(2);
    const CocoMatchInput input{
        row.similarity.data(), row.ignored.data(), row.crowd.data(), &row.threshold, 2, 2, 1, 1};
    ASSERT_EQ(coco_match(input, taken.data(), match.data()), Status::kOk) << row.name;
    EXPECT_EQ(match, row.match) << row.name;
  }
}

TEST(CocoMatch, ThresholdsAndRangesAreApart) {
  const double similarity[2] = {0.9, 0.6};  // two predictions, one label
  const std::uint8_t ignored[2] = {0, 1};
  const std::uint8_t crowd = 0;
  std::vector<double> thresholds(kMaxCocoThresholds, 0.95);
  thresholds[0] = 0.5;
  thresholds[31] = 0.7;
  Indices match(2 * 2 * 32);
  std::uint32_t taken;
  const CocoMatchInput input{similarity, ignored, &crowd, thresholds.data(), 2, 1, 2, 32};
  ASSERT_EQ(coco_match(input, &taken, match.data()), Status::kOk);
  for (const std::size_t range : {0U, 1U}) {
    EXPECT_EQ(match[range * 64], 0);
    EXPECT_EQ(match[range * 64 + 1], -1);
    EXPECT_EQ(match[range * 64 + 2], -1);
    EXPECT_EQ(match[range * 64 + 62], 0);
  }
}

TEST(CocoMatch, RefusesBadArguments) {
  const double value = 0.5;
  const double nan = test::kNan;
  const std::uint8_t flag = 0;
  std::uint32_t taken;
  std::int64_t match[40];
  const CocoMatchInput good{&value, &flag, &flag, &value, 1, 1, 1, 1};
  CocoMatchInput input = good;
  input.threshold_count = kMaxCocoThresholds + 1;
  EXPECT_EQ(coco_match(input, &taken, match), Status::kBadSize);
  input = good;
  input.labels = -1;
  EXPECT_EQ(coco_match(input, &taken, match), Status::kBadSize);
  input = good;
  input.thresholds = &nan;
  EXPECT_EQ(coco_match(input, &taken, match), Status::kBadThreshold);
  input = good;
  input.crowd = nullptr;
  EXPECT_EQ(coco_match(input, &taken, match), Status::kNullPointer);
  EXPECT_EQ(coco_match(good, nullptr, match), Status::kNullPointer);
  EXPECT_EQ(coco_match(good, &taken, nullptr), Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
