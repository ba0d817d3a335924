// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <limits>
#include <optional>
#include <vector>

#include "core/metric/oks.h"
#include "core/metric/oks_nms.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

py::array_t<double> matrix(const py::array& a_in, const py::array& b_in, const py::array& area_in,
                           const py::array& sigmas_in, const std::optional<py::array>& mask_in) {
  const auto a = require_packed<double>(a_in, "a_xy", "float64 [N,K,2]", {-1, -1, 2});
  const auto b = require_packed<double>(b_in, "b_xy", "float64 [M,K,2] with the K of a_xy",
                                        {-1, a.shape(1), 2});
  const auto area = require_packed<double>(area_in, "area", "float64 [N]", {a.shape(0)});
  const auto sigmas = require_packed<double>(sigmas_in, "sigmas", "float64 [K]", {a.shape(1)});
  OksInput input{a.data(), b.data(),   area.data(), sigmas.data(),
                 nullptr,  a.shape(0), b.shape(0),  a.shape(1)};
  py::array_t<bool, py::array::c_style> mask;
  if (mask_in) {
    mask = require_packed<bool>(*mask_in, "mask", "bool [N,K]", {a.shape(0), a.shape(1)});
    input.mask = reinterpret_cast<const std::uint8_t*>(mask.data());
  }
  py::array_t<double> out({a.shape(0), b.shape(0)});
  double* target = out.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = oks_matrix(input, target);
  }
  require_ok(status, "oks_matrix");
  return out;
}

py::array_t<std::int64_t> nms(const py::array& xy_in, const py::array& joint_score_in,
                              const py::array& score_in, const py::array& area_in,
                              const py::array& sigmas_in, double threshold,
                              double visible_threshold) {
  const auto xy = require_packed<double>(xy_in, "xy", "float64 [N,K,2]", {-1, -1, 2});
  const py::ssize_t people = xy.shape(0);
  const py::ssize_t joints = xy.shape(1);
  const auto joint_score =
      require_packed<double>(joint_score_in, "score_kp", "float64 [N,K]", {people, joints});
  const auto score = require_packed<double>(score_in, "score", "float64 [N]", {people});
  const auto area = require_packed<double>(area_in, "area", "float64 [N]", {people});
  const auto sigmas = require_packed<double>(sigmas_in, "sigmas", "float64 [K]", {joints});
  // Without a threshold every joint counts, also one whose score is NaN.
  const bool all_count = visible_threshold == -std::numeric_limits<double>::infinity();
  const OksNmsInput input{xy.data(),     all_count ? nullptr : joint_score.data(),
                          score.data(),  area.data(),
                          sigmas.data(), people,
                          joints};
  std::vector<std::int64_t> kept(static_cast<std::size_t>(people));
  Result<std::int64_t> count;
  {
    const py::gil_scoped_release release;
    count = oks_nms(input, threshold, visible_threshold, kept.data());
  }
  require_ok(count.status, "oks_nms");
  return py::array_t<std::int64_t>(static_cast<py::ssize_t>(count.value), kept.data());
}

}  // namespace

void register_metric(py::module_& module) {
  using py::literals::operator""_a;
  module.def("oks_matrix", &matrix, "a_xy"_a, "b_xy"_a, "area"_a, "sigmas"_a, "mask"_a = py::none(),
             "Object keypoint similarity of every a with every b: float64 [N,M].");
  module.def("oks_nms", &nms, "xy"_a, "score_kp"_a, "score"_a, "area"_a, "sigmas"_a, "threshold"_a,
             "visible_threshold"_a = -std::numeric_limits<double>::infinity(),
             "Indices of the people that greedy suppression keeps, by falling score.");
}

}  // namespace edgepose::python
