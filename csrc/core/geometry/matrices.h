// SPDX-License-Identifier: Apache-2.0
// Affine maps from a network's input to the picture: what the crop kernels read.
#pragma once

#include <cstdint>

#include "core/geometry/warp.h"
#include "core/status.h"

namespace edgepose {

struct BoxCrop {
  double padding = 1.25;  // factor on width and height
  Warp warp = Warp::kHalfPixel;
  double rotation_deg = 0.0;  // turns the crop's upward direction to the picture's right
};

// The crops around boxes: a box is grown about its centre by `padding`, then along one axis to the
// aspect of the input.
//
// Shapes: boxes [N, 4] as x1, y1, x2, y2, out [N, 2, 3] row-major, mapping (x, y, 1).
// Units:  px, integers at pixel centres.
// Gives:  kBadBox for a box without width or height or not finite, kBadOption for a padding that
//         is not positive and finite or a rotation that is not finite; kBadSize also for an input
//         of less than 2x2 with Warp::kUdp. Without rotation the off-diagonal terms are 0.
// Cost:   O(N); no allocation.
Status crop_matrices(const double* boxes, std::int64_t count, int input_width, int input_height,
                     const BoxCrop& crop, double* out);

// The whole picture with its aspect kept: x_image = (x_input + 0.5 - pad_x) / scale - 0.5, y alike,
// in the middle of the input (`centered`) or in its top left corner.
// Shapes: out [2, 3].
Status letterbox_matrix(int image_width, int image_height, int input_width, int input_height,
                        bool centered, double* out);

// The whole picture stretched to fill the input: x_image = (x_input + 0.5) * step - 0.5.
// Shapes: out [2, 3].
Status stretch_matrix(int image_width, int image_height, int input_width, int input_height,
                      double* out);

// Points [N, 2] through one matrix; `out` may be `xy`. NaN and infinite points stay so.
Status map_points(const double* matrix, const double* xy, std::int64_t count, double* out);

}  // namespace edgepose
