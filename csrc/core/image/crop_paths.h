// SPDX-License-Identifier: Apache-2.0
// What the two crop paths share. Internal to image/.
#pragma once

#include <cstddef>

#include "core/float4.h"
#include "core/view.h"

namespace edgepose::crop {

constexpr int kTileColumns = 256;

// x_img = xx * x + xy * y + x0, y_img = yx * x + yy * y + y0.
struct Affine {
  double xx, xy, x0, yx, yy, y0;
};

// Output planes of one crop in the order of the picture's channels, with out = v * scale + bias.
struct Planes {
  float* plane[3];
  float scale[3];
  float bias[3];
  float pad_value;
  int width;
  int height;
};

// A coordinate as the lower of its two taps and the weight of the upper one.
struct Tap {
  int index;
  float weight;
};

// Taps far outside are pulled to just outside, where both are padding. Needs a finite coordinate.
EDGEPOSE_INLINE Tap tap_of(double coordinate, int side) {
  const double low = coordinate > -2.0 ? coordinate : -2.0;
  const double inside = low < side + 1.0 ? low : side + 1.0;
  const int index = static_cast<int>(inside + 2.0) - 2;  // floor without a call to floor
  return {index, static_cast<float>(inside - index)};
}

// Writes one row of interpolated pixels (four floats each, the last unused) into the planes.
EDGEPOSE_INLINE void store_row(const float* pixels, int count, const Planes& out,
                               std::ptrdiff_t offset) {
  for (int channel = 0; channel < 3; ++channel) {
    float* to = out.plane[channel] + offset;
    const float scale = out.scale[channel];
    const float bias = out.bias[channel];
    for (int i = 0; i < count; ++i) to[i] = pixels[4 * i + channel] * scale + bias;
  }
}

// Widest step between neighbouring output columns that the axis-aligned path takes, in pixels.
constexpr double kMaxAxisAlignedStep = 10.0;

void crop_axis_aligned(const ImageView& image, const Affine& affine, const Planes& out);
void crop_general(const ImageView& image, const Affine& affine, const Planes& out);

}  // namespace edgepose::crop
