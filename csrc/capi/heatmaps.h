// SPDX-License-Identifier: Apache-2.0
// Heatmaps of the C ABI as the core sees them.
#pragma once

#include "capi/call.h"
#include "core/heatmap/heatmap_view.h"

namespace edgepose::capi {

bool read_heatmaps(Call& call, const ep_heatmaps* maps, const char* name, HeatmapBatch* out);

}  // namespace edgepose::capi
