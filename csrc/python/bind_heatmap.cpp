// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/heatmap/decode.h"
#include "core/heatmap/peaks.h"
#include "python/arrays.h"
#include "python/bind.h"
#include "python/heatmap_arrays.h"

namespace edgepose::python {
namespace {

constexpr py::ssize_t kFloat = sizeof(float);

// The maps as they lie in memory, or a copy where the cells of a row are not side by side.
py::array packed_cells(const py::array& maps) {
  const py::ssize_t last = maps.ndim() - 1;
  bool packed = maps.strides(last) == kFloat;
  for (py::ssize_t axis = 0; axis < last; ++axis) {
    packed = packed && maps.strides(axis) % kFloat == 0;
  }
  return packed ? maps : py::array(py::array_t<float, py::array::c_style>::ensure(maps));
}

Subpixel subpixel_of(const std::string& name) {
  constexpr std::pair<const char*, Subpixel> kNames[] = {{"none", Subpixel::kNone},
                                                         {"quarter", Subpixel::kQuarter},
                                                         {"quadratic", Subpixel::kQuadratic},
                                                         {"dark", Subpixel::kDark},
                                                         {"udp", Subpixel::kUdp},
                                                         {"megvii", Subpixel::kMegvii},
                                                         {"mspn", Subpixel::kMspn},
                                                         {"integral", Subpixel::kIntegral}};
  for (const auto& [known, subpixel] : kNames) {
    if (name == known) return subpixel;
  }
  fail("subpixel must be none, quarter, quadratic, dark, udp, megvii, mspn or integral; got '" +
       name + "'");
}

py::tuple decode(const py::array& array, const std::string& subpixel, int blur_kernel,
                 const std::vector<float>& shifts, float beta, bool debias, bool channels_last,
                 std::optional<float> scale, int zero_point) {
  const MapsLayout layout{"heatmaps", channels_last ? "[N,H,W,K]" : "[N,K,H,W]", 4, channels_last};
  DecodeOptions options;
  options.subpixel = subpixel_of(subpixel);
  options.blur_kernel = blur_kernel;
  options.beta = beta;
  options.debias = debias;
  if (shifts.size() > std::size(options.shifts)) {
    fail("shifts must be at most 4; got " + std::to_string(shifts.size()));
  }
  options.shift_count = static_cast<int>(shifts.size());
  std::copy(shifts.begin(), shifts.end(), options.shifts);
  const MapsArray in = maps_of(array, layout, scale, zero_point);
  const auto people = static_cast<py::ssize_t>(in.maps.people);
  const auto joints = static_cast<py::ssize_t>(in.maps.joints);
  py::array_t<float> xy({people, joints, py::ssize_t{2}});
  py::array_t<float> score({people, joints});
  float* xy_out = xy.mutable_data();
  float* score_out = score.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = heatmap_decode(in.maps, options, xy_out, score_out);
  }
  require_maps_ok(status, "heatmap_decode", layout, array);
  return py::make_tuple(std::move(xy), std::move(score));
}

py::tuple argmax(const py::array& maps) {
  const bool integers = maps.dtype().kind() != 'f';
  return decode(maps, "none", 1, {}, 1.0F, false, false,
                integers ? std::optional<float>(1.0F) : std::nullopt, 0);
}

// Rows (channel, x, y, score).
py::array_t<float> peaks(const py::array& maps_in, double threshold, int radius, int max_peaks) {
  require<float>(maps_in, "heatmaps", "float32 [C,H,W]", {-1, -1, -1});
  const py::array maps = packed_cells(maps_in);
  const py::ssize_t channels = maps.shape(0);
  const MapView first{static_cast<const float*>(maps.data()), side_of(maps.shape(2)),
                      side_of(maps.shape(1)), maps.strides(1) / kFloat};
  if (radius < 0 || max_peaks < 0) fail("radius and max_peaks must not be negative");
  const py::ssize_t cells = maps.shape(1) * maps.shape(2);
  const int capacity = static_cast<int>(std::min<py::ssize_t>(max_peaks, cells));
  const std::unique_ptr<Peak[]> found(new Peak[static_cast<std::size_t>(capacity)]);
  std::vector<float> rows;
  Status status = Status::kOk;
  {
    const py::gil_scoped_release release;
    for (py::ssize_t channel = 0; channel < channels && status == Status::kOk; ++channel) {
      MapView map = first;
      map.data += channel * (maps.strides(0) / kFloat);
      const Result<int> count =
          map_peaks(map, static_cast<float>(threshold), radius, capacity, found.get());
      status = count.status;
      for (int i = 0; i < count.value; ++i) {
        const Peak& peak = found[static_cast<std::size_t>(i)];
        rows.insert(rows.end(), {static_cast<float>(channel), static_cast<float>(peak.x),
                                 static_cast<float>(peak.y), peak.score});
      }
    }
  }
  if (status == Status::kBadSize) {
    fail_array("heatmaps", "float32 [C,H,W] with H and W of 1 to 1048576", maps_in);
  }
  require_ok(status, "heatmap_peaks");
  const py::ssize_t count = static_cast<py::ssize_t>(rows.size() / 4);
  return py::array_t<float>({count, py::ssize_t{4}}, rows.data());
}

}  // namespace

void register_heatmap(py::module_& module) {
  using py::literals::operator""_a;
  module.def("heatmap_argmax", &argmax, "maps"_a, "Highest cell of each map: xy, score.");
  module.def("heatmap_decode", &decode, "maps"_a, "subpixel"_a, "blur_kernel"_a = 11,
             "shifts"_a = std::vector<float>{0.25F}, "beta"_a = 1.0F, "debias"_a = false,
             "channels_last"_a = false, "scale"_a = py::none(), "zero_point"_a = 0,
             "Highest cell of each map, refined: xy, score.");
  module.def("heatmap_peaks", &peaks, "maps"_a, "threshold"_a, "radius"_a, "max_peaks"_a,
             "Local maxima as rows (channel, x, y, score).");
}

}  // namespace edgepose::python
