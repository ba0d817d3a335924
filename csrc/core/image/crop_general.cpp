// SPDX-License-Identifier: Apache-2.0
// The crop by any affine matrix: four taps per output pixel, the three channels side by side in one
// register. Pixels whose taps touch the border go through a careful twin.
#include "core/image/crop_paths.h"

namespace edgepose::crop {
namespace {

EDGEPOSE_INLINE Float4 tap_or_pad(const ImageView& image, int x, int y, float pad) {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) return Float4{pad, pad, pad, pad};
  const std::uint8_t* pixel = image.row(y) + 3 * static_cast<std::ptrdiff_t>(x);
  return Float4{static_cast<float>(pixel[0]), static_cast<float>(pixel[1]),
                static_cast<float>(pixel[2]), 0.0F};
}

EDGEPOSE_INLINE Float4 sample_border(const ImageView& image, Tap x, Tap y, float pad) {
  const Float4 upper = mix4(tap_or_pad(image, x.index, y.index, pad),
                            tap_or_pad(image, x.index + 1, y.index, pad), x.weight);
  const Float4 lower = mix4(tap_or_pad(image, x.index, y.index + 1, pad),
                            tap_or_pad(image, x.index + 1, y.index + 1, pad), x.weight);
  return mix4(upper, lower, y.weight);
}

// Needs 0 <= x.index <= width - 3 and 0 <= y.index <= height - 2: a load of four bytes reads one
// byte of the pixel to the right.
EDGEPOSE_INLINE Float4 sample_inside(const ImageView& image, Tap x, Tap y) {
  const std::uint8_t* upper = image.row(y.index) + 3 * static_cast<std::ptrdiff_t>(x.index);
  const std::uint8_t* lower = upper + image.row_stride;
  return mix4(mix4(load_bytes4(upper), load_bytes4(upper + 3), x.weight),
              mix4(load_bytes4(lower), load_bytes4(lower + 3), x.weight), y.weight);
}

EDGEPOSE_MULTIVERSION
void crop_columns(const ImageView& image, const Affine& affine, const Planes& out, int first,
                  int count) {
  float pixels[4 * kTileColumns];
  for (int y = 0; y < out.height; ++y) {
    for (int i = 0; i < count; ++i) {
      const double x = first + i;
      const Tap tap_x = tap_of(affine.xx * x + (affine.xy * y + affine.x0), image.width);
      const Tap tap_y = tap_of(affine.yx * x + (affine.yy * y + affine.y0), image.height);
      const bool inside = tap_x.index >= 0 && tap_x.index <= image.width - 3 && tap_y.index >= 0 &&
                          tap_y.index <= image.height - 2;
      store4(pixels + 4 * i, inside ? sample_inside(image, tap_x, tap_y)
                                    : sample_border(image, tap_x, tap_y, out.pad_value));
    }
    store_row(pixels, count, out, static_cast<std::ptrdiff_t>(y) * out.width + first);
  }
}

}  // namespace

void crop_general(const ImageView& image, const Affine& affine, const Planes& out) {
  for (int first = 0; first < out.width; first += kTileColumns) {
    const int left = out.width - first;
    crop_columns(image, affine, out, first, left < kTileColumns ? left : kTileColumns);
  }
}

}  // namespace edgepose::crop
