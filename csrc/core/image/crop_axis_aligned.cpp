// SPDX-License-Identifier: Apache-2.0
// The crop without rotation, and the one by a quarter turn.
#include <cstddef>
#include <cstring>

#include "core/image/crop_paths.h"
#include "core/image/row_sampler.h"

namespace edgepose::crop {
namespace {

// A quarter turn is sampled picture row by picture row and written in pieces of this many pixels.
constexpr int kPiece = 16;
constexpr int kLines = 64;

}  // namespace

void crop_axis_aligned(const Job& job, double box_x, double box_y) {
  const Affine& affine = job.affine;
  RowSampler sampler(job.picture, {affine.xx, affine.x0, box_x}, {affine.yy, affine.y0, box_y},
                     job.out.pad_value);
  float pixels[4 * kTileColumns];
  int count = 0;
  for (int column = 0; column < job.out.width; column += count) {
    count = sampler.plan(column, job.out.width);
    for (int row = job.row_begin; row < job.row_end; ++row) {
      sampler.sample(row, pixels);
      store_row(pixels, count, job.out, row, column);
    }
  }
}

void crop_transposed(const Job& job, double box_x, double box_y) {
  const Affine& affine = job.affine;
  RowSampler sampler(job.picture, {affine.xy, affine.x0, box_x}, {affine.yx, affine.y0, box_y},
                     job.out.pad_value);
  float lines[kPiece][4 * kLines];
  float piece[4 * kPiece];
  int count = 0;
  for (int row = job.row_begin; row < job.row_end; row += count) {
    count = sampler.plan(row, row + kLines < job.row_end ? row + kLines : job.row_end);
    for (int column = 0; column < job.out.width; column += kPiece) {
      const int left = job.out.width - column;
      const int columns = left < kPiece ? left : kPiece;
      for (int i = 0; i < columns; ++i) sampler.sample(column + i, lines[i]);
      for (int line = 0; line < count; ++line) {
        const std::ptrdiff_t lane = std::ptrdiff_t{4} * line;
        for (std::ptrdiff_t i = 0; i < columns; ++i) {
          std::memcpy(piece + 4 * i, lines[i] + lane, 4 * sizeof(float));
        }
        store_row(piece, columns, job.out, row + line, column);
      }
    }
  }
}

}  // namespace edgepose::crop
