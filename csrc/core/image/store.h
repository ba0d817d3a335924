// SPDX-License-Identifier: Apache-2.0
// The last step of every crop path: floats to the caller's memory. Internal to image/.
#pragma once

#include <cstddef>

#include "core/image/target.h"

namespace edgepose::crop {

// One crop, its channels in the order of the output: out = pixel[lane] * scale + bias.
struct Output {
  void* data;
  int width;
  int height;
  ValueType type;
  TensorLayout layout;
  int lane[3];
  float scale[3];
  float bias[3];
  int zero_point;
  float pad_value;
};

// Writes pixels (four floats each) to columns column .. column + count - 1 of a row.
void store_row(const float* pixels, int count, const Output& out, int row, int column);

// The same for pixels whose lanes lie apart: lane l of pixel i at planes[l * plane + i].
void store_planes(const float* planes, std::ptrdiff_t plane, int count, const Output& out, int row,
                  int column);

}  // namespace edgepose::crop
