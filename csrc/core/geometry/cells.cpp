// SPDX-License-Identifier: Apache-2.0
#include "core/geometry/cells.h"

#include <cmath>

#include "core/view.h"

namespace edgepose {
namespace {

bool side_ok(int side) { return side >= 1 && side <= kMaxSide; }

// input = scale * (cell + shift) - shift + add along one axis.
struct Axis {
  double scale;
  double shift;
  double add;

  double operator()(float cell) const {
    return scale * (static_cast<double>(cell) + shift) - shift + add;
  }
};

Axis axis_of(const CellGrid& grid, int input, int map) {
  switch (grid.warp) {
    case Warp::kUdp:
      if (map == 1) return {0.0, 0.0, 0.5 * (input - 1)};
      return {(input - 1.0) / (map - 1.0), 0.0, 0.0};
    case Warp::kLegacy:
      return {grid.stride, 0.0, 0.0};
    case Warp::kHalfPixel:
      break;
  }
  return {grid.stride, 0.5, 0.0};
}

}  // namespace

Status cells_to_input(const float* xy_cell, std::int64_t count, const CellGrid& grid,
                      double* xy_input) {
  if (count < 0 || !side_ok(grid.input_width) || !side_ok(grid.input_height) ||
      !side_ok(grid.map_width) || !side_ok(grid.map_height)) {
    return Status::kBadSize;
  }
  if (!(grid.stride > 0.0) || !std::isfinite(grid.stride)) return Status::kBadStride;
  if (count == 0) return Status::kOk;
  if (xy_cell == nullptr || xy_input == nullptr) return Status::kNullPointer;
  const Axis x = axis_of(grid, grid.input_width, grid.map_width);
  const Axis y = axis_of(grid, grid.input_height, grid.map_height);
  for (std::int64_t i = 0; i < count; ++i) {
    xy_input[2 * i] = x(xy_cell[2 * i]);
    xy_input[2 * i + 1] = y(xy_cell[2 * i + 1]);
  }
  return Status::kOk;
}

}  // namespace edgepose
