// SPDX-License-Identifier: Apache-2.0
#include <initializer_list>
#include <optional>
#include <vector>

#include "core/track/match.h"
#include "core/track/one_euro.h"
#include "core/track/roi.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

constexpr py::ssize_t kStateLength = sizeof(OneEuroState) / sizeof(double);
static_assert(kStateLength == 7);

py::array_t<double> new_states(py::ssize_t keypoints) {
  if (keypoints < 0) fail("keypoints must not be negative; got " + std::to_string(keypoints));
  py::array_t<double> states({keypoints, kStateLength});
  one_euro_reset(reinterpret_cast<OneEuroState*>(states.mutable_data()), keypoints);
  return states;
}

// States that are moved on where they lie.
void require_states(const py::array& states, const char* wanted,
                    std::initializer_list<py::ssize_t> shape) {
  require<double>(states, "states", wanted, shape);
  if (!states.writeable() || (states.flags() & py::array::c_style) == 0) {
    fail_array("states", wanted, states);
  }
}

void require_filtered(Status status) {
  if (status == Status::kBadThreshold) {
    fail("cutoffs must be positive and finite, beta finite and not negative");
  }
  require_ok(status, "one_euro_apply");
}

// Smooths one sample and moves `states`, the array of new_states, on.
py::array_t<double> smooth(const py::array& xy_in, const py::array& states_in, double seconds,
                           double object_size, double min_cutoff_hz, double beta,
                           double derivative_cutoff_hz) {
  const char* wanted = "the writeable, contiguous float64 [K,7] of one_euro_states";
  require_states(states_in, wanted, {-1, kStateLength});
  const auto xy = require_packed<double>(xy_in, "xy", "float64 [K,2], one row per state",
                                         {states_in.shape(0), 2});
  py::array_t<double> states(states_in);
  py::array_t<double> out({xy.shape(0), py::ssize_t{2}});
  const double* points = xy.data();
  auto* state = reinterpret_cast<OneEuroState*>(states.mutable_data());
  double* target = out.mutable_data();
  const std::int64_t keypoints = xy.shape(0);
  Status status;
  {
    const py::gil_scoped_release release;
    status = one_euro_apply({min_cutoff_hz, beta, derivative_cutoff_hz}, seconds, object_size,
                            points, keypoints, state, target);
  }
  require_filtered(status);
  return out;
}

// One number for each of the people: float64 [N], or one for all of them.
class OneEach {
 public:
  OneEach(const py::array& array, const char* name, py::ssize_t people) {
    const char* wanted = "float64 [N], or one number";
    if (array.ndim() != 0) {
      given_ = require_packed<double>(array, name, wanted, {people});
      return;
    }
    const auto one = require_packed<double>(array, name, wanted, {});
    repeated_.assign(static_cast<std::size_t>(people), *one.data());
  }

  const double* data() const { return given_ ? given_->data() : repeated_.data(); }

 private:
  std::optional<py::array_t<double, py::array::c_style>> given_;
  std::vector<double> repeated_;
};

// The same for people [N], whose states are rows `slot` of `states` [S,K,7].
py::array_t<double> smooth_people(const py::array& xy_in, const py::array& states_in,
                                  const py::array& slot_in, const py::array& seconds_in,
                                  const py::array& object_size_in, double min_cutoff_hz,
                                  double beta, double derivative_cutoff_hz) {
  const char* wanted = "a writeable, contiguous float64 [S,K,7]";
  require_states(states_in, wanted, {-1, -1, kStateLength});
  const auto slot = require_packed<std::int64_t>(slot_in, "slot", "int64 [N]", {-1});
  const py::ssize_t people = slot.shape(0);
  const auto xy = require_packed<double>(xy_in, "xy", "float64 [N,K,2] with the states' K",
                                         {people, states_in.shape(1), 2});
  const OneEach seconds(seconds_in, "seconds", people);
  const OneEach size(object_size_in, "object_size", people);
  py::array_t<double> states(states_in);
  py::array_t<double> out({people, xy.shape(1), py::ssize_t{2}});
  const OneEuroSamples samples{seconds.data(), size.data(), xy.data(),
                               slot.data(),    people,      xy.shape(1)};
  auto* state = reinterpret_cast<OneEuroState*>(states.mutable_data());
  double* target = out.mutable_data();
  const std::int64_t slots = states.shape(0);
  Status status;
  {
    const py::gil_scoped_release release;
    status = one_euro_apply_people({min_cutoff_hz, beta, derivative_cutoff_hz}, samples, state,
                                   slots, target);
  }
  require_filtered(status);
  return out;
}

