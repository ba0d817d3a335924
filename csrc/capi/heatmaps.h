// SPDX-License-Identifier: Apache-2.0
// Heatmaps of the C ABI as the core sees them.
#pragma once

#include "capi/call.h"
#include "core/heatmap/heatmap_view.h"

namespace edgepose::capi {

bool read_heatmaps(Call& call, const ep_heatmaps* maps, const char* name, HeatmapBatch* out);

// For kernels that read float32 only, the cells of a row side by side.
bool read_float_maps(Call& call, const ep_heatmaps* maps, const char* name, MapBatch* out);

}  // namespace edgepose::capi
