// SPDX-License-Identifier: Apache-2.0
// Flip test: the maps of a picture averaged with those of its mirror image.
#pragma once

#include "core/heatmap/heatmap_view.h"
#include "core/status.h"

namespace edgepose {

struct FlipOptions {
  bool mirror = true;  // read the second maps from right to left; false for SimCC's vectors over y
  // Cells that the mirrored maps are moved to the right by before they are averaged: 1 is HRNet's
  // SHIFT_HEATMAP, -1 that of SimCC. Columns that nothing moves into stay as they were.
  int shift = 0;
};

// merged[n, k, y, x] = (maps[n, k, y, x] + back[n, k, y, x]) / 2, where `back` is
// flipped[n, joint_of[k]], mirrored and shifted.
//
// Shapes: maps, flipped [N, K, H, W] of any element type and strides, joint_of [K],
//         merged float32 [N, K, H, W] side by side in memory.
// Needs:  the same N, K, H, W; joint_of in 0..K-1; `merged` apart from both inputs.
// Gives:  NaN where either is.
// Cost:   O(N * K * H * W), one pass, no allocation.
Status heatmap_merge_flip(const HeatmapBatch& maps, const HeatmapBatch& flipped,
                          const std::int64_t* joint_of, const FlipOptions& options, float* merged);

}  // namespace edgepose
