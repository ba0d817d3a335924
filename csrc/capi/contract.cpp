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
using edgepose::ContractCodec;
using edgepose::ContractCodecType;
using edgepose::ContractColor;
using edgepose::ContractError;
using edgepose::ContractLayout;
using edgepose::ContractLimb;
using edgepose::ContractPafPreset;
using edgepose::ContractResize;
using edgepose::ContractShrink;
using edgepose::ContractTask;
using edgepose::IndexPair;
using edgepose::kAbsent;
using edgepose::List;
using edgepose::Result;
using edgepose::Status;
using edgepose::capi::Call;

namespace {

static_assert(EP_TASK_BOTTOM_UP == static_cast<int>(ContractTask::kBottomUp) &&
              EP_LAYOUT_NHWC == static_cast<int>(ContractLayout::kNhwc));
static_assert(EP_TASK_DETECTOR == static_cast<int>(ContractTask::kDetector) &&
              EP_COLOR_BGR == static_cast<int>(ContractColor::kBgr) &&
              EP_SHRINK_AREA == static_cast<int>(ContractShrink::kArea) &&
              EP_ANCHOR_TOP_LEFT == static_cast<int>(ContractAnchor::kTopLeft));
static_assert(EP_RESIZE_LETTERBOX == static_cast<int>(ContractResize::kLetterbox) &&
              EP_RESIZE_STRETCH == static_cast<int>(ContractResize::kStretch));
static_assert(EP_CODEC_SIMCC == static_cast<int>(ContractCodecType::kSimcc) &&
              EP_CODEC_PAF == static_cast<int>(ContractCodecType::kPaf) &&
              EP_CODEC_TAGS == static_cast<int>(ContractCodecType::kTags));
static_assert(EP_PAF_LIGHTWEIGHT == static_cast<int>(ContractPafPreset::kLightweight) &&
              EP_PAF_TF_POSE == static_cast<int>(ContractPafPreset::kTfPose));
static_assert(EP_CODEC_CENTERS == static_cast<int>(ContractCodecType::kCenters) &&
              EP_CODEC_YOLOX == static_cast<int>(ContractCodecType::kYolox));
static_assert(EP_WARP_UDP == static_cast<int>(edgepose::Warp::kUdp) &&
              EP_WARP_LEGACY == static_cast<int>(edgepose::Warp::kLegacy));
static_assert(sizeof(IndexPair) == 2 * sizeof(int32_t));  // pairs are [n, 2]
static_assert(sizeof(ContractLimb) == 4 * sizeof(int32_t));

int32_t or_else(int32_t value, int32_t fallback) { return value == kAbsent ? fallback : value; }

double or_zero(double value) { return std::isnan(value) ? 0 : value; }

// The numbers of rows of indices, NULL without any.
template <typename Row>
const int32_t* indices(const List<Row>& rows) {
  return rows.count > 0 ? &rows.data->a : nullptr;
}
const int32_t* indices(const List<int32_t>& values) {
  return values.count > 0 ? values.data : nullptr;
}

template <typename T>
void copy(const List<T>& list, T* out) {
  std::copy(list.begin(), list.end(), out);
}

void set_input(const edgepose::ContractInput& core, ep_contract* out) {
  out->input_name = core.name;
  out->input_width = core.width;
  out->input_height = core.height;
  out->layout = core.layout;
  out->element = EP_ELEMENT_FLOAT32;
  out->color = core.color;
  out->resize = core.resize;
  out->anchor = or_else(core.anchor, EP_ANCHOR_CENTER);
  out->shrink = or_else(core.shrink, EP_SHRINK_BILINEAR);
  copy(core.mean, out->mean);
  copy(core.std, out->std);
  out->pad_value = core.pad_value;
  out->box_padding = or_zero(core.box_padding);
}

void set_keypoint_codec(const ContractCodec& core, ep_contract* out) {
  out->stride = core.stride;
  out->warp = core.warp;
  out->subpixel = core.subpixel;
  out->blur_kernel = or_else(core.blur_kernel, 0);
  out->shift_count = core.shifts.count;
  copy(core.shifts, out->shifts);
  out->beta = or_zero(core.beta);
  out->debias = or_else(core.debias, 0);
  out->score = core.score;
  out->larger = core.joined_score;
  out->split_ratio = core.split_ratio;
  copy(core.axis_blur_kernel, out->axis_blur_kernel);
  copy(core.axis_beta, out->axis_beta);
  copy(core.axis_sigma, out->axis_sigma);
}

void set_grouping_codec(const ContractCodec& core, ep_contract* out) {
  out->peak_threshold = core.peak_threshold;
  out->max_people = core.max_people;
  out->preset = core.preset;
  out->upscale = core.upscale;
  out->matching = core.matching;
  out->sample_threshold = core.sample_threshold;
  out->min_fraction = core.min_fraction;
  out->min_joint_score = core.min_joint_score;
  out->min_joints = core.min_joints;
  out->limb_count = core.limbs.count;
  out->limbs = indices(core.limbs);
  out->redundant = indices(core.redundant);
  out->redundant_count = core.redundant.count;
  out->uncounted = indices(core.uncounted);
  out->uncounted_count = core.uncounted.count;
  out->tag_threshold = core.tag_threshold;
  out->person_threshold = core.person_threshold;
  out->tag_dimensions = core.tag_dimensions;
  out->nms_kernel = core.nms_kernel;
  out->use_detection_val = core.use_detection_val;
  out->ignore_too_much = core.ignore_too_much;
  out->merge_equal_tags = core.merge_equal_tags;
  out->adjust = core.adjust;
  out->refine = core.refine;
  out->joint_order = indices(core.joint_order);
}

void set_codec(const ContractCodec& core, ep_contract* out) {
  out->codec = static_cast<int32_t>(core.type);
  set_keypoint_codec(core, out);
  set_grouping_codec(core, out);
  out->score_threshold = core.score_threshold;
  out->nms_iou = core.nms_iou;
  out->max_boxes = core.max_boxes;
  out->class_index = core.class_index;
  out->strides = indices(core.strides);
  out->stride_count = core.strides.count;
}

void set_keypoints(const edgepose::ContractKeypoints& core, ep_contract* out) {
  out->keypoint_names = core.names.data;
  out->keypoint_count = core.names.count;
  out->edges = indices(core.edges);
  out->edge_count = core.edges.count;
  out->flip_pairs = indices(core.flip_pairs);
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
