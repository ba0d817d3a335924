// SPDX-License-Identifier: Apache-2.0
#include "capi/heatmaps.h"

namespace edgepose::capi {

static_assert(EP_ELEMENT_FLOAT16 == static_cast<int>(Element::kFloat16) &&
              EP_ELEMENT_INT8 == static_cast<int>(Element::kInt8) &&
              EP_ELEMENT_UINT8 == static_cast<int>(Element::kUint8));

bool read_heatmaps(Call& call, const ep_heatmaps* maps, const char* name, HeatmapBatch* out) {
  ep_heatmaps given;
  if (!call.read(maps, name, ep_heatmaps_init, &given) ||
      !call.choice("maps.element", given.element, EP_ELEMENT_UINT8 + 1)) {
    return false;
  }
  out->data = given.data;
  out->element = static_cast<Element>(given.element);
  out->people = given.people;
  out->joints = given.joints;
  out->width = given.width;
  out->height = given.height;
  out->person_stride = static_cast<std::ptrdiff_t>(given.person_stride);
  out->joint_stride = static_cast<std::ptrdiff_t>(given.joint_stride);
  out->row_stride = static_cast<std::ptrdiff_t>(given.row_stride);
  out->cell_stride = static_cast<std::ptrdiff_t>(given.cell_stride);
  out->quantization = {given.scale, given.zero_point};
  return true;
}

bool read_float_maps(Call& call, const ep_heatmaps* maps, const char* name, MapBatch* out) {
  HeatmapBatch batch;
  if (!read_heatmaps(call, maps, name, &batch)) return false;
  if (!call.choice(name, static_cast<int32_t>(batch.element), EP_ELEMENT_FLOAT32 + 1)) return false;
  if (batch.cell_stride != 1) {
    call.done(Status::kBadStride);
    return false;
  }
  *out = {static_cast<const float*>(batch.data),
          batch.people,
          batch.joints,
          batch.width,
          batch.height,
          batch.person_stride,
          batch.joint_stride,
          batch.row_stride};
  return true;
}

}  // namespace edgepose::capi

void ep_heatmaps_init(ep_heatmaps* maps, size_t struct_size) {
  const edgepose::HeatmapBatch core;
  ep_heatmaps defaults{};
  defaults.cell_stride = core.cell_stride;
  defaults.scale = core.quantization.scale;
  defaults.zero_point = core.quantization.zero_point;
  edgepose::capi::init_struct(defaults, maps, struct_size);
}

void ep_heatmaps_set_nchw(ep_heatmaps* maps, const void* data, int64_t people, int64_t joints,
                          int32_t height, int32_t width) {
  if (maps == nullptr) return;
  maps->data = data;
  maps->people = people;
  maps->joints = joints;
  maps->height = height;
  maps->width = width;
  maps->cell_stride = 1;
  maps->row_stride = width;
  maps->joint_stride = edgepose::capi::stride(width, height);
  maps->person_stride = edgepose::capi::stride(joints, maps->joint_stride);
}

void ep_heatmaps_set_nhwc(ep_heatmaps* maps, const void* data, int64_t people, int64_t joints,
                          int32_t height, int32_t width) {
  if (maps == nullptr) return;
  ep_heatmaps_set_nchw(maps, data, people, joints, height, width);
  maps->joint_stride = 1;
  maps->cell_stride = joints;
  maps->row_stride = edgepose::capi::stride(joints, width);
}
