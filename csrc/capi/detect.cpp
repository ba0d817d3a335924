// SPDX-License-Identifier: Apache-2.0
#include "capi/call.h"
#include "core/detect/box_nms.h"
#include "core/detect/centers.h"
#include "core/detect/yolox.h"

using edgepose::YoloxLayout;
using edgepose::capi::Call;

namespace {

bool read_layout(Call& call, const ep_yolox_layout* layout, YoloxLayout* out) {
  ep_yolox_layout given;
  if (!call.read(layout, "layout", ep_yolox_layout_init, &given)) return false;
  *out = {given.input_width,  given.input_height, given.strides,
          given.stride_count, given.class_count,  given.class_index};
  return true;
}

}  // namespace

void ep_center_maps_init(ep_center_maps* maps, size_t struct_size) {
  edgepose::capi::init_struct(ep_center_maps{}, maps, struct_size);
}

ep_status ep_centers_decode(const ep_center_maps* maps, float stride, float threshold,
                            int32_t max_boxes, ep_peak* workspace, float* boxes, float* score,
                            int32_t* count, ep_error* error) {
  Call call(__func__, error);
  ep_center_maps given;
  if (!call.read(maps, "maps", ep_center_maps_init, &given)) return call.status();
  if (!call.pointer("count", count)) return call.status();
  const edgepose::CenterMaps core{given.heatmap, given.size, given.offset, given.width,
                                  given.height};
  return call.done(
      edgepose::centers_decode(core, stride, threshold, max_boxes,
                               reinterpret_cast<edgepose::Peak*>(workspace), boxes, score),
      count);
}

void ep_yolox_layout_init(ep_yolox_layout* layout, size_t struct_size) {
  edgepose::capi::init_struct(ep_yolox_layout{}, layout, struct_size);
}

int64_t ep_yolox_rows(const ep_yolox_layout* layout) {
  Call call(__func__, nullptr);
  YoloxLayout core;
  return read_layout(call, layout, &core) ? edgepose::yolox_rows(core) : 0;
}

ep_status ep_yolox_decode(const float* predictions, int64_t rows, const ep_yolox_layout* layout,
                          float threshold, float* boxes, float* score, int64_t* count,
                          ep_error* error) {
  Call call(__func__, error);
  YoloxLayout core;
  if (!read_layout(call, layout, &core) || !call.pointer("count", count)) return call.status();
  return call.done(edgepose::yolox_decode(predictions, rows, core, threshold, boxes, score), count);
}

ep_status ep_box_nms(const float* boxes, const float* score, int64_t count, float iou_threshold,
                     int64_t* kept, int64_t* kept_count, ep_error* error) {
  Call call(__func__, error);
  if (!call.pointer("kept_count", kept_count)) return call.status();
  return call.done(edgepose::box_nms(boxes, score, count, iou_threshold, kept), kept_count);
}
