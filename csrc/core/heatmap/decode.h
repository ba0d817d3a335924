// SPDX-License-Identifier: Apache-2.0
// Heatmaps to keypoints: the maximum of each map and its place between cells.
#pragma once

#include "core/status.h"
#include "core/view.h"

namespace edgepose {

enum class Subpixel { kNone, kQuarter, kQuadratic, kDark, kUdp };

// Shapes: maps [N, K, H, W], xy [N, K, 2], score [N, K].
// Units:  heatmap cells, integers at cell centres; score = value of the highest cell.
// Needs:  H, W of at least 1 unless N or K is 0; for kDark and kUdp an odd blur kernel of 1 to 63
//         cells (ignored by the others).
// Gives:  NaN cells are passed over; a map of nothing but NaN gives (0, 0) and a NaN score. Every
//         place is finite and no refinement is applied where its inputs are not.
// Cost:   O(N * K * H * W) plus, per joint, a constant for kQuarter and kQuadratic and
//         O(kernel^2) for kDark and kUdp; no allocation.
Status heatmap_decode(const MapBatch& maps, Subpixel subpixel, int blur_kernel, float* xy,
                      float* score);

}  // namespace edgepose
