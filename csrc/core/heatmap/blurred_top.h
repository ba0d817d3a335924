// SPDX-License-Identifier: Apache-2.0
// The highest cells of a blurred heatmap, with the blur evaluated only where they can be.
#pragma once

#include "core/heatmap/argmax.h"
#include "core/heatmap/blur.h"

namespace edgepose {

constexpr int kMaxTop = 8;

// The `count` highest cells of the blurred map by falling value, equal ones in row-major order;
// cells up to `border` outside the map count too. Cells whose blurred value is NaN are passed over.
//
// The blurred values around the map's own maximum `cell` give a bound that the `count` highest
// surpass or equal. Weights are positive and add up to 1, so where the bound is positive a cell can
// reach it only with a raw cell above it (less a margin for rounding) under the kernel: the box
// around those is all that is blurred, which is exact. Otherwise the whole map is.
// Needs: 1 <= count <= kMaxTop, border >= 0, a map that is not NaN throughout.
// Gives: how many cells were found: fewer than `count` where the map has fewer, and, where values
//        are not positive, possibly fewer because cells far from any of the map's are not looked at
//        (their blurred value is 0).
// Cost:  one pass over the map, and O(kernel size) per cell of the box.
int blurred_top(const HeatmapView& map, const BlurKernel& kernel, const Cell& cell, int border,
                int count, Cell* top);

}  // namespace edgepose
