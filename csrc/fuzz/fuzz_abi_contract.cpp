// SPDX-License-Identifier: Apache-2.0
// From a contract to the options of the kernels: what the reader accepts, they accept too.
#include <cstring>
#include <vector>

#include "fuzz/check.h"
#include "include/edgepose.h"

using edgepose::fuzz::require;

namespace {

// A double above 0 that is 0 as a float, or nearly, is refused by the kernels.
bool tiny(double value) { return value != 0.0 && value < 1e-6; }

bool has_tiny(const ep_contract& contract) {
  bool found = tiny(contract.beta) || tiny(contract.split_ratio) || tiny(contract.box_padding);
  for (int i = 0; i < 3; ++i) found = found || tiny(contract.std[i]);
  for (int i = 0; i < 2; ++i) {
    found = found || tiny(contract.axis_beta[i]) || tiny(contract.axis_sigma[i]);
  }
  return found;
}

void try_heatmap(const ep_contract& contract) {
  const float map[9] = {0, 1, 2, 3, 9, 4, 5, 6, 7};
  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_set_nchw(&maps, map, 1, 1, 3, 3);
  float xy[2], score[1];
  ep_decode_options options;
  ep_decode_options_init(&options, sizeof options);
  ep_decode_options_set_contract(&options, &contract);
  require(ep_heatmap_decode(&maps, &options, xy, score, nullptr) == EP_OK, "heatmap options");
}

void try_simcc(const ep_contract& contract) {
  const float vector[3] = {0, 1, 0};
  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_set_nchw(&maps, vector, 1, 1, 1, 3);
  float xy[2], score[1];
  ep_simcc_options options;
  ep_simcc_options_init(&options, sizeof options);
  ep_simcc_options_set_contract(&options, &contract);
  require(ep_simcc_decode(&maps, &maps, &options, xy, score, nullptr) == EP_OK, "SimCC options");
}

void try_paf(const ep_contract& contract) {
  std::vector<ep_paf_limb> limbs(static_cast<std::size_t>(contract.limb_count));
  std::vector<std::uint8_t> uncounted(static_cast<std::size_t>(contract.keypoint_count));
  ep_paf_skeleton skeleton;
  ep_paf_skeleton_init(&skeleton, sizeof skeleton);
  ep_paf_skeleton_set_contract(&skeleton, &contract, limbs.data(), uncounted.data());
  ep_paf_options options;
  ep_paf_options_init(&options, sizeof options, EP_PAF_OPENPOSE);
  ep_paf_options_set_contract(&options, &contract);
  require(ep_paf_workspace_size(8, 8, &skeleton, &options) > 0, "PAF options");
}

void try_tags(const ep_contract& contract) {
  ep_tag_maps maps;
  ep_tag_maps_init(&maps, sizeof maps);
  ep_tag_maps_set(&maps, nullptr, nullptr, contract.keypoint_count, 8, 8, contract.tag_dimensions);
  ep_tag_options options;
  ep_tag_options_init(&options, sizeof options);
  ep_tag_options_set_contract(&options, &contract);
  require(ep_tags_workspace_size(&maps, &options) > 0, "tag options");
}

void try_grid(const ep_contract& contract) {
  const float cell[2] = {1, 2};
  double pixel[2];
  ep_cell_grid grid;
  ep_cell_grid_init(&grid, sizeof grid);
  ep_cell_grid_set_contract(&grid, &contract);
  require(ep_cells_to_input(cell, 1, &grid, pixel, nullptr) == EP_OK, "the grid");
}

void try_yolox(const ep_contract& contract) {
  ep_yolox_layout layout;
  ep_yolox_layout_init(&layout, sizeof layout);
  ep_yolox_layout_set_contract(&layout, &contract);
  layout.class_count = contract.class_index + 1;
  require(ep_yolox_rows(&layout) > 0, "the layout");
}

void try_crop(const ep_contract& contract) {
  const std::uint8_t pixels[12] = {};
  const double matrix[6] = {1, 0, 0, 0, 1, 0};
  ep_picture picture;
  ep_picture_init(&picture, sizeof picture);
  ep_picture_set_packed3(&picture, pixels, 2, 2);
  ep_tensor tensor;
  ep_tensor_init(&tensor, sizeof tensor);
  std::vector<float> input(48);
  ep_tensor_set_contract(&tensor, &contract, input.data());
  tensor.width = tensor.height = 4;  // its own may take megabytes
  ep_crop_options options;
  ep_crop_options_init(&options, sizeof options);
  ep_crop_options_set_contract(&options, &contract);
  require(ep_crop_run(&picture, matrix, 1, &options, &tensor, nullptr) == EP_OK, "crop options");
  if (contract.resize != EP_RESIZE_CROP) return;
  const double box[4] = {0, 0, 10, 20};
  double crop_matrix[6];
  ep_box_crop crop;
  ep_box_crop_init(&crop, sizeof crop);
  ep_box_crop_set_contract(&crop, &contract);
  require(ep_matrix_from_boxes(box, 1, contract.input_width, contract.input_height, &crop,
                               crop_matrix, nullptr) == EP_OK,
          "the box crop");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<char> memory(ep_contract_memory_size(size));
  ep_contract contract;
  ep_contract_init(&contract, sizeof contract);
  ep_error error;
  const ep_status status =
      ep_contract_read(data, size, memory.data(), memory.size(), &contract, &error);
  require(status == error.status, "the error holds the status");
  require(std::memchr(error.message, '\0', EP_MESSAGE_SIZE) != nullptr, "a message ends");
  if (status != EP_OK || has_tiny(contract)) return 0;
  try_crop(contract);
  if (contract.stride > 0) try_grid(contract);
  if (contract.codec == EP_CODEC_HEATMAP) try_heatmap(contract);
  if (contract.codec == EP_CODEC_SIMCC) try_simcc(contract);
  if (contract.codec == EP_CODEC_PAF) try_paf(contract);
  if (contract.codec == EP_CODEC_TAGS) try_tags(contract);
  if (contract.codec == EP_CODEC_YOLOX) try_yolox(contract);
  return 0;
}