py::array_t<double> iou(const py::array& a_in, const py::array& b_in) {
  const auto a = require_packed<double>(a_in, "a", "float64 [N,4]", {-1, 4});
  const auto b = require_packed<double>(b_in, "b", "float64 [M,4]", {-1, 4});
  py::array_t<double> out({a.shape(0), b.shape(0)});
  const double* first = a.data();
  const double* second = b.data();
  double* target = out.mutable_data();
  const std::int64_t counts[2] = {a.shape(0), b.shape(0)};
  Status status;
  {
    const py::gil_scoped_release release;
    status = iou_matrix(first, counts[0], second, counts[1], target);
  }
  require_ok(status, "iou_matrix");
  return out;
}

// Rows (row, column) by rising row.
py::array_t<std::int64_t> match(const py::array& similarity_in, double gate) {
  const auto similarity =
      require_packed<double>(similarity_in, "similarity", "float64 [N,M]", {-1, -1});
  const int rows = side_of(similarity.shape(0));
  const int columns = side_of(similarity.shape(1));
  const double* values = similarity.data();
  std::vector<int> column_of_row(static_cast<std::size_t>(similarity.shape(0)));
  Result<int> count;
  {
    const py::gil_scoped_release release;
    std::vector<unsigned char> workspace(match_workspace_bytes(rows, columns));
    count = match_similar(values, rows, columns, gate, workspace.data(), column_of_row.data());
  }
  require_ok(count.status, "match_similar");
  py::array_t<std::int64_t> out({py::ssize_t{count.value}, py::ssize_t{2}});
  std::int64_t* to = out.mutable_data();
  for (std::size_t row = 0; row < column_of_row.size(); ++row) {
    if (column_of_row[row] < 0) continue;
    *to++ = static_cast<std::int64_t>(row);
    *to++ = column_of_row[row];
  }
  return out;
}

py::array_t<double> rois(const py::array& xy_in, const py::array& score_in, double min_score,
                         int min_keypoints, double padding) {
  const auto xy = require_packed<double>(xy_in, "xy", "float64 [N,K,2]", {-1, -1, 2});
  const auto score = require_packed<double>(score_in, "score_kp", "float64 [N,K] like xy",
                                            {xy.shape(0), xy.shape(1)});
  py::array_t<double> boxes({xy.shape(0), py::ssize_t{4}});
  const double* points = xy.data();
  const double* scores = score.data();
  double* target = boxes.mutable_data();
  const std::int64_t people = xy.shape(0);
  const std::int64_t keypoints = xy.shape(1);
  Result<std::int64_t> found;
  {
    const py::gil_scoped_release release;
    found = rois_of_keypoints(points, scores, people, keypoints,
                              {min_score, min_keypoints, padding}, target);
  }
  if (found.status != Status::kOk) {
    fail("min_keypoints must not be negative, min_score not NaN, padding finite and not negative");
  }
  return boxes;
}

}  // namespace

void register_track(py::module_& module) {
  using py::literals::operator""_a;
  module.def("one_euro_states", &new_states, "keypoints"_a,
             "States of a filter that has seen nothing: float64 [K,7].");
  module.def("one_euro_apply", &smooth, "xy"_a, "states"_a, "seconds"_a, "object_size"_a,
             "min_cutoff_hz"_a = 0.05, "beta"_a = 80.0, "derivative_cutoff_hz"_a = 1.0,
             "Smooths one sample of K keypoints and moves their states on.");
  module.def("one_euro_apply_people", &smooth_people, "xy"_a, "states"_a, "slot"_a, "seconds"_a,
             "object_size"_a, "min_cutoff_hz"_a = 0.05, "beta"_a = 80.0,
             "derivative_cutoff_hz"_a = 1.0, "Smooths samples of many people in one call.");
  module.def("iou_matrix", &iou, "a"_a, "b"_a, "Intersection over union: float64 [N,M].");
  module.def("match_similar", &match, "similarity"_a, "gate"_a,
             "Pairs of row and column at the greatest total similarity: int64 [P,2].");
  module.def("rois_of_keypoints", &rois, "xy"_a, "score_kp"_a, "min_score"_a, "min_keypoints"_a,
             "padding"_a, "Padded boxes around visible keypoints: float64 [N,4].");
}

}  // namespace edgepose::python
