// SPDX-License-Identifier: Apache-2.0
#include "core/metric/svd3.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

using Matrix = std::array<double, 9>;

double product_error(const Svd3& svd, const Matrix& a) {
  double worst = 0.0;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      double sum = 0.0;
      for (int i = 0; i < 3; ++i) sum += svd.u[3 * row + i] * svd.s[i] * svd.v[3 * column + i];
      worst = std::max(worst, std::abs(sum - a[static_cast<std::size_t>(3 * row + column)]));
    }
  }
  return worst;
}

double orthogonality_error(const double u[9]) {
  double worst = 0.0;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      double sum = 0.0;
      for (int row = 0; row < 3; ++row) sum += u[3 * row + i] * u[3 * row + j];
      worst = std::max(worst, std::abs(sum - (i == j ? 1.0 : 0.0)));
    }
  }
  return worst;
}

void expect_decomposed(const Matrix& a, const std::string& name) {
  double largest = 0.0;
  for (const double value : a) largest = std::max(largest, std::abs(value));
  const Svd3 svd = svd3(a.data());
  EXPECT_LE(product_error(svd, a), 1e-14 * largest) << name;
  EXPECT_LE(orthogonality_error(svd.u), 1e-13) << name;
  EXPECT_LE(orthogonality_error(svd.v), 1e-13) << name;
  EXPECT_TRUE(svd.s[0] >= svd.s[1] && svd.s[1] >= svd.s[2] && svd.s[2] >= 0.0) << name;
}

TEST(Svd3, SpecialMatrices) {
  expect_decomposed({}, "zero");
  expect_decomposed({1, 0, 0, 0, 1, 0, 0, 0, 1}, "identity");
  expect_decomposed({0, 0, 1, 1, 0, 0, 0, 1, 0}, "permutation");
  expect_decomposed({1, 2, 3, 2, 4, 6, 3, 6, 9}, "rank 1");
  expect_decomposed({0, 0, 0, 0, 0, 0, 0, 0, 7}, "one entry");
  expect_decomposed({1, 2, 3, 4, 5, 6, 5, 7, 9}, "rank 2");
  expect_decomposed({1, 1, 1, 1, 1, 1, 1, 1, 1 + 1e-15}, "nearly rank 1");
  expect_decomposed({-2, 0, 0, 0, -2, 0, 0, 0, -2}, "equal and negative");
  expect_decomposed({1e200, 0, 3e199, 0, 1e-200, 0, 1, 1, 1e200}, "huge and tiny");
  expect_decomposed({1e-200, 2e-200, 0, 0, 1e-200, 3e-200, 0, 0, 4e-200}, "tiny");
}

TEST(Svd3, RandomMatrices) {
  std::mt19937 generator(1);
  std::normal_distribution<double> normal;
  for (int turn = 0; turn < 2000; ++turn) {
    Matrix a;
    for (double& value : a) value = normal(generator);
    if (turn % 3 == 0) {
      for (std::size_t i = 0; i < 3; ++i) a[3 * i + 2] *= std::pow(10.0, -(turn % 17));
    }
    expect_decomposed(a, "random " + std::to_string(turn));
  }
}

TEST(Svd3, NotFiniteIsNan) {
  for (const double value :
       {static_cast<double>(test::kNan), static_cast<double>(test::kInfinity)}) {
    const Matrix a = {1, 0, 0, 0, value, 0, 0, 0, 1};
    const Svd3 svd = svd3(a.data());
    EXPECT_TRUE(std::isnan(svd.s[0] + svd.s[1] + svd.s[2]));
  }
}

TEST(Determinant3, HasTheSignOfTheHandedness) {
  const double a[9] = {0, 2, 0, 3, 0, 0, 0, 0, 4};
  EXPECT_EQ(determinant3(a), -24.0);
}

}  // namespace
}  // namespace edgepose
