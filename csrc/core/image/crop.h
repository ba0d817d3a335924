// SPDX-License-Identifier: Apache-2.0
// Affine crop, bilinear resize, colour order, normalisation and layout in one pass.
#pragma once

#include <cstdint>

#include "core/status.h"
#include "core/view.h"

namespace edgepose {

// How picture values become network values: out = (pixel - mean) / std.
struct CropColor {
  float mean[3] = {0, 0, 0};  // grey levels, in the order of the output channels
  float std[3] = {1, 1, 1};   // grey levels, in the order of the output channels
  bool swap_rb = false;       // output channel c is picture channel 2 - c
  float pad_value = 0;        // grey level outside the picture, before normalisation
};

// Cuts `count` crops out of one picture.
//
// Shapes: input_to_image [count, 2, 3] row-major, out [count, 3, out_height, out_width].
// Units:  both frames have integers at pixel centres; a matrix maps (x, y, 1) of the crop to the
//         picture. A tap outside the picture has the value pad_value, so the outermost half pixel
//         fades into it.
// Needs:  a picture of at least 1x1; finite, regular matrices.
// Gives:  kBadMatrix without touching `out` if any matrix is singular or not finite. A crop wholly
//         outside the picture is pad_value everywhere.
// Cost:   O(count * out_height * out_width), no allocation, 40 KB of stack. A matrix without
//         rotation or shear takes a path that blends whole rows first.
Status crop_normalize(const ImageView& image, const double* input_to_image, std::int64_t count,
                      int out_width, int out_height, const CropColor& color, float* out);

}  // namespace edgepose
