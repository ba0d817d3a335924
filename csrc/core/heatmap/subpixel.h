// SPDX-License-Identifier: Apache-2.0
// Places between cells from the cells around the maximum: the two cheap refinements.
#pragma once

#include "core/heatmap/argmax.h"
#include "core/heatmap/heatmap_view.h"

namespace edgepose {

// A shift from the maximum's cell, in cells.
struct Shift {
  float x = 0;
  float y = 0;
};

// A quarter of a cell towards the higher neighbour, per axis (Newell et al. 2016, as in HRNet).
// The guard is HRNet's: no shift unless 1 < x < W - 1 and 1 < y < H - 1, both axes together.
// Equal neighbours and NaN differences give no shift.
Shift quarter_shift(const HeatmapView& map, const Cell& cell);

// Vertex of the parabola through the maximum and its two neighbours, per axis (second-order Taylor
// expansion without the mixed term). At most half a cell; an axis on the map's edge, flat or not
// finite is not shifted.
Shift quadratic_shift(const HeatmapView& map, const Cell& cell);

}  // namespace edgepose
