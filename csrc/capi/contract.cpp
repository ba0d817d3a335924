// SPDX-License-Identifier: Apache-2.0
#include "core/contract/contract.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "capi/call.h"
#include "core/contract/onnx.h"
#include "core/geometry/warp.h"

using edgepose::ByteView;
using edgepose::Contract;
using edgepose::ContractAnchor;
using edgepose::ContractCodecType;
using edgepose::ContractColor;
using edgepose::ContractError;
using edgepose::ContractResize;
using edgepose::ContractShrink;
using edgepose::ContractTask;
using edgepose::IndexPair;
using edgepose::kAbsent;
using edgepose::Result;
using edgepose::Status;
using edgepose::capi::Call;

namespace {

static_assert(EP_TASK_DETECTOR == static_cast<int>(ContractTask::kDetector) &&
              EP_COLOR_BGR == static_cast<int>(ContractColor::kBgr) &&
              EP_SHRINK_AREA == static_cast<int>(ContractShrink::kArea) &&
              EP_ANCHOR_TOP_LEFT == static_cast<int>(ContractAnchor::kTopLeft));
static_assert(EP_RESIZE_LETTERBOX == static_cast<int>(ContractResize::kLetterbox) &&
              EP_RESIZE_STRETCH == static_cast<int>(ContractResize::kStretch));
static_assert(EP_CODEC_CENTERS == static_cast<int>(ContractCodecType::kCenters) &&
              EP_CODEC_YOLOX == static_cast<int>(ContractCodecType::kYolox));
static_assert(EP_WARP_UDP == static_cast<int>(edgepose::Warp::kUdp) &&
              EP_WARP_LEGACY == static_cast<int>(edgepose::Warp::kLegacy));
static_assert(sizeof(IndexPair) == 2 * sizeof(int32_t));  // pairs are [n, 2]

int32_t or_else(int32_t value, int32_t fallback) { return value == kAbsent ? fallback : value; }

const int32_t* indices(const edgepose::List<IndexPair>& pairs) { return &pairs.data->a; }

void set_input(const edgepose::ContractInput& core, ep_contract* out) {
  out->input_name = core.name;
  out->input_width = core.width;
  out->input_height = core.height;
  out->layout = EP_LAYOUT_NCHW;
  out->element = EP_ELEMENT_FLOAT32;
  out->color = core.color;
  out->resize = core.resize;
  out->anchor = or_else(core.anchor, EP_ANCHOR_CENTER);
  out->shrink = or_else(core.shrink, EP_SHRINK_BILINEAR);
  std::copy_n(core.mean.data, 3, out->mean);
  std::copy_n(core.std.data, 3, out->std);
  out->pad_value = core.pad_value;
  out->box_padding = std::isnan(core.box_padding) ? 0 : core.box_padding;
}

void set_codec(const edgepose::ContractCodec& core, ep_contract* out) {
  out->codec = static_cast<int32_t>(core.type);
  out->stride = core.stride;
  out->warp = core.warp;
  out->subpixel = core.subpixel;
  out->blur_kernel = or_else(core.blur_kernel, 0);
  out->strides = core.strides.data;
  out->stride_count = core.strides.count;
  out->class_index = core.class_index;
  out->score_threshold = core.score_threshold;
  out->nms_iou = core.nms_iou;
  out->max_boxes = core.max_boxes;
}

void set_keypoints(const edgepose::ContractKeypoints& core, ep_contract* out) {
  out->keypoint_names = core.names.data;
  out->keypoint_count = core.names.count;
  out->edges = core.edges.count > 0 ? indices(core.edges) : nullptr;
  out->edge_count = core.edges.count;
  out->flip_pairs = core.flip_pairs.count > 0 ? indices(core.flip_pairs) : nullptr;
  out->flip_pair_count = core.flip_pairs.count;
  out->sigmas = core.sigmas.count > 0 ? core.sigmas.data : nullptr;
}

ep_contract made_of(const Contract& core) {
  ep_contract out{};
  out.task = core.task;
  out.name = core.name;
  out.license = core.license;
  set_input(core.input, &out);
  set_codec(core.codec, &out);
  out.outputs = core.outputs.data;
  out.output_count = core.outputs.count;
  set_keypoints(core.keypoints, &out);
  out.training_data = core.training.data.count > 0 ? core.training.data.data : nullptr;
  out.training_data_count = core.training.data.count;
  out.training_description = core.training.description;
  return out;
}

}  // namespace

void ep_contract_init(ep_contract* contract, size_t struct_size) {
  edgepose::capi::init_struct(ep_contract{}, contract, struct_size);
}

ep_status ep_contract_find(const void* model, size_t model_size, const char** document,
                           size_t* document_size, ep_error* error) {
  Call call(__func__, error);
  if (!call.pointer("document", document) || !call.pointer("document_size", document_size)) {
    return call.status();
  }
  ContractError reason;
  const Result<ByteView> found = edgepose::find_contract(model, model_size, &reason);
  if (found.status == Status::kOk) {
    *document = found.value.data;
    *document_size = found.value.size;
  }
  return call.done(found.status, reason.message);
}

size_t ep_contract_memory_size(size_t document_size) {
  return edgepose::contract_memory_bytes(document_size);
}

ep_status ep_contract_read(const void* document, size_t document_size, void* memory,
                           size_t memory_size, ep_contract* contract, ep_error* error) {
  Call call(__func__, error);
  ep_contract given;
  const bool good =
      call.read(contract, "contract", ep_contract_init, &given) && call.pointer("memory", memory) &&
      call.workspace(memory_size, ep_contract_memory_size(document_size), "memory_size");
  if (!good) return call.status();
  ContractError reason;
  const Result<Contract> read =
      edgepose::read_contract(document, document_size, memory, memory_size, &reason);
  if (read.status == Status::kOk) edgepose::capi::write_struct(made_of(read.value), contract);
  return call.done(read.status, reason.message);
}

void ep_box_crop_set_contract(ep_box_crop* crop, const ep_contract* contract) {
  if (crop == nullptr || contract == nullptr) return;
  crop->warp = contract->warp;
  crop->padding = contract->box_padding;
}

void ep_crop_options_set_contract(ep_crop_options* options, const ep_contract* contract) {
  if (options == nullptr || contract == nullptr) return;
  options->swap_rb = contract->color == EP_COLOR_BGR ? 1 : 0;
  for (int i = 0; i < 3; ++i) {
    options->mean[i] = static_cast<float>(contract->mean[i]);
    options->std[i] = static_cast<float>(contract->std[i]);
  }
  options->pad_value = static_cast<float>(contract->pad_value);
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
}

void ep_cell_grid_set_contract(ep_cell_grid* grid, const ep_contract* contract) {
  if (grid == nullptr || contract == nullptr || contract->stride <= 0) return;
  grid->warp = contract->warp;
  grid->stride = contract->stride;
  grid->input_width = contract->input_width;
  grid->input_height = contract->input_height;
  grid->map_width = contract->input_width / contract->stride;
  grid->map_height = contract->input_height / contract->stride;
}

void ep_yolox_layout_set_contract(ep_yolox_layout* layout, const ep_contract* contract) {
  if (layout == nullptr || contract == nullptr) return;
  layout->input_width = contract->input_width;
  layout->input_height = contract->input_height;
  layout->strides = contract->strides;
  layout->stride_count = contract->stride_count;
  layout->class_index = contract->class_index;
}
