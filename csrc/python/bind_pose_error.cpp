// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <string>

#include "core/metric/mpjpe.h"
#include "core/metric/pck.h"
#include "core/metric/similarity3.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

template <typename T>
using Packed = py::array_t<T, py::array::c_style>;

// Keeps the arrays alive that a PckInput points into.
struct PckArrays {
  Packed<double> predicted, labelled, norm;
  Packed<bool> visible;

  PckArrays(const py::array& predicted_in, const py::array& labelled_in,
            const py::array& visible_in, const py::array& norm_in)
      : predicted(
            require_packed<double>(predicted_in, "predicted", "float64 [N,K,2]", {-1, -1, 2})),
        labelled(require_packed<double>(labelled_in, "labelled", "float64 [N,K,2]",
                                        {predicted.shape(0), predicted.shape(1), 2})),
        norm(require_packed<double>(norm_in, "norm", "float64 [N]", {predicted.shape(0)})),
        visible(require_packed<bool>(visible_in, "visible", "bool [N,K]",
                                     {predicted.shape(0), predicted.shape(1)})) {}

  PckInput input() const {
    return {
        predicted.data(), labelled.data(),    reinterpret_cast<const std::uint8_t*>(visible.data()),
        norm.data(),      predicted.shape(0), predicted.shape(1)};
  }
};

py::tuple counts(const py::array& predicted, const py::array& labelled, const py::array& visible,
                 const py::array& norm, double threshold) {
  const PckArrays arrays(predicted, labelled, visible, norm);
  const PckInput input = arrays.input();
  Packed<std::int64_t> correct(input.joints);
  Packed<std::int64_t> known(input.joints);
  std::int64_t* correct_out = correct.mutable_data();
  std::int64_t* known_out = known.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = pck_counts(input, threshold, correct_out, known_out);
  }
  require_ok(status, "pck_counts");
  return py::make_tuple(correct, known);
}

double auc(const py::array& predicted, const py::array& labelled, const py::array& visible,
           const py::array& norm, std::int64_t thresholds) {
  const PckArrays arrays(predicted, labelled, visible, norm);
  Result<double> result;
  {
    const py::gil_scoped_release release;
    result = keypoint_auc(arrays.input(), thresholds);
  }
  require_ok(result.status, "keypoint_auc");
  return result.value;
}

double error(const py::array& predicted, const py::array& labelled, const py::array& visible,
             const py::array& norm) {
  const PckArrays arrays(predicted, labelled, visible, norm);
  Result<double> result;
  {
    const py::gil_scoped_release release;
    result = keypoint_error(arrays.input());
  }
  require_ok(result.status, "keypoint_error");
  return result.value;
}

Alignment alignment_of(const std::string& name) {
  if (name == "none") return Alignment::kNone;
  if (name == "scale") return Alignment::kScale;
  if (name == "procrustes") return Alignment::kProcrustes;
  if (name == "rigid") return Alignment::kRigid;
  fail("alignment must be 'none', 'scale', 'procrustes' or 'rigid'; got '" + name + "'");
}

py::tuple position_error(const py::array& predicted_in, const py::array& labelled_in,
                         const std::optional<py::array>& counted_in,
                         const std::optional<py::array>& fitted_in, const std::string& alignment) {
  const auto predicted =
      require_packed<double>(predicted_in, "predicted", "float64 [N,K,3]", {-1, -1, 3});
  const py::ssize_t people = predicted.shape(0);
  const py::ssize_t joints = predicted.shape(1);
  const auto labelled =
      require_packed<double>(labelled_in, "labelled", "float64 [N,K,3]", {people, joints, 3});
  Poses3d poses{predicted.data(), labelled.data(), nullptr, nullptr, people, joints};
  Packed<bool> counted;
  Packed<bool> fitted;
  if (counted_in) {
    counted = require_packed<bool>(*counted_in, "mask", "bool [N,K]", {people, joints});
    poses.counted = reinterpret_cast<const std::uint8_t*>(counted.data());
  }
  if (fitted_in) {
    fitted = require_packed<bool>(*fitted_in, "fit_mask", "bool [N,K]", {people, joints});
    poses.fitted = reinterpret_cast<const std::uint8_t*>(fitted.data());
  }
  const Alignment chosen = alignment_of(alignment);
  Packed<double> errors(people);
  Packed<double> aligned({people, joints, py::ssize_t{3}});
  double* errors_out = errors.mutable_data();
  double* aligned_out = aligned.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = mpjpe(poses, chosen, errors_out, aligned_out);
  }
  require_ok(status, "mpjpe");
  return py::make_tuple(errors, aligned);
}

py::tuple fit(const py::array& from_in, const py::array& to_in,
              const std::optional<py::array>& mask_in, bool scaled) {
  const auto from = require_packed<double>(from_in, "source", "float64 [K,3]", {-1, 3});
  const auto to = require_packed<double>(to_in, "target", "float64 [K,3]", {from.shape(0), 3});
  Packed<bool> mask;
  const std::uint8_t* flags = nullptr;
  if (mask_in) {
    mask = require_packed<bool>(*mask_in, "mask", "bool [K]", {from.shape(0)});
    flags = reinterpret_cast<const std::uint8_t*>(mask.data());
  }
  Similarity3 found;
  {
    const py::gil_scoped_release release;
    found = fit_similarity(from.data(), to.data(), flags, from.shape(0), scaled);
  }
  const py::array_t<double> rotation({3, 3}, found.rotation);
  return py::make_tuple(rotation, found.scale, py::array_t<double>(3, found.translation));
}

}  // namespace

void register_pose_error(py::module_& module) {
  using py::literals::operator""_a;
  module.def("pck_counts", &counts, "predicted"_a, "labelled"_a, "visible"_a, "norm"_a,
             "threshold"_a, "Correct and labelled keypoints: int64 [K], int64 [K].");
  module.def("keypoint_auc", &auc, "predicted"_a, "labelled"_a, "visible"_a, "norm"_a,
             "thresholds"_a, "Area under the curve of PCK over thresholds 0 to 1.");
  module.def("keypoint_error", &error, "predicted"_a, "labelled"_a, "visible"_a, "norm"_a,
             "Mean distance over the labelled keypoints, in sizes of the person.");
  module.def("mpjpe", &position_error, "predicted"_a, "labelled"_a, "mask"_a, "fit_mask"_a,
             "alignment"_a, "Mean error of each person [N] and the aligned poses [N,K,3].");
  module.def("fit_similarity", &fit, "source"_a, "target"_a, "mask"_a, "scaled"_a,
             "Rotation [3,3], scale and translation [3] that bring source closest to target.");
}

}  // namespace edgepose::python
