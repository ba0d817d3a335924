// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/blur.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr int kLane = 16;
constexpr int kPatchWidth = 80;  // kMaxBlurKernel + kWindow - 1 rounded up to kLane
constexpr int kTile = 64;

// Half of each fixed kernel, outermost weight first.
constexpr float kFixed[5][5] = {{1.0F},
                                {0.25F, 0.5F},
                                {0.0625F, 0.25F, 0.375F},
                                {0.03125F, 0.109375F, 0.21875F, 0.28125F},
                                {4 / 256.0F, 13 / 256.0F, 30 / 256.0F, 51 / 256.0F, 60 / 256.0F}};

struct Box {
  int left, top, right, bottom;  // right and bottom excluded
};

// Box around the cells above `floor_value`; empty (right <= left) where there is none.
EDGEPOSE_MULTIVERSION
Box box_above(const MapView& map, float floor_value) {
  Box box{map.width, map.height, 0, 0};
  for (int y = 0; y < map.height; ++y) {
    const float* row = map.row(y);
    int any = 0;
    for (int x = 0; x < map.width; ++x) any |= row[x] > floor_value ? 1 : 0;
    if (any == 0) continue;
    int first = 0;
    while (!(row[first] > floor_value)) ++first;
    int last = map.width - 1;
    while (!(row[last] > floor_value)) --last;
    box.left = std::min(box.left, first);
    box.right = std::max(box.right, last + 1);
    box.top = std::min(box.top, y);
    box.bottom = y + 1;
  }
  return box;
}

// Copies cells [from, from + count) of row y, zeros outside the map.
EDGEPOSE_INLINE void copy_row(const MapView& map, int y, int from, int count, float* to) {
  const int inside_from = std::max(from, 0);
  const int inside_to = std::min(from + count, map.width);
  if (y < 0 || y >= map.height || inside_to <= inside_from) {
    std::fill(to, to + count, 0.0F);
    return;
  }
  std::fill(to, to + (inside_from - from), 0.0F);
  std::copy(map.row(y) + inside_from, map.row(y) + inside_to, to + (inside_from - from));
  std::fill(to + (inside_to - from), to + count, 0.0F);
}

// Largest blurred value over at most kTile columns from `left`, rows [top, bottom).
EDGEPOSE_MULTIVERSION
float tile_maximum(const MapView& map, const BlurKernel& kernel, int left, int columns, int top,
                   int bottom, float best) {
  const int reach = kernel.reach();
  float row[kTile + kMaxBlurKernel];
  float ring[kMaxBlurKernel][kTile];  // rows blurred along x, row y in slot y mod size
  for (int y = top - reach; y < bottom + reach; ++y) {
    float* blurred = ring[(y - top + reach) % kernel.size];
    std::fill(blurred, blurred + kTile, 0.0F);
    if (y >= 0 && y < map.height) {
      copy_row(map, y, left - reach, kTile + 2 * reach, row);
      for (int t = 0; t < kernel.size; ++t) {
        for (int x = 0; x < kTile; ++x) blurred[x] += kernel.weight[t] * row[x + t];
      }
    }
    if (y < top + reach) continue;
    float sum[kTile] = {};
    for (int t = 0; t < kernel.size; ++t) {
      const float* from = ring[(y - top - reach + t) % kernel.size];
      for (int x = 0; x < kTile; ++x) sum[x] += kernel.weight[t] * from[x];
    }
    for (int x = 0; x < columns; ++x) best = sum[x] > best ? sum[x] : best;
  }
  return best;
}

}  // namespace

BlurKernel blur_kernel_of(int size) {
  BlurKernel kernel;
  kernel.size = size;
  const int reach = kernel.reach();
  if (size <= 9) {
    for (int i = 0; i < size; ++i) kernel.weight[i] = kFixed[reach][reach - std::abs(i - reach)];
    return kernel;
  }
  const double sigma = 0.3 * (reach - 1.0) + 0.8;
  double raw[kMaxBlurKernel];
  double total = 0.0;
  for (int i = 0; i < size; ++i) {
    const double distance = i - reach;
    raw[i] = std::exp(-0.5 * distance * distance / (sigma * sigma));
    total += raw[i];
  }
  for (int i = 0; i < size; ++i) kernel.weight[i] = static_cast<float>(raw[i] / total);
  return kernel;
}

EDGEPOSE_MULTIVERSION
void blur_window(const MapView& map, const BlurKernel& kernel, int x, int y,
                 float values[kWindow][kWindow]) {
  const int reach = kernel.reach();
  const int side = kernel.size + kWindow - 1;
  const int padded = (side + kLane - 1) / kLane * kLane;
  float row[kPatchWidth];
  float columns[kWindow][kPatchWidth] = {};  // blurred along y
  for (int r = 0; r < side; ++r) {
    const int source = y - 2 - reach + r;
    if (source < 0 || source >= map.height) continue;
    copy_row(map, source, x - 2 - reach, padded, row);
    for (int line = 0; line < kWindow; ++line) {
      const int t = r - line;
      if (t < 0 || t >= kernel.size) continue;
      const float weight = kernel.weight[t];
      for (int i = 0; i < padded; ++i) columns[line][i] += weight * row[i];
    }
  }
  for (int line = 0; line < kWindow; ++line) {
    float sum[8] = {};
    for (int t = 0; t < kernel.size; ++t) {
      const float* from = columns[line] + t;
      for (int i = 0; i < 8; ++i) sum[i] += kernel.weight[t] * from[i];
    }
    for (int i = 0; i < kWindow; ++i) values[line][i] = sum[i];
  }
}

float blurred_maximum(const MapView& map, const BlurKernel& kernel, float known) {
  const Box above = known > 0.0F ? box_above(map, known) : Box{0, 0, map.width, map.height};
  float best = known > 0.0F ? known : -std::numeric_limits<float>::infinity();
  if (above.right <= above.left) return best;
  const int left = std::max(above.left - kernel.reach(), 0);
  const int right = std::min(above.right + kernel.reach(), map.width);
  const int top = std::max(above.top - kernel.reach(), 0);
  const int bottom = std::min(above.bottom + kernel.reach(), map.height);
  for (int x = left; x < right; x += kTile) {
    best = tile_maximum(map, kernel, x, std::min(kTile, right - x), top, bottom, best);
  }
  return best;
}

}  // namespace edgepose
