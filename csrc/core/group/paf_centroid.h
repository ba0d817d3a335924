// SPDX-License-Identifier: Apache-2.0
// The place of a peak between cells, as OpenPose computes it.
#pragma once

#include "core/group/paf_taps.h"
#include "core/view.h"

namespace edgepose {

// From the enlarged cell (x, y) to the mean place of the positive cells of the 7x7 window around
// it, weighted by their values. (0, 0) where that is no number: no positive cell, or an infinite
// one. Cells outside the map do not count.
void paf_centroid(const MapView& map, const PafTaps& taps, int x, int y, float* shift_x,
                  float* shift_y);

}  // namespace edgepose
