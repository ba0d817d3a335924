// SPDX-License-Identifier: Apache-2.0
#include "core/group/tags_tiles.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/lanes.h"
#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// To the nearest whole number, halves to even; for values of 0 and more.
EDGEPOSE_INLINE float round_half_even(float value) {
  constexpr float kWhole = 8388608.0F;  // from here on every float is whole
  const float rounded = (value + kWhole) - kWhole;
  return value < kWhole ? rounded : value;
}

// Squares add up in `squares`; one tag component needs none: the root of a square is its size.
EDGEPOSE_INLINE void add_gap(float* squares, float gap, bool single) {
  *squares = single ? std::fabs(gap) : *squares + gap * gap;
}

EDGEPOSE_INLINE float value_of(float heat, float squares, bool single) {
  return heat - round_half_even(single ? squares : std::sqrt(squares));
}

// Bounds [count] of all tiles for one mean tag.
EDGEPOSE_MULTIVERSION
void bound_tiles(const TagTiles& tiles, const float* mean, int tag_length) {
  const bool single = tag_length == 1;
  const int count = tiles.count;
  float* bound = tiles.bound;
  std::fill_n(bound, count, 0.0F);
  for (int t = 0; t < tag_length; ++t) {
    const float* low = tiles.low_tag + static_cast<std::ptrdiff_t>(t) * count;
    const float* high = tiles.high_tag + static_cast<std::ptrdiff_t>(t) * count;
    const float middle = mean[t];
    for (int i = 0; i < count; ++i) {
      const float below = low[i] - middle;
      const float above = middle - high[i];
      float gap = below > above ? below : above;
      gap = gap > 0.0F ? gap : 0.0F;
      add_gap(bound + i, gap, single);
    }
  }
  for (int i = 0; i < count; ++i) bound[i] = value_of(tiles.high[i], bound[i], single);
}

// Where a tile lies and what of it lies in the map.
struct TileCells {
  int left, top, columns, rows;
};

// heat - round(|tag - mean|) of one row of a tile, NaN past its columns.
EDGEPOSE_INLINE void row_values(const TagJoint& maps, const float* mean, int tag_length, int left,
                                int y, int columns, Lanes* values) {
  const float* tag = maps.tag + y * maps.row_stride + left;
  float sizes[kTileWidth];
  Lanes size, gap, heat;
  load_lanes(tag, columns, &gap);
  gap -= mean[0];
  if (tag_length == 1) {
    std::memcpy(sizes, &gap, sizeof gap);
    for (float& lane : sizes) lane = std::fabs(lane);
  } else {
    Lanes squares = gap * gap;
    for (int t = 1; t < tag_length; ++t) {
      load_lanes(tag + t * maps.plane_stride, columns, &gap);
      gap -= mean[t];
      squares += gap * gap;
    }
    std::memcpy(sizes, &squares, sizeof squares);
    for (float& lane : sizes) lane = std::sqrt(lane);
  }
  load_lanes(sizes, &size);
  constexpr float kWhole = 8388608.0F;             // from here on every float is whole
  const Lanes rounded = (size + kWhole) - kWhole;  // to the nearest, halves to even
  load_lanes(maps.heat.data + y * maps.heat.row_stride + left, columns, &heat);
  *values = heat - (size < Lanes{} + kWhole ? rounded : size);
}

EDGEPOSE_INLINE float highest_value(const TagJoint& maps, const float* mean, int tag_length,
                                    int columns, const TileCells& tile) {
  Lanes highest = Lanes{} - kInfinity;
  for (int y = tile.top; y < tile.top + tile.rows; ++y) {
    Lanes value;
    row_values(maps, mean, tag_length, tile.left, y, columns, &value);
    highest = value > highest ? value : highest;
  }
  return highest_of(highest);
}

// The highest value of one tile; -infinity where all are NaN. What tiles have in common is known
// when it is compiled.
EDGEPOSE_MULTIVERSION
float tile_value(const TagJoint& maps, const float* mean, int tag_length, const TileCells& tile) {
  if (tile.columns < kTileWidth) {
    return highest_value(maps, mean, tag_length, tile.columns, tile);
  }
  if (tag_length == 1) return highest_value(maps, mean, 1, kTileWidth, tile);
  if (tag_length == 2) return highest_value(maps, mean, 2, kTileWidth, tile);
  return highest_value(maps, mean, tag_length, kTileWidth, tile);
}

EDGEPOSE_MULTIVERSION
void tile_row(const TagJoint& maps, const float* mean, int tag_length, const TileCells& tile, int y,
              float* values) {
  Lanes lanes;
  row_values(maps, mean, tag_length, tile.left, y, tile.columns, &lanes);
  std::memcpy(values, &lanes, sizeof lanes);
}

void look_at(const TagJoint& maps, const TagTiles& tiles, const float* mean, int tag_length,
             int number, TagCell& best) {
  TileCells tile{number % tiles.columns * kTileWidth, number / tiles.columns * kTileHeight, 0, 0};
  tile.columns = std::min(kTileWidth, maps.heat.width - tile.left);
  tile.rows = std::min(kTileHeight, maps.heat.height - tile.top);
  const float highest = tile_value(maps, mean, tag_length, tile);
  if (highest < best.value) return;
  for (int y = tile.top; y < tile.top + tile.rows; ++y) {
    float values[kTileWidth];
    tile_row(maps, mean, tag_length, tile, y, values);
    for (int i = 0; i < tile.columns; ++i) {
      if (values[i] != highest) continue;
      const int x = tile.left + i;
      if (highest > best.value || best.comes_after(x, y)) best = {highest, x, y};
      return;
    }
  }
}

}  // namespace

TagCell best_tag_cell(const TagJoint& maps, const TagTiles& tiles, const float* mean,
                      int tag_length) {
  bound_tiles(tiles, mean, tag_length);
  int first = 0;  // the most promising tile, to know early what the others must beat
  for (int tile = 1; tile < tiles.count; ++tile) {
    if (tiles.bound[tile] > tiles.bound[first]) first = tile;
  }
  TagCell best;
  look_at(maps, tiles, mean, tag_length, first, best);
  for (int tile = 0; tile < tiles.count; ++tile) {
    if (tiles.bound[tile] >= best.value && tile != first) {
      look_at(maps, tiles, mean, tag_length, tile, best);
    }
  }
  return best;
}

}  // namespace edgepose
