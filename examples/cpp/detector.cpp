// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "check.h"
#include "input.h"
#include "people.h"

namespace {

struct InputBoxes {
  std::vector<float> box;  // [M, 4] input px
  std::vector<float> score;
  std::int64_t count = 0;
};

InputBoxes decode_centers(const Tensors& outputs, const Contract& contract) {
  const Tensor& heatmap = output(outputs, contract, 0, 4);
  const Tensor& size = output(outputs, contract, 1, 4);
  const Tensor& offset = output(outputs, contract, 2, 4);
  if (size.data.size() != 2 * heatmap.data.size() || offset.data.size() != size.data.size()) {
    throw std::runtime_error("the outputs of the detector do not fit together");
  }
  const std::int32_t max_boxes = contract->max_boxes;
  ep_center_maps maps;
  ep_center_maps_init(&maps, sizeof maps);
  maps.height = static_cast<int>(heatmap.shape[2]);
  maps.width = static_cast<int>(heatmap.shape[3]);
  maps.heatmap = heatmap.data.data();
  maps.size = size.data.data();
  maps.offset = offset.data.data();
  InputBoxes found;
  found.box.resize(4 * static_cast<std::size_t>(max_boxes));
  found.score.resize(static_cast<std::size_t>(max_boxes));
  std::vector<ep_peak> workspace(found.score.size());
  std::int32_t count = 0;
  Checked check;
  check(ep_centers_decode(&maps, static_cast<float>(contract->stride),
                          static_cast<float>(contract->score_threshold), max_boxes,
                          workspace.data(), found.box.data(), found.score.data(), &count, check));
  found.count = count;
  return found;
}

InputBoxes decode_yolox(const Tensors& outputs, const Contract& contract) {
  const Tensor& predictions = output(outputs, contract, 0, 3);
  ep_yolox_layout layout;
  ep_yolox_layout_init(&layout, sizeof layout);
  ep_yolox_layout_set_contract(&layout, contract.get());
  layout.class_count = static_cast<std::int32_t>(predictions.shape[2] - 5);
  InputBoxes found;
  found.box.resize(4 * static_cast<std::size_t>(predictions.shape[1]));
  found.score.resize(static_cast<std::size_t>(predictions.shape[1]));
  Checked check;
  check(ep_yolox_decode(predictions.data.data(), predictions.shape[1], &layout,
                        static_cast<float>(contract->score_threshold), found.box.data(),
                        found.score.data(), &found.count, check));
  return found;
}

}  // namespace

std::vector<Box> find_boxes(Network& detector, const Picture& picture) {
  const Contract& contract = detector.contract();
  if (contract->task != EP_TASK_DETECTOR) {
    throw std::runtime_error(std::string(contract->name) + " has not the task of a detector");
  }
  const int width = contract->input_width;
  const int height = contract->input_height;
  double matrix[6];
  Checked check;
  if (contract->resize == EP_RESIZE_LETTERBOX) {
    check(ep_matrix_letterbox(picture.width, picture.height, width, height, contract->anchor,
                              matrix, check));
  } else {
    check(ep_matrix_stretch(picture.width, picture.height, width, height, matrix, check));
  }
  const Tensors outputs = detector.run(crop_input(contract, picture, matrix));
  if (contract->codec != EP_CODEC_CENTERS && contract->codec != EP_CODEC_YOLOX) {
    throw std::runtime_error(std::string(contract->name) + " has a codec that is not known here");
  }
  const bool centers = contract->codec == EP_CODEC_CENTERS;
  const InputBoxes found =
      centers ? decode_centers(outputs, contract) : decode_yolox(outputs, contract);

  std::vector<std::int64_t> kept(static_cast<std::size_t>(found.count));
  std::int64_t kept_count = 0;
  check(ep_box_nms(found.box.data(), found.score.data(), found.count,
                   static_cast<float>(contract->nms_iou), kept.data(), &kept_count, check));
  kept.resize(static_cast<std::size_t>(std::min<std::int64_t>(kept_count, contract->max_boxes)));
  std::vector<Box> boxes;
  for (const std::int64_t row : kept) {
    double corner[4];
    std::copy_n(found.box.data() + 4 * row, 4, corner);
    check(ep_points_map(matrix, corner, 2, corner, check));
    const double right = picture.width - 0.5;
    const double bottom = picture.height - 0.5;
    const Box box{std::clamp(corner[0], -0.5, right), std::clamp(corner[1], -0.5, bottom),
                  std::clamp(corner[2], -0.5, right), std::clamp(corner[3], -0.5, bottom),
                  found.score[static_cast<std::size_t>(row)]};
    if (box.x2 > box.x1 && box.y2 > box.y1) boxes.push_back(box);
  }
  return boxes;
}
