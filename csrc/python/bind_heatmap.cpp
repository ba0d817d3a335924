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
                 std::optional<float> scale, int zero_point, bool bounded) {
  const MapsLayout layout{"heatmaps", channels_last ? "[N,H,W,K]" : "[N,K,H,W]", 4, channels_last};
  DecodeOptions options;
  options.subpixel = subpixel_of(subpixel);
  options.blur_kernel = blur_kernel;
  options.beta = beta;
  options.debias = debias;
  options.bounded = bounded;
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
                integers ? std::optional<float>(1.0F) : std::nullopt, 0, false);
}

// Rows (channel, x, y, score).
py::array_t<float> peaks(const py::array& array, double threshold, int radius, int max_peaks,
                         bool channels_last, std::optional<float> scale, int zero_point) {
  const MapsLayout layout{"heatmaps", channels_last ? "[H,W,C]" : "[C,H,W]", 4, channels_last};
  // As the maps of one person; other numbers of axes are refused there.
  const py::array one = array.attr("__getitem__")(py::make_tuple(py::none(), py::ellipsis()));
  if (array.ndim() != 3) require_maps_ok(Status::kBadSize, "heatmap_peaks", layout, array);
  const MapsArray in = maps_of(one, layout, scale, zero_point);
  if (radius < 0 || max_peaks < 0) fail("radius and max_peaks must not be negative");
  Status status = check_maps(in.maps);
  require_maps_ok(status, "heatmap_peaks", layout, array);
  const auto cells = static_cast<std::int64_t>(in.maps.width) * in.maps.height;
  const int capacity =
      in.maps.empty() ? 0 : static_cast<int>(std::min<std::int64_t>(max_peaks, cells));
  const std::unique_ptr<Peak[]> found(new Peak[static_cast<std::size_t>(capacity)]);
  std::vector<float> rows;
  {
    const py::gil_scoped_release release;
    for (std::int64_t channel = 0; channel < in.maps.joints && status == Status::kOk; ++channel) {
      const Result<int> count = map_peaks(in.maps.map(0, channel), static_cast<float>(threshold),
                                          radius, capacity, found.get());
      status = count.status;
      for (int i = 0; i < count.value; ++i) {
        const Peak& peak = found[static_cast<std::size_t>(i)];
        rows.insert(rows.end(), {static_cast<float>(channel), static_cast<float>(peak.x),
                                 static_cast<float>(peak.y), peak.score});
      }
    }
  }
  require_maps_ok(status, "heatmap_peaks", layout, array);
  const auto count = static_cast<py::ssize_t>(rows.size() / 4);
  return py::array_t<float>({count, py::ssize_t{4}}, rows.data());
}

}  // namespace

void register_heatmap(py::module_& module) {
  using py::literals::operator""_a;
  module.def("heatmap_argmax", &argmax, "maps"_a, "Highest cell of each map: xy, score.");
  module.def("heatmap_decode", &decode, "maps"_a, "subpixel"_a, "blur_kernel"_a = 11,
             "shifts"_a = std::vector<float>{0.25F}, "beta"_a = 1.0F, "debias"_a = false,
             "channels_last"_a = false, "scale"_a = py::none(), "zero_point"_a = 0,
             "bounded"_a = false, "Highest cell of each map, refined: xy, score.");
  module.def("heatmap_peaks", &peaks, "maps"_a, "threshold"_a, "radius"_a, "max_peaks"_a,
             "channels_last"_a = false, "scale"_a = py::none(), "zero_point"_a = 0,
             "Local maxima as rows (channel, x, y, score).");
}

}  // namespace edgepose::python
