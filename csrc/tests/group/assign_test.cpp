// SPDX-License-Identifier: Apache-2.0
#include "core/group/assign.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "core/view.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

constexpr double kInf = test::kDoubleInfinity;
using Columns = std::vector<int>;

struct Table {
  int rows;
  int columns;
  std::vector<double> cost;

  double at(int row, int column) const {
    return cost[static_cast<std::size_t>(row * columns + column)];
  }
  bool allows(int row, int column) const { return std::fabs(at(row, column)) <= kMaxCost; }
};

Columns solve(const Table& table) {
  std::vector<unsigned char> workspace(assign_workspace_bytes(table.rows, table.columns) + 1);
  Columns columns(static_cast<std::size_t>(table.rows), 99);
  // One byte off: the workspace may start anywhere.
  const auto pairs = assign({table.cost.data(), table.rows, table.columns, table.columns},
                            workspace.data() + 1, columns.data());
  EXPECT_EQ(pairs.status, Status::kOk);
  EXPECT_EQ(pairs.value, table.rows - std::count(columns.begin(), columns.end(), -1));
  return columns;
}

struct Total {
  int pairs = 0;
  double cost = 0;
  bool better_than(const Total& other) const {
    return pairs != other.pairs ? pairs > other.pairs : cost < other.cost;
  }
};

Total total_of(const Table& table, const Columns& columns) {
  Total total;
  for (int row = 0; row < table.rows; ++row) {
    const int column = columns[static_cast<std::size_t>(row)];
    if (column < 0) continue;
    EXPECT_TRUE(table.allows(row, column));
    EXPECT_EQ(std::count(columns.begin(), columns.end(), column), 1);
    ++total.pairs;
    total.cost += table.at(row, column);
  }
  return total;
}

// Every way to pair the rows from `row` on, with the columns not yet used.
// NOLINTNEXTLINE(misc-no-recursion): as deep as there are rows
Total brute_force(const Table& table, int row, std::vector<bool>& used) {
  if (row == table.rows) return {};
  Total best = brute_force(table, row + 1, used);
  for (int column = 0; column < table.columns; ++column) {
    const auto at = static_cast<std::size_t>(column);
    if (used[at] || !table.allows(row, column)) continue;
    used[at] = true;
    Total total = brute_force(table, row + 1, used);
    used[at] = false;
    ++total.pairs;
    total.cost += table.at(row, column);
    if (total.better_than(best)) best = total;
  }
  return best;
}

TEST(Assign, NoRowsOrNoColumnsGiveNoPairs) {
  EXPECT_EQ(assign({}, nullptr, nullptr).status, Status::kOk);
  EXPECT_EQ(solve({0, 3, {}}), Columns{});
  EXPECT_EQ(solve({3, 0, {}}), (Columns{-1, -1, -1}));
}

TEST(Assign, KnownTables) {
  EXPECT_EQ(solve({1, 1, {-5}}), (Columns{0}));
  EXPECT_EQ(solve({2, 2, {1, 2, 1, 9}}), (Columns{1, 0}));
  EXPECT_EQ(solve({2, 3, {5, 1, 9, 4, 1, 9}}), (Columns{1, 0}));
  EXPECT_EQ(solve({3, 1, {5, 2, 4}}), (Columns{-1, 0, -1}));
}

TEST(Assign, EqualCostsFollowTheOrder) {
  EXPECT_EQ(solve({2, 3, std::vector<double>(6, 7.0)}), (Columns{0, 1}));
  EXPECT_EQ(solve({3, 2, std::vector<double>(6, 7.0)}), (Columns{0, 1, -1}));
  EXPECT_EQ(solve({3, 3, {0, kInf, kInf, 0, kInf, kInf, 0, kInf, kInf}}), (Columns{0, -1, -1}));
}

TEST(Assign, ForbiddenPairsAreNeverMade) {
  for (const double forbidden : {kInf, -kInf, static_cast<double>(test::kNan), 1e151, -1e300}) {
    EXPECT_EQ(solve({1, 1, {forbidden}}), (Columns{-1}));
    EXPECT_EQ(solve({2, 2, {forbidden, 3, forbidden, 2}}), (Columns{-1, 1}));
    EXPECT_EQ(solve({2, 2, {1, 5, 0, forbidden}}), (Columns{1, 0}));
  }
}

TEST(Assign, MorePairsGoBeforeLessCost) {
  EXPECT_EQ(solve({2, 2, {0, 1e100, 0, kInf}}), (Columns{1, 0}));
}

TEST(Assign, ForbiddenPairsCostNoPrecision) {
  const double tiny = 1e-9;
  EXPECT_EQ(solve({2, 2, {1e-300, kInf, 0, kInf}}), (Columns{-1, 0}));
  EXPECT_EQ(solve({3, 3, {1 + tiny, kInf, kInf, 1, kInf, kInf, kInf, 1e6, kInf}}),
            (Columns{-1, 0, 1}));
}

TEST(Assign, EqualsBruteForce) {
  std::mt19937 generator(3);
  std::uniform_int_distribution<int> side(0, 6), whole(-4, 4), percent(0, 99);
  std::uniform_real_distribution<double> real(-10.0, 10.0);
  for (int round = 0; round < 4000; ++round) {
    Table table{side(generator), side(generator), {}};
    const int forbidden = (round % 5) * 20;
    for (int i = 0; i < table.rows * table.columns; ++i) {
      const double cost = round % 2 == 0 ? whole(generator) : real(generator);
      table.cost.push_back(percent(generator) < forbidden ? kInf : cost);
    }
    const auto before = table.cost;
    const Total found = total_of(table, solve(table));
    std::vector<bool> used(static_cast<std::size_t>(table.columns));
    const Total wanted = brute_force(table, 0, used);
    ASSERT_EQ(found.pairs, wanted.pairs) << round;
    ASSERT_NEAR(found.cost, wanted.cost, 1e-9) << round;
    ASSERT_EQ(before, table.cost);
  }
}

TEST(Assign, ReadsStridedRows) {
  const std::vector<double> cost = {1, 2, -9, 1, 9, -9};
  std::vector<unsigned char> workspace(assign_workspace_bytes(2, 2));
  Columns columns(2);
  EXPECT_EQ(assign({cost.data(), 2, 2, 3}, workspace.data(), columns.data()).value, 2);
  EXPECT_EQ(columns, (Columns{1, 0}));
}

TEST(Assign, RefusesBadArguments) {
  const double cost[1] = {0};
  double workspace[100];
  int column[1];
  EXPECT_EQ(assign({cost, -1, 1, 1}, workspace, column).status, Status::kBadSize);
  EXPECT_EQ(assign({cost, 1, -1, 1}, workspace, column).status, Status::kBadSize);
  EXPECT_EQ(assign({cost, kMaxSide + 1, 1, 1}, workspace, column).status, Status::kBadSize);
  EXPECT_EQ(assign({nullptr, 1, 1, 1}, workspace, column).status, Status::kNullPointer);
  EXPECT_EQ(assign({cost, 1, 1, 1}, nullptr, column).status, Status::kNullPointer);
  EXPECT_EQ(assign({cost, 1, 1, 1}, workspace, nullptr).status, Status::kNullPointer);
  EXPECT_EQ(assign_workspace_bytes(-1, 1), 0U);
  EXPECT_EQ(assign_workspace_bytes(1, kMaxSide + 1), 0U);
}

}  // namespace
}  // namespace edgepose
