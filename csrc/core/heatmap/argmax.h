// SPDX-License-Identifier: Apache-2.0
// The highest cell of each heatmap.
#pragma once

#include "core/heatmap/heatmap_view.h"
#include "core/status.h"
#include "core/view.h"

namespace edgepose {

// Where a map is highest, in cells, and how high.
struct Cell {
  int x = 0;
  int y = 0;
  float score = 0;
};

// The first maximum in row-major order. NaN cells are passed over; a map of nothing but NaN gives
// (0, 0) with a NaN score. Negative maps and infinities need no care: the highest cell wins.
// Stored integers and halves are compared as they are stored, only the winner becomes a float.
// Cost: one pass over the map, then a second over one block of it where floats lie side by side.
//       Reading is what it costs: a map in the caches takes about the time of a plain maximum over
//       the same memory, and no decoder that looks at every cell can be much faster than that.
Cell map_argmax(const HeatmapView& map);

// The same for the joints [first, first + count) of one person. Maps that lie joint beside joint
// in memory (NHWC) are read in one pass together.
void person_argmax(const HeatmapBatch& maps, std::int64_t person, std::int64_t first,
                   std::int64_t count, Cell* cells);

// The same for a batch.
//
// Shapes: maps [N, K, H, W], xy [N, K, 2], score [N, K].
// Units:  heatmap cells, integers at cell centres.
// Needs:  H, W of at least 1 unless N or K is 0.
// Cost:   O(N * K * H * W), no allocation.
Status heatmap_argmax(const HeatmapBatch& maps, float* xy, float* score);

}  // namespace edgepose
