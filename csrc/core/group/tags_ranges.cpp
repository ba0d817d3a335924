// SPDX-License-Identifier: Apache-2.0
// What is known of the tiles before anybody looks for a cell.
#include <algorithm>
#include <limits>

#include "core/group/tags_tiles.h"
#include "core/lanes.h"
#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// Lowest, where `low` is not null, and highest of one tile; NaN are passed over.
EDGEPOSE_INLINE void range_tile(const float* cells, std::ptrdiff_t row_stride, int columns,
                                int rows, float* low, float* high) {
  Lanes lowest = Lanes{} + kInfinity;
  Lanes highest = Lanes{} - kInfinity;
  for (int y = 0; y < rows; ++y) {
    Lanes cell;
    load_lanes(cells + y * row_stride, columns, &cell);
    lowest = cell < lowest ? cell : lowest;
    highest = cell > highest ? cell : highest;
  }
  if (low != nullptr) *low = lowest_of(lowest);
  *high = highest_of(highest);
}

// The same for the tiles of one band of rows; `lows` may be null.
EDGEPOSE_MULTIVERSION
void range_band(const float* cells, std::ptrdiff_t row_stride, int width, int rows, float* lows,
                float* highs) {
  const std::ptrdiff_t whole = width / kTileWidth;
  const int rest = width % kTileWidth;
  if (lows == nullptr) {
    for (std::ptrdiff_t tile = 0; tile < whole; ++tile) {
      range_tile(cells + tile * kTileWidth, row_stride, kTileWidth, rows, nullptr, highs + tile);
    }
  } else {
    for (std::ptrdiff_t tile = 0; tile < whole; ++tile) {
      range_tile(cells + tile * kTileWidth, row_stride, kTileWidth, rows, lows + tile,
                 highs + tile);
    }
  }
  if (rest == 0) return;
  range_tile(cells + whole * kTileWidth, row_stride, rest, rows,
             lows == nullptr ? nullptr : lows + whole, highs + whole);
}

// One component of a row of tags; the usual strides are known when it is compiled.
EDGEPOSE_MULTIVERSION
void copy_component(const float* from, std::ptrdiff_t stride, int width, float* to) {
  if (stride == 2) {
    for (std::ptrdiff_t x = 0; x < width; ++x) to[x] = from[x * 2];
  } else {
    for (int x = 0; x < width; ++x) to[x] = from[x * stride];
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
      copy_component(from, maps.tag_cell_stride, maps.width, to);
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
    range_band(maps.heat.row(y), maps.heat.row_stride, width, rows, nullptr, tiles.high + at);
    for (int t = 0; t < tag_length; ++t) {
      const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(t) * tiles.count + at;
      range_band(maps.tag + t * maps.plane_stride + y * maps.row_stride, maps.row_stride, width,
                 rows, tiles.low_tag + first, tiles.high_tag + first);
    }
  }
}

}  // namespace edgepose
