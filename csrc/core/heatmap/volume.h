// SPDX-License-Identifier: Apache-2.0
// Volumetric heatmaps to keypoints in 3D: the highest cell, or soft-argmax (Sun et al. 2018).
#pragma once

#include "core/heatmap/heatmap_view.h"
#include "core/status.h"

namespace edgepose {

// Volumes of N people with K joints each, [N, K, D, H, W]: `maps` describes slice 0 of each.
struct VolumeBatch {
  HeatmapBatch maps;
  int depth = 0;
  std::ptrdiff_t depth_stride = 0;  // elements from a slice to the next
};

// Shapes: volumes [N, K, D, H, W], xyz [N, K, 3], score [N, K].
// Units:  cells, integers at cell centres; score = value of the highest cell.
// Needs:  D, H, W of at least 1 unless N or K is 0.
// Gives:  the first maximum in row-major order (z, y, x); NaN cells are passed over; a volume of
//         nothing but NaN gives (0, 0, 0) and a NaN score.
// Cost:   O(N * K * D * H * W), no allocation.
Status volume_argmax(const VolumeBatch& volumes, float* xyz, float* score);

// The same, with the place being the mean under softmax(beta * volume), or that of the maximum
// where that is infinite.
// Needs: beta positive and finite.
Status volume_integral(const VolumeBatch& volumes, float beta, float* xyz, float* score);

}  // namespace edgepose
