// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/metric/nearby_joints.h"
#include "core/metric/rescore.h"
#include "core/metric/soft_oks_nms.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

SoftDecay decay_of(const std::string& name) {
  if (name == "gaussian") return SoftDecay::kGaussian;
  if (name == "linear") return SoftDecay::kLinear;
  fail("decay must be 'gaussian' or 'linear'; got '" + name + "'");
}

py::tuple soft(const py::array& xy_in, const py::array& joint_score_in, const py::array& score_in,
               const py::array& area_in, const py::array& sigmas_in, double threshold,
               const std::string& decay, std::int64_t max_people, double visible_threshold) {
  const auto xy = require_packed<double>(xy_in, "xy", "float64 [N,K,2]", {-1, -1, 2});
  const py::ssize_t people = xy.shape(0);
  const py::ssize_t joints = xy.shape(1);
  const auto joint_score =
      require_packed<double>(joint_score_in, "score_kp", "float64 [N,K]", {people, joints});
  const auto score = require_packed<double>(score_in, "score", "float64 [N]", {people});
  const auto area = require_packed<double>(area_in, "area", "float64 [N]", {people});
  const auto sigmas = require_packed<double>(sigmas_in, "sigmas", "float64 [K]", {joints});
  const SoftOksNms options{threshold, decay_of(decay), max_people, visible_threshold};
  // Without a threshold every joint counts, also one whose score is NaN.
  const bool all_count = visible_threshold == -std::numeric_limits<double>::infinity();
  const OksNmsInput input{xy.data(),     all_count ? nullptr : joint_score.data(),
                          score.data(),  area.data(),
                          sigmas.data(), people,
                          joints};
  std::vector<std::int64_t> kept(static_cast<std::size_t>(people));
  py::array_t<double> lowered(people);
  double* target = lowered.mutable_data();
  Result<std::int64_t> count;
  {
    const py::gil_scoped_release release;
    count = soft_oks_nms(input, options, target, kept.data());
  }
  require_ok(count.status, "soft_oks_nms");
  const py::array_t<std::int64_t> indices(static_cast<py::ssize_t>(count.value), kept.data());
  return py::make_tuple(indices, lowered);
}

py::array_t<std::int64_t> nearby(const py::array& xy_in, const py::array& score_in, double distance,
                                 std::int64_t max_nearby, std::int64_t max_people) {
  const auto xy = require_packed<double>(xy_in, "xy", "float64 [N,K,2]", {-1, -1, 2});
  const auto score = require_packed<double>(score_in, "score", "float64 [N]", {xy.shape(0)});
  std::vector<std::int64_t> kept(static_cast<std::size_t>(xy.shape(0)));
  std::vector<std::uint8_t> done(kept.size());
  Result<std::int64_t> count;
  {
    const py::gil_scoped_release release;
    count = nearby_joints_nms({xy.data(), score.data(), xy.shape(0), xy.shape(1)},
                              {distance, max_nearby, max_people}, done.data(), kept.data());
  }
  require_ok(count.status, "nearby_joints_nms");
  return py::array_t<std::int64_t>(static_cast<py::ssize_t>(count.value), kept.data());
}

py::array_t<double> rescore(const py::array& joint_score_in, const py::array& box_score_in,
                            double visible_threshold) {
  const auto joint_score =
      require_packed<double>(joint_score_in, "score_kp", "float64 [N,K]", {-1, -1});
  const auto box_score =
      require_packed<double>(box_score_in, "score", "float64 [N]", {joint_score.shape(0)});
  py::array_t<double> out(joint_score.shape(0));
  double* target = out.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = rescore_people(joint_score.data(), box_score.data(), joint_score.shape(0),
                            joint_score.shape(1), visible_threshold, target);
  }
  require_ok(status, "rescore_people");
  return out;
}

}  // namespace

void register_suppress(py::module_& module) {
  using py::literals::operator""_a;
  module.def("soft_oks_nms", &soft, "xy"_a, "score_kp"_a, "score"_a, "area"_a, "sigmas"_a,
             "threshold"_a, "decay"_a = "gaussian", "max_people"_a = 20,
             "visible_threshold"_a = -std::numeric_limits<double>::infinity(),
             "Indices in the order taken, and the lowered scores [N].");
  module.def("nearby_joints_nms", &nearby, "xy"_a, "score"_a, "distance"_a, "max_nearby"_a,
             "max_people"_a = std::numeric_limits<std::int64_t>::max(),
             "Indices of the people kept by the number of close joints.");
  module.def("rescore_people", &rescore, "score_kp"_a, "score"_a, "visible_threshold"_a,
             "Box score times mean joint score: float64 [N].");
}

}  // namespace edgepose::python
