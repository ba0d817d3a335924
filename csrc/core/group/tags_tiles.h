// SPDX-License-Identifier: Apache-2.0
// The search of tags_refine: the best cell of one joint's maps for a tag.
#pragma once

#include <cstddef>
#include <limits>

#include "core/arena.h"
#include "core/group/tags.h"
#include "core/lanes.h"

namespace edgepose {

constexpr int kTileWidth = kLanes;
constexpr int kTileHeight = 8;

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
  float* plane = nullptr;     // [T, H, W] tags whose cells do not lie side by side, else unused
};

// One joint's maps, the cells of a row side by side in both.
struct TagJoint {
  MapView heat;
  const float* tag = nullptr;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t plane_stride = 0;
};

struct TagCell {
  float value = -std::numeric_limits<float>::infinity();
  int x = -1;
  int y = 0;

  bool comes_after(int column, int row) const { return y != row ? y > row : x > column; }
};

TagTiles lay_out_tag_tiles(Arena& arena, const TagMaps& maps);

// The maps of one joint. Tags whose cells do not lie side by side are copied to `plane`.
TagJoint tag_joint(const TagMaps& maps, int joint, float* plane);

// Sets the ranges of all tiles.
void find_tag_ranges(const TagJoint& joint, int tag_length, const TagTiles& tiles);

// The first cell of the highest heat - round(|tag - mean|); x = -1 where no cell has one.
TagCell best_tag_cell(const TagJoint& joint, const TagTiles& tiles, const float* mean,
                      int tag_length);

}  // namespace edgepose
