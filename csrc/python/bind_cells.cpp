// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "core/geometry/cells.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

using Sides = std::pair<py::ssize_t, py::ssize_t>;  // width and height

Warp warp_named(const std::string& name) {
  if (name == "half_pixel") return Warp::kHalfPixel;
  if (name == "udp") return Warp::kUdp;
  if (name == "legacy") return Warp::kLegacy;
  fail("warp must be half_pixel, udp or legacy; got '" + name + "'");
}

py::array_t<double> convert(const py::array& xy_cell, double stride, const std::string& warp,
                            const Sides& input_wh, const Sides& map_wh, double upscale,
                            double offset) {
  const auto cells = require_packed<double>(xy_cell, "xy_cell", "float64 [N,2]", {-1, 2});
  const CellGrid grid{warp_named(warp),
                      stride,
                      side_of(input_wh.first),
                      side_of(input_wh.second),
                      side_of(map_wh.first),
                      side_of(map_wh.second),
                      upscale,
                      offset};
  py::array_t<double> out({cells.shape(0), py::ssize_t{2}});
  const double* from = cells.data();
  double* to = out.mutable_data();
  const std::int64_t count = cells.shape(0);
  Status status;
  {
    const py::gil_scoped_release release;
    status = cells_to_input(from, count, grid, to);
  }
  require_ok(status, "cells_to_input");
  return out;
}

}  // namespace

void register_cells(py::module_& module) {
  using py::literals::operator""_a;
  module.def("cells_to_input", &convert, "xy_cell"_a, "stride"_a, "warp"_a, "input_wh"_a,
             "map_wh"_a, "upscale"_a = 1.0, "offset"_a = 0.0,
             "Heatmap cells to px of the network's input: float64 [N,2].");
}

}  // namespace edgepose::python
