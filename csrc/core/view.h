// SPDX-License-Identifier: Apache-2.0
// Views of memory that the caller owns. A view never frees and never writes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace edgepose {

// Largest width or height of a picture, crop or map: keeps every index product inside 64 bits.
constexpr int kMaxSide = 1 << 20;

// Colour picture, uint8 [H, W, 3], the three channels and the pixels of a row side by side.
struct ImageView {
  const std::uint8_t* data = nullptr;
  int width = 0;
  int height = 0;
  std::ptrdiff_t row_stride = 0;  // bytes from a row to the next, may be negative

  const std::uint8_t* row(int y) const { return data + y * row_stride; }
};

// One heatmap, float32 [H, W], the cells of a row side by side.
struct MapView {
  const float* data = nullptr;
  int width = 0;
  int height = 0;
  std::ptrdiff_t row_stride = 0;  // floats from a row to the next, may be negative

  const float* row(int y) const { return data + y * row_stride; }
  float at(int x, int y) const { return data[y * row_stride + x]; }
};

// Heatmaps of N people with K joints each, float32 [N, K, H, W].
struct MapBatch {
  const float* data = nullptr;
  std::int64_t people = 0;
  std::int64_t joints = 0;
  int width = 0;
  int height = 0;
  std::ptrdiff_t person_stride = 0;  // floats
  std::ptrdiff_t joint_stride = 0;   // floats
  std::ptrdiff_t row_stride = 0;     // floats

  MapView map(std::int64_t person, std::int64_t joint) const {
    return {data + person * person_stride + joint * joint_stride, width, height, row_stride};
  }
};

}  // namespace edgepose
