// SPDX-License-Identifier: Apache-2.0
// The steps of tags_group after matching: quarter-cell adjustment and joints from the whole map.
#pragma once

#include "core/arena.h"
#include "core/group/tags_match.h"

namespace edgepose {

// Bounds of what the tiles of one joint's maps hold, tiles of 16 columns and 8 rows: a tile whose
// bound is below the best cell so far need not be looked at. Rounding is monotonic, so the bound of
// a tile, computed by the steps that a cell's value is computed by, is never too low.
struct TagTiles {
  int columns = 0;  // tiles side by side
  int count = 0;
  float* high = nullptr;      // [count] highest heat
  float* low_tag = nullptr;   // [T, count]
  float* high_tag = nullptr;  // [T, count]
  float* bound = nullptr;     // [count] for the person at hand
  float* band = nullptr;      // lowest and highest per column of the tiles at hand
  float* plane = nullptr;     // [T, H, W] tags whose cells do not lie side by side, else unused
};

struct TagRefineWork {
  TagTiles tiles;
  float* mean = nullptr;  // [capacity, T]
};

TagRefineWork lay_out_tag_refine(Arena& arena, const TagMaps& maps, int capacity);

// Moves every joint found half a cell, and a quarter towards the higher neighbour.
void tags_adjust(const TagMaps& maps, const TagGroups& groups);

// Fills the joints that people lack.
void tags_refine(const TagMaps& maps, TagRefineWork& work, const TagGroups& groups);

}  // namespace edgepose
