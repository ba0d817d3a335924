// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/blurred_top.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgepose {
namespace {

constexpr float kMargin = 1.0F - 1e-5F;

bool comes_before(const Cell& a, const Cell& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.y != b.y) return a.y < b.y;
  return a.x < b.x;
}

// The highest cells so far, in the order of the output.
class Top {
 public:
  Top(Cell* cells, int capacity) : cells_(cells), capacity_(capacity) {}

  void add(const Cell& cell) {
    if (std::isnan(cell.score)) return;
    if (count_ == capacity_ && !comes_before(cell, cells_[count_ - 1])) return;
    int at = count_ < capacity_ ? count_++ : count_ - 1;
    for (; at > 0 && comes_before(cell, cells_[at - 1]); --at) cells_[at] = cells_[at - 1];
    cells_[at] = cell;
  }

  // A value below this one is not among them.
  float lowest() const {
    return count_ == capacity_ ? cells_[count_ - 1].score : -std::numeric_limits<float>::infinity();
  }

  int count() const { return count_; }

 private:
  Cell* cells_;
  int capacity_;
  int count_ = 0;
};

// A value that at least `count` blurred cells of the domain reach, or -infinity.
float reached(const HeatmapView& map, const BlurKernel& kernel, const Cell& cell,
              const CellBox& domain, int count) {
  Cell best[kMaxTop];
  Top top(best, count);
  float window[kWindow][kWindow];
  blur_window(map, kernel, cell.x, cell.y, window);
  for (int row = 0; row < kWindow; ++row) {
    for (int column = 0; column < kWindow; ++column) {
      const int x = cell.x + column - kWindow / 2;
      const int y = cell.y + row - kWindow / 2;
      const bool inside =
          x >= domain.left && x < domain.right && y >= domain.top && y < domain.bottom;
      if (inside) top.add({x, y, window[row][column]});
    }
  }
  return top.lowest();
}

}  // namespace

int blurred_top(const HeatmapView& map, const BlurKernel& kernel, const Cell& cell, int border,
                int count, Cell* top_cells) {
  const CellBox whole{0, 0, map.width, map.height};
  const CellBox domain{-border, -border, map.width + border, map.height + border};
  const float bound = reached(map, kernel, cell, domain, count);
  CellBox raw = whole;
  if (bound > 0.0F && std::isfinite(bound)) raw = cells_above(map, bound * kMargin);
  if (raw.right <= raw.left) raw = whole;  // values so small that they are rounded to nothing
  const CellBox box = raw.grown(kernel.reach(), domain);
  Top top(top_cells, count);
  for (int left = box.left; left < box.right; left += kStrip) {
    const int columns = std::min(kStrip, box.right - left);
    BlurredStrip strip(map, kernel, left, columns, box.top);
    for (int y = box.top; y < box.bottom; ++y) {
      const float* const row = strip.next_row();
      float lowest = top.lowest();
      for (int x = 0; x < columns; ++x) {
        if (row[x] < lowest) continue;
        top.add({left + x, y, row[x]});
        lowest = top.lowest();
      }
    }
  }
  return top.count();
}

}  // namespace edgepose
