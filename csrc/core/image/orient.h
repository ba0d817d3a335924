// SPDX-License-Identifier: Apache-2.0
// Cameras store pictures as the sensor lies; people look at them upright.
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

// Matrices to the upright picture become matrices to the stored one, so that the crop reads the
// camera's memory as it is. The upright picture is the stored one turned clockwise by
// `quarter_turns` (any integer) times 90 degrees and then, with `mirror`, seen in a mirror: left
// and right change places, as phones show the front camera.
//
// Shapes: input_to_upright and input_to_image [count, 2, 3], may be the same memory.
// Units:  pixels, integers at centres. width and height are those of the stored picture.
// Gives:  kBadSize for a side outside 1..kMaxSide or a negative count.
Status orient_matrices(const double* input_to_upright, std::int64_t count, int width, int height,
                       int quarter_turns, bool mirror, double* input_to_image);

}  // namespace edgepose
