// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/metric/coco_accumulate.h"
#include "core/metric/coco_evaluate.h"
#include "core/metric/coco_match.h"
#include "core/metric/coco_oks.h"
#include "core/metric/coco_rules.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

template <typename T>
using Packed = py::array_t<T, py::array::c_style>;

const std::uint8_t* bytes(const Packed<bool>& flags) {
  return reinterpret_cast<const std::uint8_t*>(flags.data());
}

template <typename T>
py::array copy_of(const T* values, py::ssize_t count) {
  return py::array_t<T>(count, values);
}

py::dict defaults() {
  py::dict result;
  result["thresholds"] = copy_of(kCocoThresholds.value, kCocoThresholdCount);
  result["recall_points"] = copy_of(kCocoRecalls.value, kCocoRecallCount);
  result["area_ranges"] = copy_of(kCocoAreaRanges, py::ssize_t{2} * kCocoRangeCount)
                              .attr("reshape")(kCocoRangeCount, 2);
  return result;
}

int count_of(py::ssize_t extent) {
  return extent <= std::numeric_limits<int>::max() ? static_cast<int>(extent) : -1;
}

py::tuple evaluate(const py::array& label_image, const py::array& label_xy,
                   const py::array& visible, const py::array& box, const py::array& area,
                   const py::array& crowd, const py::array& ignore, const py::array& label_id,
                   const py::array& image, const py::array& xy, const py::array& score,
                   const py::array& images, const py::array& sigmas, const py::array& thresholds,
                   const py::array& recall_points, const py::array& area_ranges,
                   std::int64_t max_detections, bool zero_id_is_miss,
                   const std::optional<py::array>& similarity) {
  const auto spread = require_packed<double>(sigmas, "sigmas", "float64 [K]", {-1});
  const py::ssize_t joints = spread.shape(0);
  const auto l_image = require_packed<std::int64_t>(label_image, "label_image", "int64 [N]", {-1});
  const py::ssize_t n = l_image.shape(0);
  const auto l_xy = require_packed<double>(label_xy, "label_xy", "float64 [N,K,2]", {n, joints, 2});
  const auto l_visible = require_packed<bool>(visible, "visible", "bool [N,K]", {n, joints});
  const auto l_box = require_packed<double>(box, "box", "float64 [N,4]", {n, 4});
  const auto l_area = require_packed<double>(area, "area", "float64 [N]", {n});
  const auto l_crowd = require_packed<bool>(crowd, "crowd", "bool [N]", {n});
  const auto l_ignore = require_packed<bool>(ignore, "ignore", "bool [N]", {n});
  const auto l_id = require_packed<std::int64_t>(label_id, "label_id", "int64 [N]", {n});
  const auto p_image = require_packed<std::int64_t>(image, "image", "int64 [M]", {-1});
  const py::ssize_t m = p_image.shape(0);
  const auto p_xy = require_packed<double>(xy, "xy", "float64 [M,K,2]", {m, joints, 2});
  const auto p_score = require_packed<double>(score, "score", "float64 [M]", {m});
  const auto wanted = require_packed<std::int64_t>(images, "images", "int64 [I]", {-1});
  const auto oks = require_packed<double>(thresholds, "thresholds", "float64 [T]", {-1});
  const auto recalls = require_packed<double>(recall_points, "recall_points", "float64 [R]", {-1});
  const auto ranges = require_packed<double>(area_ranges, "area_ranges", "float64 [A,2]", {-1, 2});
  Packed<double> given;
  if (similarity) given = require_packed<double>(*similarity, "similarity", "float64 [S]", {-1});

  CocoInput input;
  input.labels = {l_image.data(),  l_xy.data(),   bytes(l_visible),
                  l_box.data(),    l_area.data(), bytes(l_crowd),
                  bytes(l_ignore), l_id.data(),   n};
  input.predictions = {p_image.data(), p_xy.data(), p_score.data(), nullptr, m};
  input.images = wanted.data();
  input.image_count = wanted.shape(0);
  if (similarity) {
    input.similarity = given.data();
    input.similarity_count = given.shape(0);
  }
  const CocoProtocol protocol{spread.data(),  joints,
                              oks.data(),     count_of(oks.shape(0)),
                              recalls.data(), count_of(recalls.shape(0)),
                              ranges.data(),  count_of(ranges.shape(0)),
                              max_detections, zero_id_is_miss ? ZeroId::kMiss : ZeroId::kMatch};
  Packed<double> precision({oks.shape(0), recalls.shape(0), ranges.shape(0)});
  Packed<double> at_score({oks.shape(0), recalls.shape(0), ranges.shape(0)});
  Packed<double> recall({oks.shape(0), ranges.shape(0)});
  Packed<std::int64_t> persons(ranges.shape(0));
  const CocoCurves curves{precision.mutable_data(), recall.mutable_data(), at_score.mutable_data(),
                          persons.mutable_data()};
  Status status;
  std::vector<std::byte> workspace(coco_evaluate_bytes(input, protocol));
  {
    const py::gil_scoped_release release;
    status = coco_evaluate(input, protocol, workspace.data(), curves);
  }
  require_ok(status, "coco_evaluate");
  return py::make_tuple(precision, recall, at_score, persons);
}

