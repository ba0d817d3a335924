// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <optional>

#include "core/heatmap/merge_flip.h"
#include "python/bind.h"
#include "python/heatmap_arrays.h"

namespace edgepose::python {
namespace {

bool shapes_agree(const py::array& a, const py::array& b) {
  bool same = a.ndim() == b.ndim();
  for (py::ssize_t axis = 0; same && axis < a.ndim(); ++axis) same = a.shape(axis) == b.shape(axis);
  return same;
}

// The caller's buffer, or a new one where there is none.
py::array_t<float> output(const std::optional<py::array>& out, const MapsArray& in, bool lines) {
  std::vector<py::ssize_t> shape{static_cast<py::ssize_t>(in.maps.people),
                                 static_cast<py::ssize_t>(in.maps.joints)};
  if (!lines) shape.push_back(in.maps.height);
  shape.push_back(in.maps.width);
  if (!out) return py::array_t<float>(shape);
  bool good = py::isinstance<py::array_t<float, py::array::c_style>>(*out) && out->writeable() &&
              out->ndim() == static_cast<py::ssize_t>(shape.size());
  for (std::size_t axis = 0; good && axis < shape.size(); ++axis) {
    good = out->shape(static_cast<py::ssize_t>(axis)) == shape[axis];
  }
  if (!good) fail_array("out", "writeable, contiguous float32 [N,K,H,W] like the maps", *out);
  return py::array_t<float>(*out);
}

py::array_t<float> merge_flip(const py::array& maps, const py::array& flipped,
                              const py::array& joint_of, int shift, bool mirror, bool channels_last,
                              std::optional<float> scale, int zero_point,
                              const std::optional<py::array>& out) {
  const bool lines = maps.ndim() == 3;
  const char* const shape = channels_last ? "[N,H,W,K]" : "[N,K,H,W] or [N,K,W]";
  const MapsLayout layout{"maps", shape, lines && !channels_last ? 3 : 4, channels_last};
  const MapsLayout layout_flipped{"flipped", shape, layout.axes, channels_last};
  const MapsArray in = maps_of(maps, layout, scale, zero_point);
  const MapsArray mirrored = maps_of(flipped, layout_flipped, scale, zero_point);
  if (!shapes_agree(maps, flipped)) {
    fail("flipped must have the shape of maps; got " + describe(flipped) + " and " +
         describe(maps));
  }
  const auto joints = require_packed<std::int64_t>(joint_of, "joint_of", "int64 [K]",
                                                   {static_cast<py::ssize_t>(in.maps.joints)});
  py::array_t<float> merged = output(out, in, lines);
  if (out) {
    const py::object share = py::module_::import("numpy").attr("may_share_memory");
    if (share(*out, maps).cast<bool>() || share(*out, flipped).cast<bool>()) {
      fail("out must not share memory with the maps");
    }
  }
  FlipOptions options;
  options.mirror = mirror;
  options.shift = shift;
  const std::int64_t* const joint_data = joints.data();
  float* const merged_data = merged.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = heatmap_merge_flip(in.maps, mirrored.maps, joint_data, options, merged_data);
  }
  require_maps_ok(status, "merge_flip", layout, maps);
  return merged;
}

}  // namespace

void register_merge_flip(py::module_& module) {
  using py::literals::operator""_a;
  module.def("merge_flip", &merge_flip, "maps"_a, "flipped"_a, "joint_of"_a, "shift"_a = 0,
             "mirror"_a = true, "channels_last"_a = false, "scale"_a = py::none(),
             "zero_point"_a = 0, "out"_a = py::none(),
             "Mean of maps and of those of the mirror image, mirrored back.");
}

}  // namespace edgepose::python
