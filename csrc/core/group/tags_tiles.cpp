// SPDX-License-Identifier: Apache-2.0
#include "core/group/tags_tiles.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr int kTileWidth = 16;
constexpr int kTileHeight = 8;
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

// The columns of a tile, which compilers keep in one to four registers.
using Lanes = float __attribute__((vector_size(kTileWidth * sizeof(float))));

// One row of a tile; columns past `columns` are NaN, which no comparison takes.
EDGEPOSE_INLINE void load_lanes(const float* from, int columns, Lanes* to) {
  if (columns == kTileWidth) {
    std::memcpy(to, from, sizeof(Lanes));
    return;
  }
  float padded[kTileWidth];
  for (float& lane : padded) lane = std::numeric_limits<float>::quiet_NaN();
  for (int i = 0; i < columns; ++i) padded[i] = from[i];
  std::memcpy(to, padded, sizeof(Lanes));
}

// Lowest and highest per tile of one band of rows; NaN are passed over. `band` has room for the
// columns of all tiles and one more, twice.
EDGEPOSE_MULTIVERSION
void range_band(const float* cells, std::ptrdiff_t row_stride, int width, int rows, int tiles,
                float* band, float* lows, float* highs) {
  const int padded = (tiles + 1) * kTileWidth;
  float* low = band;
  float* high = band + padded;
  for (int x = 0; x < padded; ++x) {
    low[x] = kInfinity;
    high[x] = -kInfinity;
  }
  // Row by row, the order that memory is fetched ahead in.
  for (int y = 0; y < rows; ++y) {
    const float* row = cells + y * row_stride;
    for (int left = 0; left < width; left += kTileWidth) {
      Lanes cell, lowest, highest;
      load_lanes(row + left, width - left < kTileWidth ? width - left : kTileWidth, &cell);
      std::memcpy(&lowest, low + left, sizeof lowest);
      std::memcpy(&highest, high + left, sizeof highest);
      lowest = cell < lowest ? cell : lowest;
      highest = cell > highest ? cell : highest;
      std::memcpy(low + left, &lowest, sizeof lowest);
      std::memcpy(high + left, &highest, sizeof highest);
    }
  }
  // Halves the columns that count until the first of each tile knows them all; what the others
  // take over from the tile beside them, or from behind the last, is never read.
  for (int step = kTileWidth / 2; step > 0; step /= 2) {
    for (int x = 0; x < padded - kTileWidth; ++x) {
      low[x] = low[x + step] < low[x] ? low[x + step] : low[x];
      high[x] = high[x + step] > high[x] ? high[x + step] : high[x];
    }
  }
  for (int tile = 0; tile < tiles; ++tile) {
    lows[tile] = low[tile * kTileWidth];
    highs[tile] = high[tile * kTileWidth];
  }
}

// Values [rows, kTileWidth] of one tile for one mean tag, NaN past `columns`. Gives the highest.
EDGEPOSE_MULTIVERSION
float value_tile(const TagJoint& maps, const float* mean, int tag_length, int left, int top,
                 int columns, int rows, float* values) {
  const bool single = tag_length == 1;
  Lanes highest = Lanes{} - kInfinity;
  for (int y = 0; y < rows; ++y) {
    Lanes squares = {};
    for (int t = 0; t < tag_length; ++t) {
      Lanes gap;
      load_lanes(maps.tag + t * maps.plane_stride + (top + y) * maps.row_stride + left, columns,
                 &gap);
      gap -= mean[t];
      squares = single ? gap : squares + gap * gap;
    }
    Lanes value;
    load_lanes(maps.heat.data + (top + y) * maps.heat.row_stride + left, columns, &value);
    float lanes[kTileWidth], heat[kTileWidth];
    std::memcpy(lanes, &squares, sizeof squares);
    std::memcpy(heat, &value, sizeof value);
    float* out = values + y * kTileWidth;
    if (single) {
      for (int x = 0; x < kTileWidth; ++x) out[x] = value_of(heat[x], std::fabs(lanes[x]), true);
    } else {
      for (int x = 0; x < kTileWidth; ++x) out[x] = value_of(heat[x], lanes[x], false);
    }
    std::memcpy(&value, out, sizeof value);
    highest = value > highest ? value : highest;
  }
  float best = -kInfinity;
  for (int x = 0; x < kTileWidth; ++x) best = highest[x] > best ? highest[x] : best;
  return best;
}

