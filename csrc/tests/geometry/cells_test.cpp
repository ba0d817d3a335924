// SPDX-License-Identifier: Apache-2.0
#include "core/geometry/cells.h"

#include <gtest/gtest.h>

#include <cmath>

namespace edgepose {
namespace {

CellGrid grid_of(Warp warp) {
  CellGrid grid;
  grid.warp = warp;
  grid.input_width = 192;
  grid.input_height = 256;
  grid.map_width = 48;
  grid.map_height = 64;
  return grid;
}

TEST(CellsToInput, NoCellsGiveNothing) {
  EXPECT_EQ(cells_to_input(static_cast<const float*>(nullptr), 0, grid_of(Warp::kUdp), nullptr),
            Status::kOk);
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

TEST(CellsToInput, PlacesOfAGroupingAreMadeCells) {
  CellGrid grid = grid_of(Warp::kHalfPixel);
  grid.upscale = 8;
  grid.offset = 0.5;
  const float enlarged[2] = {8, 12.5F};  // by 8, counted from the corner: cells 0.5 and 1.0625
  double xy[2];
  ASSERT_EQ(cells_to_input(enlarged, 1, grid, xy), Status::kOk);
  EXPECT_EQ(xy[0], 4 * (0.5 + 0.5) - 0.5);
  EXPECT_EQ(xy[1], 4 * (1.0625 + 0.5) - 0.5);
  grid.upscale = 1;
  const double cell[2] = {2.25, 7.75};
  ASSERT_EQ(cells_to_input(cell, 1, grid, xy), Status::kOk);
  EXPECT_EQ(xy[0], 4 * (1.75 + 0.5) - 0.5);
  EXPECT_EQ(xy[1], 4 * (7.25 + 0.5) - 0.5);
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
  EXPECT_EQ(cells_to_input(static_cast<const double*>(nullptr), 1, grid, xy), Status::kNullPointer);
  EXPECT_EQ(cells_to_input(cell, 1, grid, nullptr), Status::kNullPointer);
  for (const double bad : {0.0, -1.0, HUGE_VAL, double{NAN}}) {
    CellGrid other = grid;
    other.upscale = bad;
    EXPECT_EQ(cells_to_input(cell, 1, other, xy), Status::kBadOption);
  }
  for (const double bad : {HUGE_VAL, -HUGE_VAL, double{NAN}}) {
    CellGrid other = grid;
    other.offset = bad;
    EXPECT_EQ(cells_to_input(cell, 1, other, xy), Status::kBadOption);
  }
  grid.stride = NAN;
  EXPECT_EQ(cells_to_input(cell, 1, grid, xy), Status::kBadStride);
  grid.map_height = 0;
  EXPECT_EQ(cells_to_input(cell, 1, grid, xy), Status::kBadSize);
}

}  // namespace
}  // namespace edgepose
