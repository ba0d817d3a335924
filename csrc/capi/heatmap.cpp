// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "capi/heatmaps.h"
#include "core/heatmap/argmax.h"
#include "core/heatmap/bilinear.h"
#include "core/heatmap/decode.h"
#include "core/heatmap/merge_flip.h"
#include "core/heatmap/peaks.h"

using edgepose::DecodeOptions;
using edgepose::HeatmapBatch;
using edgepose::Peak;
using edgepose::Subpixel;
using edgepose::capi::Call;
using edgepose::capi::read_heatmaps;

namespace {

static_assert(EP_SUBPIXEL_QUARTER == static_cast<int>(Subpixel::kQuarter) &&
              EP_SUBPIXEL_QUADRATIC == static_cast<int>(Subpixel::kQuadratic) &&
              EP_SUBPIXEL_DARK == static_cast<int>(Subpixel::kDark) &&
              EP_SUBPIXEL_UDP == static_cast<int>(Subpixel::kUdp) &&
              EP_SUBPIXEL_MEGVII == static_cast<int>(Subpixel::kMegvii) &&
              EP_SUBPIXEL_MSPN == static_cast<int>(Subpixel::kMspn) &&
              EP_SUBPIXEL_INTEGRAL == static_cast<int>(Subpixel::kIntegral));
static_assert(sizeof(ep_peak) == sizeof(Peak) && offsetof(ep_peak, y) == offsetof(Peak, y) &&
              offsetof(ep_peak, score) == offsetof(Peak, score));

bool read_options(Call& call, const ep_decode_options* options, DecodeOptions* out) {
  ep_decode_options given;
  if (!call.read_options(options, "options", ep_decode_options_init, &given) ||
      !call.choice("options.subpixel", given.subpixel, EP_SUBPIXEL_INTEGRAL + 1)) {
    return false;
  }
  out->subpixel = static_cast<Subpixel>(given.subpixel);
  out->blur_kernel = given.blur_kernel;
  out->shift_count = given.shift_count;
  std::copy_n(given.shifts, 4, out->shifts);
  out->beta = given.beta;
  out->debias = given.debias != 0;
  out->bounded = given.bounded != 0;
  return true;
}

}  // namespace

void ep_decode_options_init(ep_decode_options* options, size_t struct_size) {
  const DecodeOptions core;
  ep_decode_options defaults{};
  defaults.subpixel = static_cast<int32_t>(core.subpixel);
  defaults.blur_kernel = core.blur_kernel;
  defaults.shift_count = core.shift_count;
  std::copy_n(core.shifts, 4, defaults.shifts);
  defaults.beta = core.beta;
  defaults.debias = core.debias ? 1 : 0;
  defaults.bounded = core.bounded ? 1 : 0;
  edgepose::capi::init_struct(defaults, options, struct_size);
}

ep_status ep_heatmap_argmax(const ep_heatmaps* maps, float* xy, float* score, ep_error* error) {
  Call call(__func__, error);
  HeatmapBatch batch;
  if (!read_heatmaps(call, maps, "maps", &batch)) return call.status();
  return call.done(edgepose::heatmap_argmax(batch, xy, score));
}

ep_status ep_heatmap_decode(const ep_heatmaps* maps, const ep_decode_options* options, float* xy,
                            float* score, ep_error* error) {
  Call call(__func__, error);
  HeatmapBatch batch;
  DecodeOptions chosen;
  const bool good =
      read_heatmaps(call, maps, "maps", &batch) && read_options(call, options, &chosen);
  return good ? call.done(edgepose::heatmap_decode(batch, chosen, xy, score)) : call.status();
}

ep_status ep_heatmap_peaks(const ep_heatmaps* maps, int64_t person, int64_t joint, float threshold,
                           int32_t radius, int32_t max_peaks, ep_peak* peaks, int32_t* count,
                           ep_error* error) {
  Call call(__func__, error);
  HeatmapBatch batch;
  if (!read_heatmaps(call, maps, "maps", &batch) || !call.pointer("count", count)) {
    return call.status();
  }
  if (const edgepose::Status status = edgepose::check_maps(batch);
      status != edgepose::Status::kOk) {
    return call.done(status);
  }
  const bool inside = person >= 0 && person < batch.people && joint >= 0 && joint < batch.joints;
  if (!inside) return call.done(edgepose::Status::kBadIndex);
  return call.done(edgepose::map_peaks(batch.map(person, joint), threshold, radius, max_peaks,
                                       reinterpret_cast<Peak*>(peaks)),
                   count);
}

ep_status ep_heatmap_resize(const ep_heatmaps* maps, int64_t person, int64_t joint, int32_t height,
                            int32_t width, float* out, ep_error* error) {
  Call call(__func__, error);
  edgepose::MapBatch batch;
  if (!edgepose::capi::read_float_maps(call, maps, "maps", &batch)) return call.status();
  const bool inside = person >= 0 && person < batch.people && joint >= 0 && joint < batch.joints;
  if (!inside) return call.done(edgepose::Status::kBadIndex);
  if (batch.data == nullptr) return call.done(edgepose::Status::kNullPointer);
  return call.done(edgepose::resize_bilinear(batch.map(person, joint), width, height, out));
}

void ep_flip_options_init(ep_flip_options* options, size_t struct_size) {
  const edgepose::FlipOptions core;
  ep_flip_options defaults{};
  defaults.mirror = core.mirror ? 1 : 0;
  defaults.shift = core.shift;
  edgepose::capi::init_struct(defaults, options, struct_size);
}

ep_status ep_heatmap_merge_flip(const ep_heatmaps* maps, const ep_heatmaps* flipped,
                                const int64_t* joint_of, const ep_flip_options* options,
                                float* merged, ep_error* error) {
  Call call(__func__, error);
  HeatmapBatch plain;
  HeatmapBatch mirrored;
  ep_flip_options chosen;
  const bool good = read_heatmaps(call, maps, "maps", &plain) &&
                    read_heatmaps(call, flipped, "flipped", &mirrored) &&
                    call.read_options(options, "options", ep_flip_options_init, &chosen);
  if (!good) return call.status();
  return call.done(edgepose::heatmap_merge_flip(plain, mirrored, joint_of,
                                                {chosen.mirror != 0, chosen.shift}, merged));
}
