// SPDX-License-Identifier: Apache-2.0
#include "core/metric/joint_similarity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

// Of two points `distance` apart with 2 area (2 sigma)^2 = 2.
double similarity(double distance, double area = 1.0) {
  const double a[2] = {0, 0};
  const double b[2] = {distance, 0};
  const double sigma = 0.5;
  double out;
  joint_similarities(a, b, area, &sigma, 1, &out);
  return out;
}

TEST(JointSimilarity, NoJointsIsNoWork) {
  joint_similarities(nullptr, nullptr, 1.0, nullptr, 0, nullptr);
}

TEST(JointSimilarity, EqualsTheExponential) {
  constexpr double kUlp = std::numeric_limits<double>::epsilon();
  const double spread = 2.0 * (1.0 + kUlp);
  EXPECT_EQ(similarity(0.0), 1.0);
  for (double distance = 1e-9; distance < 37.6; distance = 1.003 * distance + 1e-6) {
    const double exponent = -(distance * distance) / spread;
    EXPECT_NEAR(similarity(distance) / std::exp(exponent), 1.0, 2 * kUlp) << distance;
  }
}

TEST(JointSimilarity, EveryLaneGivesTheSame) {
  std::vector<double> a(2 * kJointBlock, 0.0), b(2 * kJointBlock), out(kJointBlock);
  const std::vector<double> sigmas(kJointBlock, 0.5);
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = 0.01 * static_cast<double>(i * i % 97);
  for (const std::int64_t joints : {1, 2, 3, 7, 17, 64}) {
    joint_similarities(a.data(), b.data(), 3.0, sigmas.data(), joints, out.data());
    for (std::int64_t k = 0; k < joints; ++k) {
      double alone;
      joint_similarities(a.data(), b.data() + 2 * k, 3.0, sigmas.data(), 1, &alone);
      EXPECT_EQ(out[static_cast<std::size_t>(k)], alone);
    }
  }
}

TEST(JointSimilarity, OddNumbersAreDefined) {
  EXPECT_EQ(similarity(38.0), 0.0);
  EXPECT_EQ(similarity(1e200), 0.0);
  EXPECT_EQ(similarity(test::kInfinity), 0.0);
  EXPECT_EQ(similarity(test::kNan), 0.0);
  EXPECT_EQ(similarity(1.0, test::kNan), 0.0);
  EXPECT_EQ(similarity(1.0, -1.0), 0.0);
  EXPECT_EQ(similarity(0.0, -1.0), 1.0);
  EXPECT_EQ(similarity(0.0, 0.0), 1.0);
  EXPECT_EQ(similarity(1.0, test::kInfinity), 1.0);
}

}  // namespace
}  // namespace edgepose
