// SPDX-License-Identifier: Apache-2.0
// Boxes from the raw output of a YOLOX detector (Ge et al. 2021).
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

// Grids and class of a YOLOX output.
struct YoloxLayout {
  int input_width = 0;
  int input_height = 0;
  const int* strides = nullptr;  // one per grid, in the order of the rows
  int stride_count = 0;
  int class_count = 0;
  int class_index = 0;  // the class that is read
};

// Rows that the grids of a layout give together; 0 where a stride or side is not positive.
std::int64_t yolox_rows(const YoloxLayout& layout);

// Reads the boxes of one class whose objectness times class probability is above `threshold`.
//
// Shapes: predictions [P, 5 + C] as x, y, log width, log height, objectness, classes, raw (not yet
//         multiplied by the strides), rows grid by grid in row-major order; boxes [P, 4] as
//         x1, y1, x2, y2 in network input px, score [P].
// Units:  YOLOX counts from the picture's edge; half a pixel is taken off so that integers lie at
//         pixel centres.
// Needs:  P = yolox_rows(layout).
// Gives:  the number of boxes, in the order of the rows. Boxes that are not finite are dropped.
// Cost:   O(P); no allocation.
Result<std::int64_t> yolox_decode(const float* predictions, std::int64_t rows,
                                  const YoloxLayout& layout, float threshold, float* boxes,
                                  float* score);

}  // namespace edgepose
