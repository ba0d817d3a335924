// SPDX-License-Identifier: Apache-2.0
// What the crop paths share. Internal to image/.
#pragma once

#include "core/image/picture.h"
#include "core/image/store.h"

namespace edgepose::crop {

// x_img = xx * x + xy * y + x0, y_img = yx * x + yy * y + y0.
struct Affine {
  double xx, xy, x0, yx, yy, y0;
};

// Rows row_begin .. row_end - 1 of one crop.
struct Job {
  const Picture& picture;
  Affine affine;
  Output out;
  int row_begin;
  int row_end;
};

// Picture columns depend on output columns alone and rows on rows. `box_x`, `box_y`: pixels to
// average over along each axis of the picture, 0 for two taps.
void crop_axis_aligned(const Job& job, double box_x, double box_y);

// Picture columns depend on output rows alone and rows on columns: turned by 90 or 270 degrees.
void crop_transposed(const Job& job, double box_x, double box_y);

// Any matrix, two taps along each axis, kPacked3 only: reads the picture where it is sampled.
void crop_general(const Job& job);

// Any matrix and format: blocks of the picture, shrunk by whole factors, are sampled.
void crop_blocks(const Job& job, int shrink_x, int shrink_y);

}  // namespace edgepose::crop
