// SPDX-License-Identifier: Apache-2.0
// Matrices and points.
#include <algorithm>
#include <cmath>

#include "core/geometry/cells.h"
#include "core/geometry/matrices.h"
#include "core/image/orient.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::Status;
using edgepose::Warp;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;
using edgepose::fuzz::same;

namespace {

constexpr int kMost = 1 << 20;

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](double value) { return std::isfinite(value); });
}

bool tame(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](double value) { return std::fabs(value) <= 1e100; });
}

void crops(Reader& reader, std::size_t count) {
  const Input<double> boxes(reader.numbers<double>(4 * count));
  edgepose::BoxCrop crop;
  crop.padding = reader.option(1.25);
  crop.warp = reader.choice(Warp::kLegacy);
  crop.rotation_deg = reader.option(0.0);
  std::vector<double> out(6 * count);
  const int width = reader.hostile(1, 400);
  const int height = reader.hostile(1, 400);
  const Status status = crop_matrices(boxes.data(), static_cast<std::int64_t>(count), width, height,
                                      crop, out.data());
  if (status != Status::kOk || !tame(boxes.values()) || crop.padding > 1e100) return;
  require(all_finite(out), "boxes of ordinary size have finite crops");
  for (std::size_t i = 0; i < count && crop.rotation_deg == 0.0; ++i) {
    require(out[6 * i + 1] == 0.0 && out[6 * i + 3] == 0.0, "without rotation nothing is turned");
  }
}

void whole_picture(Reader& reader) {
  const int sides[] = {reader.hostile(1, kMost >> 8), reader.hostile(1, kMost >> 8),
                       reader.hostile(1, 512), reader.hostile(1, 512)};
  std::vector<double> out(6);
  const bool good =
      std::all_of(sides, sides + 4, [](int side) { return side >= 1 && side <= kMost; });
  const Status box =
      edgepose::letterbox_matrix(sides[0], sides[1], sides[2], sides[3], reader.flag(), out.data());
  require(good == (box == Status::kOk), "sides are refused where they are out of range");
  require(!good || all_finite(out), "finite matrices");
  const Status stretch =
      edgepose::stretch_matrix(sides[0], sides[1], sides[2], sides[3], out.data());
  require(good == (stretch == Status::kOk), "sides are refused where they are out of range");
  require(!good || all_finite(out), "finite matrices");
}

void orient(Reader& reader, std::size_t count) {
  const Input<double> upright(reader.numbers<double>(6 * count));
  const int width = reader.hostile(1, 4000);
  const int height = reader.hostile(1, 4000);
  const int turns = reader.hostile(-5, 5);
  std::vector<double> out(6 * count);
  const auto matrices = static_cast<std::int64_t>(count);
  const bool mirror = reader.flag();
  if (edgepose::orient_matrices(upright.data(), matrices, width, height, turns, mirror,
                                out.data()) != Status::kOk) {
    return;
  }
  std::vector<double> in_place = upright.values();
  edgepose::orient_matrices(in_place.data(), matrices, width, height, turns, mirror,
                            in_place.data());
  require(same(out, in_place), "the output may be the input");
}

void points(Reader& reader, std::size_t count) {
  const Input<double> matrix(reader.numbers<double>(6));
  const Input<double> xy(reader.numbers<double>(2 * count));
  std::vector<double> out(2 * count);
  std::vector<double> in_place = xy.values();
  const auto rows = static_cast<std::int64_t>(count);
  edgepose::map_points(matrix.data(), xy.data(), rows, out.data());
  edgepose::map_points(matrix.data(), in_place.data(), rows, in_place.data());
  require(same(out, in_place), "the output may be the input");

  const Input<float> cells(reader.numbers<float>(2 * count));
  edgepose::CellGrid grid;
  grid.warp = reader.choice(Warp::kLegacy);
  grid.stride = reader.option(4.0);
  grid.input_width = reader.hostile(1, 400);
  grid.input_height = reader.hostile(1, 400);
  grid.map_width = reader.hostile(1, 100);
  grid.map_height = reader.hostile(1, 100);
  grid.upscale = reader.option(1.0);
  grid.offset = reader.option(0.0);
  if (cells_to_input(cells.data(), rows, grid, out.data()) != Status::kOk) return;
  for (std::size_t i = 0; i < out.size(); ++i) {
    require(std::isnan(out[i]) || !std::isnan(cells[i]), "NaN stays NaN");
    const bool wild =
        grid.stride > 1e100 || grid.upscale < 1e-100 || std::fabs(grid.offset) > 1e100;
    require(std::isfinite(out[i]) || !std::isfinite(cells[i]) || wild,
            "finite cells are finite pixels");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const auto count = static_cast<std::size_t>(reader.between(0, 6));
  crops(reader, count);
  whole_picture(reader);
  orient(reader, count);
  points(reader, count);
  return 0;
}
