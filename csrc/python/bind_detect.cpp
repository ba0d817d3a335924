// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "core/detect/box_nms.h"
#include "core/detect/centers.h"
#include "core/detect/yolox.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

// The filled part of the working arrays, copied out so that no memory is held for nothing.
py::tuple boxes_and_score(const std::vector<float>& boxes, const std::vector<float>& score,
                          py::ssize_t count) {
  return py::make_tuple(py::array_t<float>({count, py::ssize_t{4}}, boxes.data()),
                        py::array_t<float>(count, score.data()));
}

py::tuple centers(const py::array& heatmap_in, const py::array& size_in, const py::array& offset_in,
                  double stride, double threshold, int max_boxes) {
  const auto heatmap = require_packed<float>(heatmap_in, "heatmap", "float32 [1,H,W]", {1, -1, -1});
  const py::ssize_t height = heatmap.shape(1);
  const py::ssize_t width = heatmap.shape(2);
  const auto size = require_packed<float>(size_in, "size", "float32 [2,H,W] like the heatmap",
                                          {2, height, width});
  const auto offset = require_packed<float>(offset_in, "offset", "float32 [2,H,W] like the heatmap",
                                            {2, height, width});
  if (max_boxes < 0) fail("max_boxes must not be negative; got " + std::to_string(max_boxes));
  const CenterMaps maps{heatmap.data(), size.data(), offset.data(), side_of(width),
                        side_of(height)};
  const auto capacity = static_cast<std::size_t>(std::min<py::ssize_t>(max_boxes, height * width));
  std::vector<Peak> workspace(capacity);
  std::vector<float> boxes(4 * capacity);
  std::vector<float> score(capacity);
  Result<int> count;
  {
    const py::gil_scoped_release release;
    count =
        centers_decode(maps, static_cast<float>(stride), static_cast<float>(threshold),
                       static_cast<int>(capacity), workspace.data(), boxes.data(), score.data());
  }
  require_ok(count.status, "centers_decode");
  return boxes_and_score(boxes, score, count.value);
}

py::tuple yolox(const py::array& predictions_in, std::array<int, 2> input_wh,
                const std::vector<int>& strides, int class_index, double threshold) {
  const auto predictions =
      require_packed<float>(predictions_in, "predictions", "float32 [P,5+C]", {-1, -1});
  YoloxLayout layout;
  layout.input_width = input_wh[0];
  layout.input_height = input_wh[1];
  layout.strides = strides.data();
  layout.stride_count = static_cast<int>(strides.size());
  layout.class_count = static_cast<int>(std::min<py::ssize_t>(predictions.shape(1) - 5, 1 << 20));
  layout.class_index = class_index;
  const std::int64_t rows = yolox_rows(layout);
  if (rows != predictions.shape(0) || rows == 0) {
    fail("predictions must be float32 [P,5+C] with P = " + std::to_string(rows) +
         " rows for this input size and these strides, and class_index below C; got " +
         describe(predictions_in));
  }
  std::vector<float> boxes(4 * static_cast<std::size_t>(rows));
  std::vector<float> score(static_cast<std::size_t>(rows));
  Result<std::int64_t> count;
  {
    const py::gil_scoped_release release;
    count = yolox_decode(predictions.data(), rows, layout, static_cast<float>(threshold),
                         boxes.data(), score.data());
  }
  require_ok(count.status, "yolox_decode");
  return boxes_and_score(boxes, score, static_cast<py::ssize_t>(count.value));
}

py::array_t<std::int64_t> nms(const py::array& boxes_in, const py::array& score_in, double iou) {
  const auto boxes = require_packed<float>(boxes_in, "boxes", "float32 [M,4]", {-1, 4});
  const auto score =
      require_packed<float>(score_in, "score", "float32 [M], one per box", {boxes.shape(0)});
  std::vector<std::int64_t> kept(static_cast<std::size_t>(boxes.shape(0)));
  Result<std::int64_t> count;
  {
    const py::gil_scoped_release release;
    count =
        box_nms(boxes.data(), score.data(), boxes.shape(0), static_cast<float>(iou), kept.data());
  }
  require_ok(count.status, "box_nms");
  return py::array_t<std::int64_t>(static_cast<py::ssize_t>(count.value), kept.data());
}

}  // namespace

void register_detect(py::module_& module) {
  using py::literals::operator""_a;
  module.def("centers_decode", &centers, "heatmap"_a, "size"_a, "offset"_a, "stride"_a,
             "threshold"_a, "max_boxes"_a, "Boxes in input px and scores of a centre detector.");
  module.def("yolox_decode", &yolox, "predictions"_a, "input_wh"_a, "strides"_a, "class_index"_a,
             "threshold"_a, "Boxes in input px and scores of one class of a YOLOX detector.");
  module.def("box_nms", &nms, "boxes"_a, "score"_a, "iou"_a,
             "Indices of the boxes that greedy suppression keeps, by falling score.");
}

}  // namespace edgepose::python
