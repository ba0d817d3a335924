// SPDX-License-Identifier: Apache-2.0
#include "capi/call.h"
#include "core/heatmap/argmax.h"
#include "core/heatmap/decode.h"
#include "core/heatmap/peaks.h"

using edgepose::MapBatch;
using edgepose::Peak;
using edgepose::Subpixel;
using edgepose::capi::Call;

namespace {

static_assert(EP_SUBPIXEL_QUARTER == static_cast<int>(Subpixel::kQuarter) &&
              EP_SUBPIXEL_QUADRATIC == static_cast<int>(Subpixel::kQuadratic) &&
              EP_SUBPIXEL_DARK == static_cast<int>(Subpixel::kDark) &&
              EP_SUBPIXEL_UDP == static_cast<int>(Subpixel::kUdp));
static_assert(sizeof(ep_peak) == sizeof(Peak) && offsetof(ep_peak, y) == offsetof(Peak, y) &&
              offsetof(ep_peak, score) == offsetof(Peak, score));

bool read_maps(Call& call, const ep_heatmaps* maps, MapBatch* batch) {
  ep_heatmaps given;
  if (!call.read(maps, "maps", ep_heatmaps_init, &given)) return false;
  if (!call.choice("maps.element", given.element, EP_ELEMENT_FLOAT32 + 1)) return false;
  *batch = {static_cast<const float*>(given.data),
            given.people,
            given.joints,
            given.width,
            given.height,
            static_cast<std::ptrdiff_t>(given.person_stride),
            static_cast<std::ptrdiff_t>(given.joint_stride),
            static_cast<std::ptrdiff_t>(given.row_stride)};
  return true;
}

}  // namespace

void ep_heatmaps_init(ep_heatmaps* maps, size_t struct_size) {
  edgepose::capi::init_struct(ep_heatmaps{}, maps, struct_size);
}

void ep_heatmaps_set_nchw(ep_heatmaps* maps, const void* data, int64_t people, int64_t joints,
                          int32_t height, int32_t width) {
  if (maps == nullptr) return;
  maps->data = data;
  maps->people = people;
  maps->joints = joints;
  maps->height = height;
  maps->width = width;
  maps->row_stride = width;
  maps->joint_stride = int64_t{width} * height;
  maps->person_stride = joints * maps->joint_stride;
}

void ep_decode_options_init(ep_decode_options* options, size_t struct_size) {
  ep_decode_options defaults{};
  defaults.subpixel = EP_SUBPIXEL_NONE;
  defaults.blur_kernel = 11;
  edgepose::capi::init_struct(defaults, options, struct_size);
}

ep_status ep_heatmap_argmax(const ep_heatmaps* maps, float* xy, float* score, ep_error* error) {
  Call call(__func__, error);
  MapBatch batch;
  if (!read_maps(call, maps, &batch)) return call.status();
  return call.done(edgepose::heatmap_argmax(batch, xy, score));
}

ep_status ep_heatmap_decode(const ep_heatmaps* maps, const ep_decode_options* options, float* xy,
                            float* score, ep_error* error) {
  Call call(__func__, error);
  MapBatch batch;
  ep_decode_options chosen;
  if (!read_maps(call, maps, &batch)) return call.status();
  if (!call.read_options(options, "options", ep_decode_options_init, &chosen)) {
    return call.status();
  }
  if (!call.choice("options.subpixel", chosen.subpixel, EP_SUBPIXEL_UDP + 1)) {
    return call.status();
  }
  return call.done(edgepose::heatmap_decode(batch, static_cast<Subpixel>(chosen.subpixel),
                                            chosen.blur_kernel, xy, score));
}

ep_status ep_heatmap_peaks(const ep_heatmaps* maps, int64_t person, int64_t joint, float threshold,
                           int32_t radius, int32_t max_peaks, ep_peak* peaks, int32_t* count,
                           ep_error* error) {
  Call call(__func__, error);
  MapBatch batch;
  if (!read_maps(call, maps, &batch) || !call.pointer("count", count)) return call.status();
  const bool inside = person >= 0 && person < batch.people && joint >= 0 && joint < batch.joints;
  if (!inside) return call.done(edgepose::Status::kBadSize);
  return call.done(edgepose::map_peaks(batch.map(person, joint), threshold, radius, max_peaks,
                                       reinterpret_cast<Peak*>(peaks)),
                   count);
}
