// SPDX-License-Identifier: Apache-2.0
// The crop by any affine matrix: four taps per output pixel, the three channels side by side in one
// register. Pixels whose taps touch the border go through a careful twin.
#include <cstdint>

#include "core/float4.h"
#include "core/image/crop_paths.h"
#include "core/image/taps.h"

namespace edgepose::crop {
namespace {

constexpr int kRunColumns = 256;

EDGEPOSE_INLINE const std::uint8_t* row_of(const Picture& image, int y) {
  return image.plane[0] + y * image.row_stride[0];
}

EDGEPOSE_INLINE Float4 tap_or_pad(const Picture& image, int x, int y, float pad) {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) return Float4{pad, pad, pad, pad};
  const std::uint8_t* pixel = row_of(image, y) + 3 * static_cast<std::ptrdiff_t>(x);
  return Float4{static_cast<float>(pixel[0]), static_cast<float>(pixel[1]),
                static_cast<float>(pixel[2]), 0.0F};
}

EDGEPOSE_INLINE Float4 sample_border(const Picture& image, Tap x, Tap y, float pad) {
  const Float4 upper = mix4(tap_or_pad(image, x.index, y.index, pad),
                            tap_or_pad(image, x.index + 1, y.index, pad), x.weight);
  const Float4 lower = mix4(tap_or_pad(image, x.index, y.index + 1, pad),
                            tap_or_pad(image, x.index + 1, y.index + 1, pad), x.weight);
  return mix4(upper, lower, y.weight);
}

// Taps of a run of output pixels in one row.
struct Run {
  int x[kRunColumns];
  int y[kRunColumns];
  float x_weight[kRunColumns];
  float y_weight[kRunColumns];
};

// Needs 0 <= x <= width - 3 and 0 <= y <= height - 2: a tap reads one byte of the pixel to its
// right.
EDGEPOSE_INLINE Float4 sample_inside(const Picture& image, int x, int y, float x_weight,
                                     float y_weight) {
  const std::uint8_t* upper = row_of(image, y) + 3 * static_cast<std::ptrdiff_t>(x);
  const std::uint8_t* lower = upper + image.row_stride[0];
  const Float4 mixed = mix4(mix4(load_bytes3(upper), load_bytes3(upper + 3), x_weight),
                            mix4(load_bytes3(lower), load_bytes3(lower + 3), x_weight), y_weight);
  return mixed * kByteUnit;
}

EDGEPOSE_MULTIVERSION
void crop_columns(const Job& job, int first, int count) {
  const Picture& image = job.picture;
  const Affine& affine = job.affine;
  const Output& out = job.out;
  float pixels[4 * kRunColumns];
  Run run;
  // As unsigned, so that one comparison also refuses negative places.
  const unsigned last_x = image.width >= 3 ? image.width - 3 : 0;
  const unsigned last_y = image.height >= 2 ? image.height - 2 : 0;
  const bool has_inside = image.width >= 3 && image.height >= 2;
  for (int y = job.row_begin; y < job.row_end; ++y) {
    fill_taps(affine.xx, affine.xy * y + affine.x0, first, count, image.width, run.x, run.x_weight);
    fill_taps(affine.yx, affine.yy * y + affine.y0, first, count, image.height, run.y,
              run.y_weight);
    for (std::ptrdiff_t i = 0; i < count; ++i) {
      const bool inside = has_inside && static_cast<unsigned>(run.x[i]) <= last_x &&
                          static_cast<unsigned>(run.y[i]) <= last_y;
      const Float4 pixel =
          inside ? sample_inside(image, run.x[i], run.y[i], run.x_weight[i], run.y_weight[i])
                 : sample_border(image, {run.x[i], run.x_weight[i]}, {run.y[i], run.y_weight[i]},
                                 out.pad_value);
      store4(pixels + 4 * i, pixel);
    }
    store_row(pixels, count, out, y, first);
  }
}

}  // namespace

void crop_general(const Job& job) {
  for (int first = 0; first < job.out.width; first += kRunColumns) {
    const int left = job.out.width - first;
    crop_columns(job, first, left < kRunColumns ? left : kRunColumns);
  }
}

}  // namespace edgepose::crop
