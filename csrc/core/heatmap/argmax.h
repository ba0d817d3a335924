// SPDX-License-Identifier: Apache-2.0
// The highest cell of each heatmap.
#pragma once

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
// Cost: one pass over the map, then a second over at most one block of it.
Cell map_argmax(const MapView& map);

// The same for a batch.
//
// Shapes: maps [N, K, H, W], xy [N, K, 2], score [N, K].
// Units:  heatmap cells, integers at cell centres.
// Needs:  H, W of at least 1 unless N or K is 0.
// Cost:   O(N * K * H * W), no allocation.
Status heatmap_argmax(const MapBatch& maps, float* xy, float* score);

// What every batch kernel asks of its maps.
Status check_maps(const MapBatch& maps);

}  // namespace edgepose
