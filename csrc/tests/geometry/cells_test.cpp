// SPDX-License-Identifier: Apache-2.0
#include "core/geometry/cells.h"

#include <gtest/gtest.h>

#include <cmath>

namespace edgepose {
namespace {

CellGrid grid_of(Warp warp) { return {warp, 4, 192, 256, 48, 64}; }

TEST(CellsToInput, NoCellsGiveNothing) {
  EXPECT_EQ(cells_to_input(nullptr, 0, grid_of(Warp::kUdp), nullptr), Status::kOk);
}

TEST(CellsToInput, TheLastCellOfEachWarp) {
  const float cell[2] = {47, 63};
  double xy[2];
  ASSERT_EQ(cells_to_input(cell, 1, grid_of(Warp::kHalfPixel), xy), Status::kOk);
  EXPECT_EQ(xy[0], 189.5);
  EXPECT_EQ(xy[1], 253.5);
  ASSERT_EQ(cells_to_input(cell, 1, grid_of(Warp::kLegacy), xy), Status::kOk);
  EXPECT_EQ(xy[0], 188);
  ASSERT_EQ(cells_to_input(cell, 1, grid_of(Warp::kUdp), xy), Status::kOk);
  EXPECT_NEAR(xy[0], 191, 1e-12);
  EXPECT_NEAR(xy[1], 255, 1e-12);
}

TEST(CellsToInput, ASingleCellIsTheMiddleOfTheInput) {
  CellGrid grid = grid_of(Warp::kUdp);
  grid.map_width = 1;
  const float cell[2] = {0, 0};
  double xy[2];
  ASSERT_EQ(cells_to_input(cell, 1, grid, xy), Status::kOk);
  EXPECT_EQ(xy[0], 95.5);
  EXPECT_EQ(xy[1], 0.0);
}

TEST(CellsToInput, NanStaysNan) {
  const float cell[2] = {NAN, 0};
  double xy[2];
  ASSERT_EQ(cells_to_input(cell, 1, grid_of(Warp::kHalfPixel), xy), Status::kOk);
  EXPECT_TRUE(std::isnan(xy[0]));
}

TEST(CellsToInput, BadArgumentsAreRefused) {
  const float cell[2] = {0, 0};
  double xy[2];
  CellGrid grid = grid_of(Warp::kHalfPixel);
  EXPECT_EQ(cells_to_input(cell, -1, grid, xy), Status::kBadSize);
  EXPECT_EQ(cells_to_input(nullptr, 1, grid, xy), Status::kNullPointer);
  EXPECT_EQ(cells_to_input(cell, 1, grid, nullptr), Status::kNullPointer);
  grid.stride = NAN;
  EXPECT_EQ(cells_to_input(cell, 1, grid, xy), Status::kBadStride);
  grid.map_height = 0;
  EXPECT_EQ(cells_to_input(cell, 1, grid, xy), Status::kBadSize);
}

}  // namespace
}  // namespace edgepose
