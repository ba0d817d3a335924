// SPDX-License-Identifier: Apache-2.0
// Local maxima of a heatmap (non-maximum suppression).
#pragma once

#include "core/heatmap/heatmap_view.h"
#include "core/status.h"
#include "core/view.h"

namespace edgepose {

struct Peak {
  int x = 0;
  int y = 0;
  float score = 0;
};

// Cells above `threshold` that no cell within `radius` columns and rows surpasses, the max_peaks
// highest of them, by falling score and then in row-major order.
//
// This is the max-pooling rule of HigherHRNet with a pool of 2 * radius + 1: on a plateau every
// cell is a peak. NaN cells are no peaks and surpass nothing. A radius of 0 keeps every cell above
// the threshold.
// Units: cells; the threshold is excluded (score > threshold) and may be -infinity.
// Needs: room for max_peaks peaks.
// Gives: the number of peaks.
// Cost:  one pass over the map, plus up to (2 * radius + 1)^2 per cell above the threshold and the
//        max_peaks best so far, and log(max_peaks) per peak; no allocation.
Result<int> map_peaks(const HeatmapView& map, float threshold, int radius, int max_peaks,
                      Peak* peaks);

}  // namespace edgepose
