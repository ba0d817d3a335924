// SPDX-License-Identifier: Apache-2.0
// What a contract says, carried into the structs of the other functions.
#include <algorithm>
#include <cstddef>

#include "include/edgepose.h"

namespace {

float to_float(double value) { return static_cast<float>(value); }

}  // namespace

void ep_box_crop_set_contract(ep_box_crop* crop, const ep_contract* contract) {
  if (crop == nullptr || contract == nullptr) return;
  crop->warp = contract->warp;
  crop->padding = contract->box_padding;
}

void ep_crop_options_set_contract(ep_crop_options* options, const ep_contract* contract) {
  if (options == nullptr || contract == nullptr) return;
  options->swap_rb = contract->color == EP_COLOR_BGR ? 1 : 0;
  std::transform(contract->mean, contract->mean + 3, options->mean, to_float);
  std::transform(contract->std, contract->std + 3, options->std, to_float);
  options->pad_value = to_float(contract->pad_value);
  options->antialias = contract->shrink == EP_SHRINK_AREA ? 1 : 0;
}

void ep_tensor_set_contract(ep_tensor* tensor, const ep_contract* contract, void* data) {
  if (tensor == nullptr || contract == nullptr) return;
  tensor->element = contract->element;
  tensor->layout = contract->layout;
  tensor->width = contract->input_width;
  tensor->height = contract->input_height;
  tensor->data = data;
}

void ep_decode_options_set_contract(ep_decode_options* options, const ep_contract* contract) {
  if (options == nullptr || contract == nullptr) return;
  options->subpixel = contract->subpixel;
  if (contract->blur_kernel > 0) options->blur_kernel = contract->blur_kernel;
  if (contract->shift_count > 0) {
    options->shift_count = contract->shift_count;
    std::transform(contract->shifts, contract->shifts + 4, options->shifts, to_float);
  }
  if (contract->beta > 0) options->beta = to_float(contract->beta);
  options->debias = contract->debias;
  options->bounded = 1;
}

void ep_cell_grid_set_contract(ep_cell_grid* grid, const ep_contract* contract) {
  if (grid == nullptr || contract == nullptr || contract->stride <= 0) return;
  grid->warp = contract->warp;
  grid->stride = contract->stride;
  grid->input_width = contract->input_width;
  grid->input_height = contract->input_height;
  grid->map_width = contract->input_width / contract->stride;
  grid->map_height = contract->input_height / contract->stride;
  grid->upscale = 1.0;
  grid->offset = contract->codec == EP_CODEC_TAGS && contract->adjust != 0 ? 0.5 : 0.0;
  if (contract->codec == EP_CODEC_PAF) {
    ep_paf_options preset;
    ep_paf_options_init(&preset, sizeof preset, contract->preset);
    grid->upscale = contract->upscale;
    grid->offset = static_cast<double>(preset.peak_offset);
  }
}

void ep_simcc_options_set_contract(ep_simcc_options* options, const ep_contract* contract) {
  if (options == nullptr || contract == nullptr) return;
  options->score = contract->score;
  options->larger = contract->larger;
  options->split_ratio = to_float(contract->split_ratio);
  options->dark = contract->subpixel == EP_SUBPIXEL_DARK ? 1 : 0;
  options->bounded = 1;
  for (int axis = 0; axis < 2; ++axis) {
    const int32_t kernel = contract->axis_blur_kernel[axis];
    if (kernel > 0) options->blur_kernel[axis] = kernel;
    if (contract->axis_beta[axis] > 0) options->beta[axis] = to_float(contract->axis_beta[axis]);
    options->sigma[axis] = to_float(contract->axis_sigma[axis]);
  }
}

void ep_paf_options_set_contract(ep_paf_options* options, const ep_contract* contract) {
  if (options == nullptr || contract == nullptr) return;
  ep_paf_options_init(options, options->struct_size, contract->preset);
  options->upscale = contract->upscale;
  options->peak_threshold = to_float(contract->peak_threshold);
  options->sample_threshold = to_float(contract->sample_threshold);
  options->min_fraction = to_float(contract->min_fraction);
  options->matching = contract->matching;
  options->min_joints = contract->min_joints;
  options->min_joint_score = to_float(contract->min_joint_score);
}

void ep_paf_skeleton_set_contract(ep_paf_skeleton* skeleton, const ep_contract* contract,
                                  ep_paf_limb* limbs, uint8_t* uncounted) {
  if (skeleton == nullptr || contract == nullptr || limbs == nullptr || uncounted == nullptr) {
    return;
  }
  for (int32_t i = 0; i < contract->limb_count; ++i) {
    const int32_t* limb = contract->limbs + 4 * std::ptrdiff_t{i};
    limbs[i] = {limb[0], limb[1], limb[2], limb[3], 0};
  }
  for (int32_t i = 0; i < contract->redundant_count; ++i) {
    limbs[contract->redundant[i]].redundant = 1;
  }
  std::fill_n(uncounted, contract->keypoint_count, uint8_t{0});
  for (int32_t i = 0; i < contract->uncounted_count; ++i) uncounted[contract->uncounted[i]] = 1;
  skeleton->parts = contract->keypoint_count;
  skeleton->limb_count = contract->limb_count;
  skeleton->limbs = limbs;
  skeleton->uncounted = uncounted;
}

void ep_tag_options_set_contract(ep_tag_options* options, const ep_contract* contract) {
  if (options == nullptr || contract == nullptr) return;
  options->detection_threshold = to_float(contract->peak_threshold);
  options->tag_threshold = to_float(contract->tag_threshold);
  options->max_people = contract->max_people;
  options->nms_radius = contract->nms_kernel / 2;
  options->use_detection_val = contract->use_detection_val;
  options->ignore_too_much = contract->ignore_too_much;
  options->merge_equal_tags = contract->merge_equal_tags;
  options->adjust = contract->adjust;
  options->refine = contract->refine;
  options->joint_order = contract->joint_order;
  options->person_threshold = to_float(contract->person_threshold);
  options->by_score = 1;
}

void ep_yolox_layout_set_contract(ep_yolox_layout* layout, const ep_contract* contract) {
  if (layout == nullptr || contract == nullptr) return;
  layout->input_width = contract->input_width;
  layout->input_height = contract->input_height;
  layout->strides = contract->strides;
  layout->stride_count = contract->stride_count;
  layout->class_index = contract->class_index;
}
