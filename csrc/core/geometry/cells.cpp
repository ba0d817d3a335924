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

  double operator()(double cell) const { return scale * (cell + shift) - shift + add; }
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

// The cell that a grouping's place means.
struct Cells {
  double upscale, offset;

  explicit Cells(const CellGrid& grid) : upscale(grid.upscale), offset(grid.offset) {}
  double operator()(double place) const {
    if (upscale == 1.0 && offset == 0.0) return place;
    return (place - offset + 0.5) / upscale - 0.5;
  }
};

bool positive(double value) { return value > 0.0 && std::isfinite(value); }

template <typename T>
Status convert(const T* xy_cell, std::int64_t count, const CellGrid& grid, double* xy_input) {
  if (count < 0 || !side_ok(grid.input_width) || !side_ok(grid.input_height) ||
      !side_ok(grid.map_width) || !side_ok(grid.map_height)) {
    return Status::kBadSize;
  }
  if (!positive(grid.stride)) return Status::kBadStride;
  if (!positive(grid.upscale) || !std::isfinite(grid.offset)) return Status::kBadOption;
  if (count == 0) return Status::kOk;
  if (xy_cell == nullptr || xy_input == nullptr) return Status::kNullPointer;
  const Axis x = axis_of(grid, grid.input_width, grid.map_width);
  const Axis y = axis_of(grid, grid.input_height, grid.map_height);
  const Cells cell(grid);
  for (std::int64_t i = 0; i < count; ++i) {
    xy_input[2 * i] = x(cell(static_cast<double>(xy_cell[2 * i])));
    xy_input[2 * i + 1] = y(cell(static_cast<double>(xy_cell[2 * i + 1])));
  }
  return Status::kOk;
}

}  // namespace

Status cells_to_input(const float* xy_cell, std::int64_t count, const CellGrid& grid,
                      double* xy_input) {
  return convert(xy_cell, count, grid, xy_input);
}

Status cells_to_input(const double* xy_cell, std::int64_t count, const CellGrid& grid,
                      double* xy_input) {
  return convert(xy_cell, count, grid, xy_input);
}

}  // namespace edgepose
