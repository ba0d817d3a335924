// SPDX-License-Identifier: Apache-2.0
// The rows of an enlarged map one at a time, computed only where the threshold can be passed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/arena.h"
#include "core/group/paf_taps.h"
#include "core/view.h"

namespace edgepose {

// Columns begin .. end - 1 of the map (not enlarged).
struct PafSpan {
  int begin;
  int end;
};

// One row: plane r holds the enlarged cells scale * j + r for every column j. Outside the spans all
// values are at or below the threshold. Of an enlarged row the spans are whole groups of four
// columns, the last of which may reach past the map, and four cells lie before and after a plane.
struct PafRow {
  const float* planes = nullptr;
  std::ptrdiff_t plane_stride = 0;
  const PafSpan* spans = nullptr;
  int span_count = 0;

  float at(PafPlace place) const { return planes[place.phase * plane_stride + place.cell]; }
};

// Three rows at a time: row(y) stays valid until row(y + 3) is asked for. Rows are asked for in
// rising order, from 0; -1 and the row below the last hold -infinity.
//
// Cost: of an enlarged map, per row taps * W * (1 + scale) operations over the active columns only,
//       and per row of cells a pass that finds these: a sum of cells exceeds them by a known part
//       of their range at most, so most columns of a heatmap cannot pass the threshold.
class PafRows {
 public:
  PafRows(Arena& arena, int width, const PafTaps& taps);

  // Makes the rows empty; once, before the first map.
  void clear();
  void start(const MapView& map, float threshold);
  PafRow row(int y);

 private:
  struct Slot {
    float* planes = nullptr;  // [scale] planes, each with a group of -infinity at both ends
    PafSpan* spans = nullptr;
    int span_count = 0;
    int band = -1;  // the row of cells that the spans are of
  };

  PafRow plain_row(int y);
  void find_band(int band);
  void fill(Slot& slot, int y);
  const float* cells(int y) const;
  PafRow view(const Slot& slot) const;

  const PafTaps& taps_;
  int width_;
  int margin_;
  std::ptrdiff_t plane_stride_;
  MapView map_;
  float threshold_ = 0.0F;
  int band_ = -1;
  int band_span_count_ = 0;
  PafSpan* band_spans_;
  float* highest_;        // [W + 2 margin] of the rows that a band draws on
  float* lowest_;         // the same
  float* column_;         // [W + 2 margin] a row of cells weighted downwards
  std::uint8_t* active_;  // [W + 3] columns that may pass
  float* zeros_;          // [W]
  Slot empty_;
  Slot slots_[3];
};

}  // namespace edgepose
