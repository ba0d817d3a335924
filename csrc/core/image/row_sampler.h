// SPDX-License-Identifier: Apache-2.0
// Rows of an axis-aligned crop, blended or averaged. Internal to image/.
#pragma once

#include "core/image/row_reader.h"
#include "core/image/taps.h"

namespace edgepose::crop {

constexpr int kTileColumns = 256;

// Samples output rows a tile of columns at a time. Lives on the stack: some 90 KB.
//
// Cost: a blended row reads two picture rows under the tile, an averaged one `box` and two more.
class RowSampler {
 public:
  RowSampler(const Picture& picture, const Axis& across, const Axis& down, float pad)
      : reader_(picture), across_(across), down_(down), pad_(pad) {}

  // Makes a tile of the output columns from `first` on, at least one and below `end`; gives how
  // many. Columns may be negative.
  int plan(int first, int end);

  // The tile's pixels of one output row, four floats each, lanes in the picture's order.
  void sample(int row, float* pixels);

 private:
  friend void sample_row(RowSampler* sampler, int row, float* pixels);

  void plan_taps(int first, int end);
  void plan_boxes(int first, int end);

  RowReader reader_;
  const Axis across_;
  const Axis down_;
  const float pad_;

  static constexpr int kSlack = 8;  // a load of four floats reads past the last pixel
  int count_ = 0;
  bool on_pixels_ = false;  // no column lies between two pixels
  int whole_ = 0;           // averaged: pixels of every box if they are whole and as many, else 0
  int first_pixel_ = 0;     // picture column of the blended row's first pixel
  int span_ = 0;            // pixels of the blended row
  int inside_from_ = 0;     // values of the blended row that lie inside the picture
  int inside_to_ = 0;
  int offset_[kTileColumns];       // of the first tap's value in the blended row
  float weight_[kTileColumns];     // blended: of the second tap
  BoxTap box_[kTileColumns];       // averaged
  std::uint16_t sum_[kMaxValues];  // of whole rows
  float blended_[kMaxValues + kSlack];
};

}  // namespace edgepose::crop