void look_at(const TagJoint& maps, const TagTiles& tiles, const float* mean, int tag_length,
             int tile, TagCell& best) {
  const int left = tile % tiles.columns * kTileWidth;
  const int top = tile / tiles.columns * kTileHeight;
  const int columns = std::min(kTileWidth, maps.heat.width - left);
  const int rows = std::min(kTileHeight, maps.heat.height - top);
  float values[kTileWidth * kTileHeight];
  const float highest = value_tile(maps, mean, tag_length, left, top, columns, rows, values);
  if (highest < best.value) return;
  for (int at = 0; at < rows * kTileWidth; ++at) {
    if (values[at] != highest) continue;
    const int x = left + at % kTileWidth;
    const int y = top + at / kTileWidth;
    if (highest > best.value || best.comes_after(x, y)) best = {highest, x, y};
    return;
  }
}

}  // namespace

TagTiles lay_out_tag_tiles(Arena& arena, const TagMaps& maps) {
  const auto tag_length = static_cast<std::size_t>(maps.tag_length);
  TagTiles tiles;
  tiles.columns = (maps.width + kTileWidth - 1) / kTileWidth;
  tiles.count = tiles.columns * ((maps.height + kTileHeight - 1) / kTileHeight);
  const auto count = static_cast<std::size_t>(tiles.count);
  tiles.high = arena.take<float>(count);
  tiles.low_tag = arena.take<float>(count * tag_length);
  tiles.high_tag = arena.take<float>(count * tag_length);
  tiles.bound = arena.take<float>(count);
  tiles.band = arena.take<float>(2 * kTileWidth * (static_cast<std::size_t>(tiles.columns) + 1));
  const bool side_by_side = maps.tag_cell_stride == 1 || maps.width == 1;
  const std::size_t area =
      static_cast<std::size_t>(maps.width) * static_cast<std::size_t>(maps.height);
  tiles.plane = arena.take<float>(side_by_side ? 0 : area * tag_length);
  return tiles;
}

TagJoint tag_joint(const TagMaps& maps, int joint, float* plane) {
  TagJoint found;
  found.heat = maps.heatmap(joint);
  found.tag = maps.tag_at(joint, 0, 0);
  found.row_stride = maps.tag_row_stride;
  found.plane_stride = maps.tag_stride;
  if (maps.tag_cell_stride == 1 || maps.width == 1) return found;
  const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(maps.width) * maps.height;
  for (int y = 0; y < maps.height; ++y) {
    for (int t = 0; t < maps.tag_length; ++t) {
      const float* from = maps.tag_at(joint, 0, y) + t * maps.tag_stride;
      float* to = plane + t * area + static_cast<std::ptrdiff_t>(y) * maps.width;
      for (int x = 0; x < maps.width; ++x) to[x] = from[x * maps.tag_cell_stride];
    }
  }
  found.tag = plane;
  found.row_stride = maps.width;
  found.plane_stride = area;
  return found;
}

void find_tag_ranges(const TagJoint& maps, int tag_length, const TagTiles& tiles) {
  const int width = maps.heat.width;
  for (int y = 0, at = 0; y < maps.heat.height; y += kTileHeight, at += tiles.columns) {
    const int rows = std::min(kTileHeight, maps.heat.height - y);
    // The lowest heat is not needed; it goes where the bounds will lie.
    range_band(maps.heat.row(y), maps.heat.row_stride, width, rows, tiles.columns, tiles.band,
               tiles.bound + at, tiles.high + at);
    for (int t = 0; t < tag_length; ++t) {
      const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(t) * tiles.count + at;
      range_band(maps.tag + t * maps.plane_stride + y * maps.row_stride, maps.row_stride, width,
                 rows, tiles.columns, tiles.band, tiles.low_tag + first, tiles.high_tag + first);
    }
  }
}

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
