// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/bilinear.h"

#include <algorithm>

#include "core/multiversion.h"

namespace edgepose {
namespace {

struct Tap {
  int low;
  int high;
  float weight;  // of the higher cell
};

// Where cell `index` of the output reads an axis of `size` cells, `step` apart.
EDGEPOSE_INLINE Tap tap_of(int index, float step, int size) {
  float place = step * (static_cast<float>(index) + 0.5F) - 0.5F;
  place = place > 0.0F ? place : 0.0F;
  int low = static_cast<int>(place);
  low = low < size - 1 ? low : size - 1;
  return {low, low + 1 < size ? low + 1 : low, place - static_cast<float>(low)};
}

EDGEPOSE_MULTIVERSION
void resize_row(const float* above, const float* below, float down, int size, float step, int width,
                float* out) {
  for (int x = 0; x < width; ++x) {
    const Tap tap = tap_of(x, step, size);
    const float left = 1.0F - tap.weight;
    const float top = left * above[tap.low] + tap.weight * above[tap.high];
    const float bottom = left * below[tap.low] + tap.weight * below[tap.high];
    out[x] = (1.0F - down) * top + down * bottom;
  }
}

bool good_side(int side) { return side >= 1 && side <= kMaxSide; }

}  // namespace

Status resize_bilinear(const MapView& map, int width, int height, float* out) {
  if (!good_side(map.width) || !good_side(map.height)) return Status::kBadSize;
  if (!good_side(width) || !good_side(height)) return Status::kBadSize;
  if (map.data == nullptr || out == nullptr) return Status::kNullPointer;
  if (map.width == width && map.height == height) {
    for (int y = 0; y < height; ++y, out += width) std::copy_n(map.row(y), width, out);
    return Status::kOk;
  }
  const float step_x = static_cast<float>(map.width) / static_cast<float>(width);
  const float step_y = static_cast<float>(map.height) / static_cast<float>(height);
  for (int y = 0; y < height; ++y, out += width) {
    const Tap tap = tap_of(y, step_y, map.height);
    resize_row(map.row(tap.low), map.row(tap.high), tap.weight, map.width, step_x, width, out);
  }
  return Status::kOk;
}

}  // namespace edgepose
