// SPDX-License-Identifier: Apache-2.0
// Keypoints from vectors and from volumes.
#include "core/heatmap/simcc.h"

#include <algorithm>

#include "capi/heatmaps.h"
#include "core/heatmap/volume.h"

using edgepose::HeatmapBatch;
using edgepose::SimccOptions;
using edgepose::SimccScore;
using edgepose::VolumeBatch;
using edgepose::capi::Call;
using edgepose::capi::read_heatmaps;

namespace {

static_assert(EP_SIMCC_SOFTMAX == static_cast<int>(SimccScore::kSoftmax) &&
              EP_SIMCC_GAUSSIAN == static_cast<int>(SimccScore::kGaussian));

bool read_options(Call& call, const ep_simcc_options* options, SimccOptions* out) {
  ep_simcc_options given;
  if (!call.read_options(options, "options", ep_simcc_options_init, &given) ||
      !call.choice("options.score", given.score, EP_SIMCC_GAUSSIAN + 1)) {
    return false;
  }
  out->split_ratio = given.split_ratio;
  out->score = static_cast<SimccScore>(given.score);
  std::copy_n(given.beta, 2, out->beta);
  std::copy_n(given.sigma, 2, out->sigma);
  out->larger = given.larger != 0;
  out->dark = given.dark != 0;
  out->bounded = given.bounded != 0;
  std::copy_n(given.blur_kernel, 2, out->blur_kernel);
  return true;
}

bool read_volumes(Call& call, const ep_heatmaps* first_slice, int32_t depth, int64_t depth_stride,
                  VolumeBatch* out) {
  if (!read_heatmaps(call, first_slice, "first_slice", &out->maps)) return false;
  out->depth = depth;
  out->depth_stride = static_cast<std::ptrdiff_t>(depth_stride);
  return true;
}

}  // namespace

void ep_simcc_options_init(ep_simcc_options* options, size_t struct_size) {
  const SimccOptions core;
  ep_simcc_options defaults{};
  defaults.split_ratio = core.split_ratio;
  defaults.score = static_cast<int32_t>(core.score);
  std::copy_n(core.beta, 2, defaults.beta);
  std::copy_n(core.sigma, 2, defaults.sigma);
  defaults.larger = core.larger ? 1 : 0;
  defaults.dark = core.dark ? 1 : 0;
  defaults.bounded = core.bounded ? 1 : 0;
  std::copy_n(core.blur_kernel, 2, defaults.blur_kernel);
  edgepose::capi::init_struct(defaults, options, struct_size);
}

ep_status ep_simcc_decode(const ep_heatmaps* x, const ep_heatmaps* y,
                          const ep_simcc_options* options, float* xy, float* score,
                          ep_error* error) {
  Call call(__func__, error);
  HeatmapBatch across;
  HeatmapBatch down;
  SimccOptions chosen;
  const bool good = read_heatmaps(call, x, "x", &across) && read_heatmaps(call, y, "y", &down) &&
                    read_options(call, options, &chosen);
  return good ? call.done(edgepose::simcc_decode(across, down, chosen, xy, score)) : call.status();
}

ep_status ep_volume_argmax(const ep_heatmaps* first_slice, int32_t depth, int64_t depth_stride,
                           float* xyz, float* score, ep_error* error) {
  Call call(__func__, error);
  VolumeBatch volumes;
  const bool good = read_volumes(call, first_slice, depth, depth_stride, &volumes);
  return good ? call.done(edgepose::volume_argmax(volumes, xyz, score)) : call.status();
}

ep_status ep_volume_integral(const ep_heatmaps* first_slice, int32_t depth, int64_t depth_stride,
                             float beta, float* xyz, float* score, ep_error* error) {
  Call call(__func__, error);
  VolumeBatch volumes;
  const bool good = read_volumes(call, first_slice, depth, depth_stride, &volumes);
  return good ? call.done(edgepose::volume_integral(volumes, beta, xyz, score)) : call.status();
}