py::array stats(const py::array& precision_in, const py::array& recall_in,
                const py::array& thresholds_in) {
  const auto precision =
      require_packed<double>(precision_in, "precision", "float64 [T,R,A]", {-1, -1, -1});
  const auto recall = require_packed<double>(recall_in, "recall", "float64 [T,A]",
                                             {precision.shape(0), precision.shape(2)});
  const auto thresholds =
      require_packed<double>(thresholds_in, "thresholds", "float64 [T]", {precision.shape(0)});
  CocoProtocol protocol;
  protocol.thresholds = thresholds.data();
  protocol.threshold_count = count_of(precision.shape(0));
  protocol.recall_count = count_of(precision.shape(1));
  protocol.range_count = count_of(precision.shape(2));
  CocoCurves curves;
  curves.precision = const_cast<double*>(precision.data());
  curves.recall = const_cast<double*>(recall.data());
  double out[kCocoStatCount];
  require_ok(coco_stats(curves, protocol, out), "coco_stats");
  return copy_of(out, kCocoStatCount);
}

py::array similarities(const py::array& xy_in, const py::array& label_xy_in,
                       const py::array& visible_in, const py::array& area_in,
                       const py::array& box_in, const py::array& sigmas_in) {
  const auto xy = require_packed<double>(xy_in, "xy", "float64 [M,K,2]", {-1, -1, 2});
  const py::ssize_t joints = xy.shape(1);
  const auto label_xy =
      require_packed<double>(label_xy_in, "label_xy", "float64 [N,K,2]", {-1, joints, 2});
  const py::ssize_t labels = label_xy.shape(0);
  const auto visible = require_packed<bool>(visible_in, "visible", "bool [N,K]", {labels, joints});
  const auto area = require_packed<double>(area_in, "area", "float64 [N]", {labels});
  const auto box = require_packed<double>(box_in, "box", "float64 [N,4]", {labels, 4});
  const auto sigmas = require_packed<double>(sigmas_in, "sigmas", "float64 [K]", {joints});
  CocoLabels input;
  input.xy = label_xy.data();
  input.visible = bytes(visible);
  input.box = box.data();
  input.area = area.data();
  input.count = labels;
  Packed<double> out({xy.shape(0), labels});
  double* target = out.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = coco_oks(xy.data(), xy.shape(0), input, sigmas.data(), joints, target);
  }
  require_ok(status, "coco_oks");
  return out;
}

py::array match(const py::array& similarity_in, const py::array& ignored_in,
                const py::array& crowd_in, const py::array& thresholds_in) {
  const auto similarity =
      require_packed<double>(similarity_in, "similarity", "float64 [M,N]", {-1, -1});
  const py::ssize_t labels = similarity.shape(1);
  const auto ignored = require_packed<bool>(ignored_in, "ignored", "bool [A,N]", {-1, labels});
  const auto crowd = require_packed<bool>(crowd_in, "crowd", "bool [N]", {labels});
  const auto thresholds = require_packed<double>(thresholds_in, "thresholds", "float64 [T]", {-1});
  const CocoMatchInput input{
      similarity.data(),   bytes(ignored), bytes(crowd),     thresholds.data(),
      similarity.shape(0), labels,         ignored.shape(0), count_of(thresholds.shape(0))};
  Packed<std::int64_t> out({ignored.shape(0), thresholds.shape(0), similarity.shape(0)});
  std::int64_t* target = out.mutable_data();
  std::vector<std::uint32_t> taken(static_cast<std::size_t>(labels));
  Status status;
  {
    const py::gil_scoped_release release;
    status = coco_match(input, taken.data(), target);
  }
  require_ok(status, "coco_match");
  return out;
}

