// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <array>

#include "core/heatmap/bilinear.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

py::array_t<float> resize(const py::array& maps_in, std::array<int, 2> out_hw) {
  const auto maps = require_packed<float>(maps_in, "maps", "float32 [C,H,W]", {-1, -1, -1});
  if (out_hw[0] < 1 || out_hw[1] < 1 || out_hw[0] > kMaxSide || out_hw[1] > kMaxSide) {
    fail("out_hw must be two positive sizes; got (" + std::to_string(out_hw[0]) + ", " +
         std::to_string(out_hw[1]) + ")");
  }
  py::array_t<float> out({maps.shape(0), py::ssize_t{out_hw[0]}, py::ssize_t{out_hw[1]}});
  const float* from = maps.data();
  float* to = out.mutable_data();
  const py::ssize_t area_in = maps.shape(1) * maps.shape(2);
  const std::ptrdiff_t area_out = static_cast<std::ptrdiff_t>(out_hw[0]) * out_hw[1];
  const int width = side_of(maps.shape(2));
  const int height = side_of(maps.shape(1));
  const py::ssize_t channels = maps.shape(0);
  Status status = Status::kOk;
  {
    const py::gil_scoped_release release;
    for (py::ssize_t c = 0; c < channels && status == Status::kOk; ++c) {
      status = resize_bilinear({from + c * area_in, width, height, width}, out_hw[1], out_hw[0],
                               to + c * area_out);
    }
  }
  require_ok(status, "resize_bilinear");
  return out;
}

}  // namespace

void register_resize(py::module_& module) {
  using py::literals::operator""_a;
  module.def("resize_bilinear", &resize, "maps"_a, "out_hw"_a,
             "Maps at another size, half-pixel centres: float32 [C,H,W].");
}

}  // namespace edgepose::python
