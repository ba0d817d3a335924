// SPDX-License-Identifier: Apache-2.0
// SimCC (Li et al. 2022): a keypoint as two vectors, one over x and one over y.
#pragma once

#include "core/heatmap/heatmap_view.h"
#include "core/status.h"

namespace edgepose {

// What an axis reports; its place is the highest bin whichever is chosen.
enum class SimccScore {
  kValue,     // the highest value
  kSoftmax,   // the highest of softmax(beta * vector)
  kGaussian,  // the highest value over sigma * sqrt(2 pi) (sigma = 0: as it is), cut to 0..1
};

struct SimccOptions {
  float split_ratio = 2.0F;  // bins per input px, positive and finite
  SimccScore score = SimccScore::kValue;
  float beta[2] = {1.0F, 1.0F};   // x, y; positive and finite, for kSoftmax
  float sigma[2] = {0.0F, 0.0F};  // x, y; bins, not negative and finite, for kGaussian
  bool larger = false;            // of the two axes' scores: the larger, not the smaller
  bool dark = false;              // refine each place
  int blur_kernel[2] = {21, 21};  // x, y; odd, 1 to 63 bins, for dark
  bool bounded = false;           // whether a step longer than longest_dark_step is not taken
};

// Highest bin of each vector over split_ratio. With `dark` each axis takes the step of the Taylor
// expansion of the log of the blurred vector (rescaled to its old maximum, clamped to [0.001, 50],
// border bins repeated, differences over two bins), as mmpose's refine_simcc_dark does; what is
// blurred is only the part around the maximum, see dark.h for why that is exact. An axis whose
// maximum is not positive or not finite is not refined. As published, nothing limits the step;
// `bounded` leaves out one that the bins around the maximum do not speak for (dark.h).
//
// Shapes: x [N, K, Wx], y [N, K, Wy], both as maps of height 1; xy [N, K, 2], score [N, K].
// Units:  input px: x_in = bin / split_ratio.
// Needs:  the same N and K in both; Wx, Wy of at least 1 unless N or K is 0.
// Gives:  the first of equal maxima; NaN bins are passed over; a vector of nothing but NaN gives
//         place 0 on its axis and a NaN score.
// Cost:   O(N * K * (Wx + Wy)), one exponential a bin for kSoftmax; no allocation.
Status simcc_decode(const HeatmapBatch& x, const HeatmapBatch& y, const SimccOptions& options,
                    float* xy, float* score);

}  // namespace edgepose
