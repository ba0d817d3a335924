// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <optional>
#include <utility>

#include "core/heatmap/simcc.h"
#include "python/bind.h"
#include "python/heatmap_arrays.h"

namespace edgepose::python {
namespace {

SimccScore score_named(const std::string& name) {
  if (name == "value") return SimccScore::kValue;
  if (name == "softmax") return SimccScore::kSoftmax;
  if (name == "gaussian") return SimccScore::kGaussian;
  fail("score must be value, softmax or gaussian; got '" + name + "'");
}

template <typename T>
using Pair = std::pair<T, T>;

py::tuple decode(const py::array& x, const py::array& y, float split_ratio,
                 const std::string& score_name, Pair<float> beta, Pair<float> sigma, bool larger,
                 std::optional<Pair<int>> blur_kernel, std::optional<float> scale, int zero_point,
                 bool bounded) {
  const MapsLayout layout_x{"simcc_x", "[N,K,W]", 3, false};
  const MapsLayout layout_y{"simcc_y", "[N,K,W]", 3, false};
  const MapsArray in_x = maps_of(x, layout_x, scale, zero_point);
  const MapsArray in_y = maps_of(y, layout_y, scale, zero_point);
  if (in_x.maps.people != in_y.maps.people || in_x.maps.joints != in_y.maps.joints) {
    fail("simcc_x and simcc_y must have the same N and K; got " + describe(x) + " and " +
         describe(y));
  }
  SimccOptions options;
  options.split_ratio = split_ratio;
  options.score = score_named(score_name);
  options.beta[0] = beta.first;
  options.beta[1] = beta.second;
  options.sigma[0] = sigma.first;
  options.sigma[1] = sigma.second;
  options.larger = larger;
  options.dark = blur_kernel.has_value();
  options.bounded = bounded;
  if (blur_kernel) {
    options.blur_kernel[0] = blur_kernel->first;
    options.blur_kernel[1] = blur_kernel->second;
  }
  py::array_t<float> xy({x.shape(0), x.shape(1), py::ssize_t{2}});
  py::array_t<float> score({x.shape(0), x.shape(1)});
  float* xy_out = xy.mutable_data();
  float* score_out = score.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = simcc_decode(in_x.maps, in_y.maps, options, xy_out, score_out);
  }
  require_maps_ok(status, "simcc_decode", in_x.maps.width < 1 ? layout_x : layout_y,
                  in_x.maps.width < 1 ? x : y);
  return py::make_tuple(std::move(xy), std::move(score));
}

}  // namespace

void register_simcc(py::module_& module) {
  using py::literals::operator""_a;
  module.def("simcc_decode", &decode, "simcc_x"_a, "simcc_y"_a, "split_ratio"_a,
             "score"_a = "value", "beta"_a = Pair<float>{1.0F, 1.0F},
             "sigma"_a = Pair<float>{0.0F, 0.0F}, "larger"_a = false, "blur_kernel"_a = py::none(),
             "scale"_a = py::none(), "zero_point"_a = 0, "bounded"_a = false,
             "Highest bins of the two vectors of each joint: xy, score.");
}

}  // namespace edgepose::python
