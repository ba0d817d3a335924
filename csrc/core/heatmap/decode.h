// SPDX-License-Identifier: Apache-2.0
// Heatmaps to keypoints: the maximum of each map and its place between cells.
#pragma once

#include "core/heatmap/heatmap_view.h"
#include "core/status.h"
#include "core/view.h"

namespace edgepose {

enum class Subpixel { kNone, kQuarter, kQuadratic, kDark, kUdp, kMegvii, kMspn, kIntegral };

struct DecodeOptions {
  Subpixel subpixel = Subpixel::kNone;
  int blur_kernel = 11;                           // kDark, kUdp, kMegvii, kMspn: odd, 1 to 63 cells
  int shift_count = 1;                            // kMspn: how many of the shifts, 0 to 4
  float shifts[4] = {0.25F, 0.125F, 0.0F, 0.0F};  // kMspn: cells towards each next maximum, 0 to 1
  float beta = 1.0F;                              // kIntegral: positive and finite
  bool debias = false;                            // kIntegral
  // Whether kDark, kUdp and a debiased kIntegral are held to where their models are good: a step
  // longer than longest_dark_step (dark.h) along either axis is not taken, and a debiased place
  // outside the map gives way to the plain mean. As published, nothing holds them.
  bool bounded = false;
};

// Shapes: maps [N, K, H, W] of any element type and strides, xy [N, K, 2], score [N, K].
// Units:  heatmap cells, integers at cell centres; score = value of the highest cell, for kMegvii
//         and kMspn what these networks report (see megvii.h).
// Needs:  H, W of at least 1 unless N or K is 0; options in their ranges where the method uses
// them. Gives:  NaN cells are passed over; a map of nothing but NaN gives (0, 0) and a NaN score.
// Every
//         place is finite and no refinement is applied where its inputs are not. With `bounded`
//         every place is also in the map or within longest_dark_step of its maximum.
// Cost:   O(N * K * H * W) plus, per joint, a constant for kQuarter and kQuadratic, O(kernel^2) for
//         kDark and kUdp, see blurred_top.h for kMegvii and kMspn, an exponential a cell for
//         kIntegral; no allocation. Integers and halves are searched as they are stored, and only
//         the cells that a refinement reads become floats. kNone, kQuarter and kQuadratic are
//         bound by memory: what a call takes beyond one pass over the maps is small.
Status heatmap_decode(const HeatmapBatch& maps, const DecodeOptions& options, float* xy,
                      float* score);

// The same with the other options as they are by default.
Status heatmap_decode(const HeatmapBatch& maps, Subpixel subpixel, int blur_kernel, float* xy,
                      float* score);

}  // namespace edgepose
