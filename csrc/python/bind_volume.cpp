// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <optional>
#include <utility>

#include "core/heatmap/volume.h"
#include "python/bind.h"
#include "python/heatmap_arrays.h"

namespace edgepose::python {
namespace {

// Without a beta the highest cell, with one the mean place.
py::tuple decode(const py::array& array, std::optional<float> beta, std::optional<float> scale,
                 int zero_point) {
  const MapsLayout layout{"volumes", "[N,K,D,H,W]", 5, false};
  const MapsArray in = maps_of(array, layout, scale, zero_point);
  const VolumeBatch volumes{in.maps, in.depth, in.depth_stride};
  py::array_t<float> xyz({array.shape(0), array.shape(1), py::ssize_t{3}});
  py::array_t<float> score({array.shape(0), array.shape(1)});
  float* xyz_out = xyz.mutable_data();
  float* score_out = score.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = beta ? volume_integral(volumes, *beta, xyz_out, score_out)
                  : volume_argmax(volumes, xyz_out, score_out);
  }
  require_maps_ok(status, "volume_decode", layout, array);
  return py::make_tuple(std::move(xyz), std::move(score));
}

}  // namespace

void register_volume(py::module_& module) {
  using py::literals::operator""_a;
  module.def("volume_decode", &decode, "volumes"_a, "beta"_a = py::none(), "scale"_a = py::none(),
             "zero_point"_a = 0, "Highest cell or mean place of each volume: xyz, score.");
}

}  // namespace edgepose::python
