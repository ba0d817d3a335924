// SPDX-License-Identifier: Apache-2.0
// Candidates for the joints of one part: local maxima of its map.
#pragma once

#include <cstddef>

#include "core/arena.h"
#include "core/group/paf_options.h"
#include "core/group/paf_rows.h"
#include "core/heatmap/peaks.h"
#include "core/view.h"

namespace edgepose {

// Peaks of one part, [max_peaks] each.
struct PafPeaks {
  float* x = nullptr;      // enlarged cells
  float* y = nullptr;      // enlarged cells
  float* score = nullptr;  // value of the enlarged map
  int count = 0;
};

// Finds the peaks of maps of one size.
//
// The rows are scanned in one vectorised pass that marks cells above the threshold and not below
// the four beside them; the rule itself is checked at these only. Of more peaks than max_peaks the
// highest are kept, then those first in row-major order. Peaks come in row-major order, or with
// min_distance by x and then y. A +infinite cell is a peak; its place is the cell itself.
// Cost: O(H * W) with a small constant, O(taps) per active enlarged cell, 7 * 7 values per peak.
class PafPeakFinder {
 public:
  PafPeakFinder(Arena& arena, int width, const PafOptions& options);

  // Once, before the first map.
  void clear() { rows_.clear(); }
  void find(const MapView& map, PafPeaks& peaks);

 private:
  void scan_row(const PafRow& up, const PafRow& row, const PafRow& down, int y);
  void look_at(const PafRow& up, const PafRow& row, const PafRow& down, int x, int y);
  void add(const Peak& peak);
  void keep_highest();
  int drop_near();
  void refine(const Peak& cell, PafPeaks& peaks) const;

  const PafOptions& options_;
  PafTaps heat_taps_;  // of the map whose values count
  PafTaps scan_taps_;  // of the map whose peaks are sought
  PafRows rows_;
  MapView map_;
  int* marked_;  // [scale * (W + 3)] cells of a row that may be peaks
  Peak* cells_;  // [2 * max_peaks]
  int count_ = 0;
};

}  // namespace edgepose
