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

InputBoxes decode_centers(const Tensors& outputs, const Json& contract) {
  const Json& codec = contract.at("codec");
  const Tensor& heatmap = output(outputs, contract, "heatmap", 4);
  const Tensor& size = output(outputs, contract, "size", 4);
  const Tensor& offset = output(outputs, contract, "offset", 4);
  if (size.data.size() != 2 * heatmap.data.size() || offset.data.size() != size.data.size()) {
    throw std::runtime_error("the outputs of the detector do not fit together");
  }
  const int max_boxes = codec.integer("max_boxes");
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
  check(ep_centers_decode(&maps, static_cast<float>(codec.at("stride").number),
                          static_cast<float>(codec.at("score_threshold").number), max_boxes,
                          workspace.data(), found.box.data(), found.score.data(), &count, check));
  found.count = count;
  return found;
}

InputBoxes decode_yolox(const Tensors& outputs, const Json& contract) {
  const Json& codec = contract.at("codec");
  const Tensor& predictions = output(outputs, contract, "predictions", 3);
  std::vector<std::int32_t> strides;
  for (const Json& stride : codec.at("strides").list) {
    strides.push_back(static_cast<std::int32_t>(stride.number));
  }
  ep_yolox_layout layout;
  ep_yolox_layout_init(&layout, sizeof layout);
  layout.input_width = contract.at("input").integer("width");
  layout.input_height = contract.at("input").integer("height");
  layout.strides = strides.data();
  layout.stride_count = static_cast<std::int32_t>(strides.size());
  layout.class_count = static_cast<std::int32_t>(predictions.shape[2] - 5);
  layout.class_index = codec.integer("class_index");
  InputBoxes found;
  found.box.resize(4 * static_cast<std::size_t>(predictions.shape[1]));
  found.score.resize(static_cast<std::size_t>(predictions.shape[1]));
  Checked check;
  check(ep_yolox_decode(predictions.data.data(), predictions.shape[1], &layout,
                        static_cast<float>(codec.at("score_threshold").number), found.box.data(),
                        found.score.data(), &found.count, check));
  return found;
}

}  // namespace

std::vector<Box> find_boxes(Network& detector, const Picture& picture) {
  const Json& contract = detector.contract();
  const Json& input = contract.at("input");
  const int width = input.integer("width");
  const int height = input.integer("height");
  double matrix[6];
  Checked check;
  if (input.at("resize").text == "letterbox") {
    const int anchor = choice(input.at("anchor").text, {"center", "top_left"});
    check(ep_matrix_letterbox(picture.width, picture.height, width, height, anchor, matrix, check));
  } else {
    check(ep_matrix_stretch(picture.width, picture.height, width, height, matrix, check));
  }
  const Tensors outputs = detector.run(crop_input(contract, picture, matrix));
  const Json& codec = contract.at("codec");
  const bool centers = codec.at("type").text == "centers";
  const InputBoxes found =
      centers ? decode_centers(outputs, contract) : decode_yolox(outputs, contract);

  std::vector<std::int64_t> kept(static_cast<std::size_t>(found.count));
  std::int64_t kept_count = 0;
  check(ep_box_nms(found.box.data(), found.score.data(), found.count,
                   static_cast<float>(codec.at("nms_iou").number), kept.data(), &kept_count,
                   check));
  kept.resize(
      static_cast<std::size_t>(std::min<std::int64_t>(kept_count, codec.integer("max_boxes"))));
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
