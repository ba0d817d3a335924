// SPDX-License-Identifier: Apache-2.0
#include "core/track/match.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

TEST(IouMatrix, NoBoxesGiveNothing) {
  EXPECT_EQ(iou_matrix(nullptr, 0, nullptr, 3, nullptr), Status::kOk);
}

TEST(IouMatrix, KnownBoxes) {
  const double nan = test::kNan;
  const double a[4] = {0, 0, 2, 2};
  const double b[] = {0, 0, 2, 2, 1, 0, 3, 2, 2, 0, 4, 2, 0, 0, 0, 2, 2, 0, 0, 2, 0, nan, 2, 2};
  double out[6];
  EXPECT_EQ(iou_matrix(a, 1, b, 6, out), Status::kOk);
  const double wanted[6] = {1, 1.0 / 3, 0, 0, 0, 0};
  for (int i = 0; i < 6; ++i) EXPECT_DOUBLE_EQ(out[i], wanted[i]);
  EXPECT_EQ(iou_matrix(a, -1, b, 1, out), Status::kBadSize);
  EXPECT_EQ(iou_matrix(a, 1, nullptr, 1, out), Status::kNullPointer);
}

std::vector<int> match(const std::vector<double>& table, int rows, int columns, double gate) {
  std::vector<unsigned char> workspace(match_workspace_bytes(rows, columns));
  std::vector<int> column(static_cast<std::size_t>(rows));
  EXPECT_EQ(
      match_similar(table.data(), rows, columns, gate, workspace.data(), column.data()).status,
      Status::kOk);
  return column;
}

TEST(MatchSimilar, TakesTheBestTotalWithinTheGate) {
  EXPECT_EQ(match({}, 0, 2, 0.1), (std::vector<int>{}));
  EXPECT_EQ(match({}, 2, 0, 0.1), (std::vector<int>{-1, -1}));
  EXPECT_EQ(match({0.9, 0.8, 0.7, 0.1}, 2, 2, 0.0), (std::vector<int>{1, 0}));
  EXPECT_EQ(match({0.9, 0.8, 0.7, 0.1}, 2, 2, 0.75), (std::vector<int>{0, -1}));
  EXPECT_EQ(match({test::kNan, test::kInfinity, 0.2}, 1, 3, 0.1), (std::vector<int>{2}));
}

TEST(MatchSimilar, RefusesBadArguments) {
  const double one[1] = {1};
  double workspace[200];
  int column[1];
  EXPECT_EQ(match_similar(one, 1, 1, test::kNan, workspace, column).status, Status::kBadThreshold);
  EXPECT_EQ(match_similar(one, -1, 1, 0, workspace, column).status, Status::kBadSize);
  EXPECT_EQ(match_similar(nullptr, 1, 1, 0, workspace, column).status, Status::kNullPointer);
  EXPECT_EQ(match_similar(one, 1, 1, 0, nullptr, column).status, Status::kNullPointer);
  EXPECT_EQ(match_similar(one, 1, 1, 0, workspace, nullptr).status, Status::kNullPointer);
  EXPECT_EQ(match_workspace_bytes(-1, 1), 0U);
}

}  // namespace
}  // namespace edgepose
