// SPDX-License-Identifier: Apache-2.0
// Distribution-aware refinement: the vertex of the Taylor expansion of the log of the blurred map.
#pragma once

#include "core/heatmap/argmax.h"
#include "core/heatmap/blur.h"
#include "core/heatmap/heatmap_view.h"
#include "core/heatmap/subpixel.h"

namespace edgepose {

// Why the blur around the maximum is enough. The published forms blur the whole map, multiply it by
// s = old maximum / blurred maximum, clamp it and take the log. log(s * b) = log s + log b, and the
// step -H^-1 g is made of differences in which the constant log s cancels: s matters only where it
// decides which values are clamped. A weighted mean is no higher than the map, so s >= 1, and
// s * b <= the old maximum for every b. If all values that enter the step are unclamped before
// scaling and the old maximum is below the upper clamp, none is clamped after it and the step is
// exact without s. Otherwise the true blurred maximum is found (blurred_maximum in blur.h, exact
// too). The two ways are compared with a whole-map reference by the tests.
//
// Both give no shift where the maximum is not positive, where the blurred maximum is zero and where
// the step is not finite. The step's length is not limited, as in the published forms: on a flat
// map the curve is almost nothing and the step can lead thousands of cells away. longest_dark_step
// says where the expansion ends to mean anything.

// DARK (Zhang et al. 2020, eq. 8 to 12): clamp at 1e-10, differences over two cells; no shift
// unless 1 < x < W - 2 and 1 < y < H - 2.
Shift dark_shift(const HeatmapView& map, const Cell& cell, const BlurKernel& kernel);

// UDP-DARK (Huang et al. 2020): clamp to [0.001, 50], differences over one cell with the border
// cells repeated, float32 epsilon added to the Hessian's diagonal.
Shift udp_shift(const HeatmapView& map, const Cell& cell, const BlurKernel& kernel);

// The longest step along an axis that the cells around the maximum speak for: two cells, as far as
// the differences reach, or the standard deviation of the blur where that is more, for nothing
// finer is left on the blurred map. Steps of sure maps stay below one cell, those of noisy ones
// below two.
double longest_dark_step(const BlurKernel& kernel);

}  // namespace edgepose