py::tuple group(const py::array& image_id_in, const py::array& images_in) {
  const auto image_id = require_packed<std::int64_t>(image_id_in, "image_id", "int64 [N]", {-1});
  const auto images = require_packed<std::int64_t>(images_in, "images", "int64 [I]", {-1});
  std::vector<std::int64_t> rows(static_cast<std::size_t>(image_id.shape(0)));
  Packed<std::int64_t> start(images.shape(0) + 1);
  std::int64_t* target = start.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = group_by_image(image_id.data(), image_id.shape(0), images.data(), images.shape(0),
                            rows.data(), target);
  }
  require_ok(status, "group_by_image");
  return py::make_tuple(copy_of(rows.data(), target[images.shape(0)]), start);
}

py::array areas(const py::array& box_in, const py::array& area_in, bool from_box) {
  const auto box = require_packed<double>(box_in, "box", "float64 [N,4]", {-1, 4});
  const auto area = require_packed<double>(area_in, "area", "float64 [N]", {box.shape(0)});
  Packed<double> out(box.shape(0));
  const AreaPolicy policy = from_box ? AreaPolicy::kBox : AreaPolicy::kAnnotation;
  double* target = out.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = label_areas(box.data(), area.data(), box.shape(0), policy, target);
  }
  require_ok(status, "label_areas");
  return out;
}

py::array levels(const py::array& index_in, double medium, double hard) {
  const auto index = require_packed<double>(index_in, "crowd_index", "float64 [I]", {-1});
  Packed<std::uint8_t> out(index.shape(0));
  std::uint8_t* target = out.mutable_data();
  for (py::ssize_t i = 0; i < index.shape(0); ++i) {
    target[i] = static_cast<std::uint8_t>(crowd_level(index.data()[i], medium, hard));
  }
  return out;
}

}  // namespace

void register_coco(py::module_& module) {
  using py::literals::operator""_a;
  module.def("coco_defaults", &defaults, "Thresholds, recall points and area ranges of COCO.");
  module.def("coco_evaluate", &evaluate, py::kw_only(), "label_image"_a, "label_xy"_a, "visible"_a,
             "box"_a, "area"_a, "crowd"_a, "ignore"_a, "label_id"_a, "image"_a, "xy"_a, "score"_a,
             "images"_a, "sigmas"_a, "thresholds"_a, "recall_points"_a, "area_ranges"_a,
             "max_detections"_a, "zero_id_is_miss"_a = false, "similarity"_a = py::none(),
             "Precision [T,R,A], recall [T,A], score [T,R,A] and people that count [A].");
  module.def("coco_stats", &stats, "precision"_a, "recall"_a, "thresholds"_a,
             "The ten numbers of the curves: float64 [10].");
  module.def("coco_oks", &similarities, "xy"_a, "label_xy"_a, "visible"_a, "area"_a, "box"_a,
             "sigmas"_a, "Similarity of each prediction to each label: float64 [M,N].");
  module.def("coco_match", &match, "similarity"_a, "ignored"_a, "crowd"_a, "thresholds"_a,
             "Index of the matched label, -1 without: int64 [A,T,M].");
  module.def("group_by_image", &group, "image_id"_a, "images"_a,
             "Rows of each image side by side, and where each image starts: int64 [<=N], [I+1].");
  module.def("label_areas", &areas, "box"_a, "area"_a, "from_box"_a,
             "Area of each labelled person: float64 [N].");
  module.def("crowd_levels", &levels, "crowd_index"_a, "medium"_a, "hard"_a,
             "0 easy, 1 medium, 2 hard for each image: uint8 [I].");
}

}  // namespace edgepose::python
