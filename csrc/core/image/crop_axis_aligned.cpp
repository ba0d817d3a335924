// SPDX-License-Identifier: Apache-2.0
// The crop without rotation: two picture rows are blended into one row of floats, which vectorises
// over plain memory, and every output pixel then blends two neighbours of that row.
#include <cstring>

#include "core/image/crop_paths.h"

namespace edgepose::crop {
namespace {

constexpr int kMaxSpan = 2304;  // picture pixels under one tile, at least a few columns of any step

// The columns of one tile and where their taps lie in the blended row.
struct Tile {
  int first_column;
  int count;
  int first_pixel;  // picture column of the blended row's first pixel
  int span;         // pixels of the blended row
  int offset[kTileColumns];
  float weight[kTileColumns];
};

EDGEPOSE_INLINE void plan_tile(Tile* tile, const Affine& affine, int image_width, int first_column,
                               int out_width) {
  int low = 0;
  int high = 0;
  int count = 0;
  while (count < kTileColumns && first_column + count < out_width) {
    const Tap tap = tap_of(affine.xx * (first_column + count) + affine.x0, image_width);
    const int new_low = count == 0 || tap.index < low ? tap.index : low;
    const int new_high = count == 0 || tap.index + 1 > high ? tap.index + 1 : high;
    if (new_high - new_low >= kMaxSpan) break;
    low = new_low;
    high = new_high;
    tile->offset[count] = tap.index;
    tile->weight[count] = tap.weight;
    ++count;
  }
  for (int i = 0; i < count; ++i) tile->offset[i] = 3 * (tile->offset[i] - low);
  tile->first_column = first_column;
  tile->count = count;
  tile->first_pixel = low;
  tile->span = high - low + 1;
}

// One blended row: pixels outside the picture are pad_value. `upper` or `lower` is null where the
// row lies outside the picture.
EDGEPOSE_INLINE void blend_rows(const std::uint8_t* upper, const std::uint8_t* lower, float weight,
                                const Tile& tile, int image_width, float pad, float* blended) {
  const int end = tile.first_pixel + tile.span;
  const int inside_from = tile.first_pixel > 0 ? tile.first_pixel : 0;
  const int inside_to = end < image_width ? end : image_width;
  if (inside_to <= inside_from) {
    for (int i = 0; i < 3 * tile.span; ++i) blended[i] = pad;
    return;
  }
  const int from = 3 * (inside_from - tile.first_pixel);
  const int to = 3 * (inside_to - tile.first_pixel);
  for (int i = 0; i < from; ++i) blended[i] = pad;
  float* target = blended + from;
  const int length = to - from;
  if (upper != nullptr && lower != nullptr) {
    const std::uint8_t* a = upper + 3 * inside_from;
    const std::uint8_t* b = lower + 3 * inside_from;
    for (int i = 0; i < length; ++i) {
      const int step = b[i] - a[i];
      target[i] = static_cast<float>(a[i]) + static_cast<float>(step) * weight;
    }
  } else if (upper != nullptr || lower != nullptr) {
    const std::uint8_t* a = (upper != nullptr ? upper : lower) + 3 * inside_from;
    const float share = upper != nullptr ? 1.0F - weight : weight;
    const float base = pad * (1.0F - share);
    for (int i = 0; i < length; ++i) target[i] = base + static_cast<float>(a[i]) * share;
  } else {
    for (int i = 0; i < length; ++i) target[i] = pad;
  }
  for (int i = to; i < 3 * tile.span; ++i) blended[i] = pad;
}

const std::uint8_t* row_or_null(const ImageView& image, int y) {
  return y >= 0 && y < image.height ? image.row(y) : nullptr;
}

EDGEPOSE_MULTIVERSION
void crop_tile(const ImageView& image, const Affine& affine, const Planes& out, const Tile& tile) {
  float blended[3 * (kMaxSpan + 2) + 4] = {};  // a load of four floats reads one past a pixel
  float pixels[4 * kTileColumns];
  for (int y = 0; y < out.height; ++y) {
    const Tap tap = tap_of(affine.yy * y + affine.y0, image.height);
    blend_rows(row_or_null(image, tap.index), row_or_null(image, tap.index + 1), tap.weight, tile,
               image.width, out.pad_value, blended);
    for (int i = 0; i < tile.count; ++i) {
      const float* left = blended + tile.offset[i];
      store4(pixels + 4 * i, mix4(load4(left), load4(left + 3), tile.weight[i]));
    }
    const std::ptrdiff_t offset = static_cast<std::ptrdiff_t>(y) * out.width + tile.first_column;
    store_row(pixels, tile.count, out, offset);
  }
}

}  // namespace

void crop_axis_aligned(const ImageView& image, const Affine& affine, const Planes& out) {
  Tile tile;
  for (int column = 0; column < out.width; column += tile.count) {
    plan_tile(&tile, affine, image.width, column, out.width);
    crop_tile(image, affine, out, tile);
  }
}

}  // namespace edgepose::crop
