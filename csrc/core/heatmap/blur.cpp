// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/blur.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr int kLane = 16;
constexpr int kPatchWidth = 80;  // kMaxBlurKernel + kWindow - 1 rounded up to kLane
constexpr int kChunk = 512;      // cells looked at at once

// Half of each fixed kernel, outermost weight first.
constexpr float kFixed[5][5] = {{1.0F},
                                {0.25F, 0.5F},
                                {0.0625F, 0.25F, 0.375F},
                                {0.03125F, 0.109375F, 0.21875F, 0.28125F},
                                {4 / 256.0F, 13 / 256.0F, 30 / 256.0F, 51 / 256.0F, 60 / 256.0F}};

// kLane floats that stay in registers while a kernel runs over them.
using Lanes = float __attribute__((vector_size(4 * kLane)));
// The same for one line of a window, and a little more.
using Window = float __attribute__((vector_size(32)));
static_assert(sizeof(Window) >= kWindow * sizeof(float), "a window's line must fit");

// sum += weight * from[0..lanes of sum)
template <typename Vector>
EDGEPOSE_INLINE void add(const float* from, float weight, Vector& sum) {
  Vector value;
  std::memcpy(&value, from, sizeof value);
  sum += weight * value;
}

EDGEPOSE_MULTIVERSION
void blur_along_x(const float* row, const BlurKernel& kernel, int padded, float* blurred) {
  for (int from = 0; from < padded; from += kLane) {
    Lanes sum{};
    for (int t = 0; t < kernel.size; ++t) add(row + from + t, kernel.weight[t], sum);
    std::memcpy(blurred + from, &sum, sizeof sum);
  }
}

// `first` is the slot of the topmost row under the kernel.
EDGEPOSE_MULTIVERSION
void blur_along_y(const float ring[kMaxBlurKernel][kStrip], int first, const BlurKernel& kernel,
                  int padded, float* blurred) {
  for (int from = 0; from < padded; from += kLane) {
    Lanes sum{};
    int slot = first;
    for (int t = 0; t < kernel.size; ++t) {
      add(ring[slot] + from, kernel.weight[t], sum);
      slot = slot + 1 == kernel.size ? 0 : slot + 1;
    }
    std::memcpy(blurred + from, &sum, sizeof sum);
  }
}

EDGEPOSE_MULTIVERSION
bool any_above(const float* values, int count, float limit) {
  int any = 0;
  for (int i = 0; i < count; ++i) any |= values[i] > limit ? 1 : 0;
  return any != 0;
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
  const double sigma = kernel.sigma();
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
void blur_window(const HeatmapView& map, const BlurKernel& kernel, int x, int y,
                 float values[kWindow][kWindow]) {
  const int reach = kernel.reach();
  const int side = kernel.size + kWindow - 1;
  const int padded = (side + kLane - 1) / kLane * kLane;
  float row[kPatchWidth];
  float columns[kWindow][kPatchWidth] = {};  // blurred along y
  for (int r = 0; r < side; ++r) {
    const int source = y - 2 - reach + r;
    if (source < 0 || source >= map.height) continue;
    read_cells(map, source, x - 2 - reach, padded, row);
    for (int line = 0; line < kWindow; ++line) {
      const int t = r - line;
      if (t < 0 || t >= kernel.size) continue;
      const float weight = kernel.weight[t];
      for (int i = 0; i < padded; ++i) columns[line][i] += weight * row[i];
    }
  }
  for (int line = 0; line < kWindow; ++line) {
    Window sum{};
    for (int t = 0; t < kernel.size; ++t) add(columns[line] + t, kernel.weight[t], sum);
    std::memcpy(values[line], &sum, sizeof values[line]);
  }
}

CellBox cells_above(const HeatmapView& map, float limit) {
  float buffer[kChunk];
  CellBox box{map.width, map.height, 0, 0};
  for (int y = 0; y < map.height; ++y) {
    for (int from = 0; from < map.width; from += kChunk) {
      const int count = std::min(kChunk, map.width - from);
      const float* const cells = view_cells(map, y, from, count, buffer);
      if (!any_above(cells, count, limit)) continue;
      int first = 0;
      while (!(cells[first] > limit)) ++first;
      int last = count - 1;
      while (!(cells[last] > limit)) --last;
      box.left = std::min(box.left, from + first);
      box.right = std::max(box.right, from + last + 1);
      box.top = std::min(box.top, y);
      box.bottom = y + 1;
    }
  }
  return box;
}

CellBox CellBox::grown(int cells, const CellBox& limit) const {
  return {std::max(left - cells, limit.left), std::max(top - cells, limit.top),
          std::min(right + cells, limit.right), std::min(bottom + cells, limit.bottom)};
}

BlurredStrip::BlurredStrip(const HeatmapView& map, const BlurKernel& kernel, int left, int columns,
                           int top)
    : map_(map),
      kernel_(kernel),
      left_(left),
      padded_((columns + kLane - 1) / kLane * kLane),
      next_(top - kernel.reach()) {
  for (int i = 0; i + 1 < kernel.size; ++i) add_row();
}

void BlurredStrip::add_row() {
  float row[kStrip + kMaxBlurKernel];
  float* const blurred = ring_[slot_];
  if (next_ < 0 || next_ >= map_.height) {
    std::fill(blurred, blurred + padded_, 0.0F);
  } else {
    read_cells(map_, next_, left_ - kernel_.reach(), padded_ + kernel_.size - 1, row);
    blur_along_x(row, kernel_, padded_, blurred);
  }
  ++next_;
  slot_ = slot_ + 1 == kernel_.size ? 0 : slot_ + 1;
}

const float* BlurredStrip::next_row() {
  add_row();
  blur_along_y(ring_, slot_, kernel_, padded_, sum_);
  return sum_;
}

float blurred_maximum(const HeatmapView& map, const BlurKernel& kernel, float known) {
  const CellBox whole{0, 0, map.width, map.height};
  const CellBox above = known > 0.0F ? cells_above(map, known) : whole;
  float best = known > 0.0F ? known : -std::numeric_limits<float>::infinity();
  if (above.right <= above.left) return best;
  const CellBox box = above.grown(kernel.reach(), whole);
  for (int left = box.left; left < box.right; left += kStrip) {
    const int columns = std::min(kStrip, box.right - left);
    BlurredStrip strip(map, kernel, left, columns, box.top);
    for (int y = box.top; y < box.bottom; ++y) {
      const float* const row = strip.next_row();
      for (int x = 0; x < columns; ++x) best = row[x] > best ? row[x] : best;
    }
  }
  return best;
}

}  // namespace edgepose
