// SPDX-License-Identifier: Apache-2.0
// The crop by any matrix from any format: for each block of the output, the picture under it is
// brought to cells of shrink_x * shrink_y averaged pixels, and the output samples those bilinearly.
#include <cstddef>

#include "core/float4.h"
#include "core/image/crop_paths.h"
#include "core/image/row_sampler.h"

namespace edgepose::crop {
namespace {

constexpr int kBlock = 32;       // side of a block of output pixels, fewer where it covers much
constexpr int kMaxCells = 2304;  // 36 KB

// Cells x .. x + width - 1 by y .. y + height - 1.
struct Window {
  int x, y, width, height;
};

struct Block {
  int column, row, columns, rows;
};

// First cell along one axis and how many the taps of a block need. A coordinate is linear, so its
// extremes are at the corners, and rounding keeps their order.
void reach(double by_column, double by_row, double start, const Block& block, int side, int* first,
           int* count) {
  int low = 0;
  int high = 0;
  for (int corner = 0; corner < 4; ++corner) {
    const int column = block.column + (corner % 2 == 0 ? 0 : block.columns - 1);
    const int row = block.row + (corner < 2 ? 0 : block.rows - 1);
    const int index = tap_of(by_column * column + (by_row * row + start), side).index;
    low = corner == 0 || index < low ? index : low;
    high = corner == 0 || index > high ? index : high;
  }
  *first = low;
  *count = high - low + 2;
}

EDGEPOSE_MULTIVERSION
void sample_block(const float* cells, const Window& window, const Affine& affine, int cells_wide,
                  int cells_high, const Block& block, const Output& out) {
  int x[kBlock];
  int y[kBlock];
  float x_weight[kBlock];
  float y_weight[kBlock];
  float pixels[4 * kBlock];
  const std::ptrdiff_t stride = 4 * static_cast<std::ptrdiff_t>(window.width);
  for (int row = block.row; row < block.row + block.rows; ++row) {
    fill_taps(affine.xx, affine.xy * row + affine.x0, block.column, block.columns, cells_wide, x,
              x_weight);
    fill_taps(affine.yx, affine.yy * row + affine.y0, block.column, block.columns, cells_high, y,
              y_weight);
    for (std::ptrdiff_t i = 0; i < block.columns; ++i) {
      const std::ptrdiff_t column = x[i] - window.x;
      const float* upper = cells + (y[i] - window.y) * stride + 4 * column;
      const float* lower = upper + stride;
      store4(pixels + 4 * i, mix4(mix4(load4(upper), load4(upper + 4), x_weight[i]),
                                  mix4(load4(lower), load4(lower + 4), x_weight[i]), y_weight[i]));
    }
    store_row(pixels, block.columns, out, row, block.column);
  }
}

// Places in cells: cell i spans pixels shrink * i .. shrink * (i + 1) - 1.
void to_cells(int shrink, double* by_column, double* by_row, double* start) {
  if (shrink == 1) return;  // nothing is rounded
  *by_column /= shrink;
  *by_row /= shrink;
  *start = (*start + 0.5) / shrink - 0.5;
}

Axis cell_axis(int shrink) {
  return {static_cast<double>(shrink), 0.5 * (shrink - 1),
          shrink > 1 ? static_cast<double>(shrink) : 0.0};
}

// What stays the same from block to block.
struct Blocks {
  const Output& out;
  Affine affine;  // output to cells
  int cells_wide;
  int cells_high;
  RowSampler sampler;
  float* cells;

  void crop(const Block& block);
};

// A block that covers too many cells is halved; a single pixel needs no more than two by two.
// NOLINTNEXTLINE(misc-no-recursion): as deep as a block of kBlock by kBlock can be halved
void Blocks::crop(const Block& block) {
  Window window{};
  reach(affine.xx, affine.xy, affine.x0, block, cells_wide, &window.x, &window.width);
  reach(affine.yx, affine.yy, affine.y0, block, cells_high, &window.y, &window.height);
  if (static_cast<std::ptrdiff_t>(window.width) * window.height > kMaxCells) {
    Block first = block;
    Block second = block;
    if (block.columns >= block.rows) {
      first.columns = block.columns / 2;
      second.column += first.columns;
      second.columns -= first.columns;
    } else {
      first.rows = block.rows / 2;
      second.row += first.rows;
      second.rows -= first.rows;
    }
    crop(first);
    crop(second);
    return;
  }
  int count = 0;
  for (int x = 0; x < window.width; x += count) {
    count = sampler.plan(window.x + x, window.x + window.width);
    for (int y = 0; y < window.height; ++y) {
      sampler.sample(window.y + y, cells + 4 * (static_cast<std::ptrdiff_t>(y) * window.width + x));
    }
  }
  sample_block(cells, window, affine, cells_wide, cells_high, block, out);
}

}  // namespace

void crop_blocks(const Job& job, int shrink_x, int shrink_y) {
  const Picture& picture = job.picture;
  Affine affine = job.affine;
  to_cells(shrink_x, &affine.xx, &affine.xy, &affine.x0);
  to_cells(shrink_y, &affine.yx, &affine.yy, &affine.y0);
  float cells[4 * kMaxCells];
  Blocks blocks{job.out,
                affine,
                (picture.width + shrink_x - 1) / shrink_x,
                (picture.height + shrink_y - 1) / shrink_y,
                RowSampler(picture, cell_axis(shrink_x), cell_axis(shrink_y), job.out.pad_value),
                cells};
  for (int row = job.row_begin; row < job.row_end; row += kBlock) {
    const int rows = job.row_end - row < kBlock ? job.row_end - row : kBlock;
    for (int column = 0; column < job.out.width; column += kBlock) {
      const int left = job.out.width - column;
      blocks.crop({column, row, left < kBlock ? left : kBlock, rows});
    }
  }
}

}  // namespace edgepose::crop
