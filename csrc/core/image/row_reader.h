// SPDX-License-Identifier: Apache-2.0
// Every picture format as rows of bytes, `lanes` of them a pixel. The crop paths know no other way
// to a pixel, so a new format is one more case here. Internal to image/.
#pragma once

#include "core/image/picture.h"
#include "core/image/yuv_row.h"
#include "core/multiversion.h"

namespace edgepose::crop {

constexpr int kMaxValues = 6912;  // bytes of one row that a reader gives at a time

class RowReader {
 public:
  explicit RowReader(const Picture& picture) : picture_(picture) {
    if (picture.format == PixelFormat::kYuv420) factors_ = yuv_factors(picture.yuv);
  }

  int width() const { return picture_.width; }
  int height() const { return picture_.height; }

  // Floats or bytes from a pixel to the next.
  int lanes() const {
    return picture_.format == PixelFormat::kPacked4 ? 4
           : picture_.format == PixelFormat::kGrey  ? 1
                                                    : 3;
  }

  // Columns that rows are wanted of. Needs 0 <= from <= to <= width, lanes() * (to - from) of at
  // most kMaxValues.
  void set_window(int from, int to) {
    from_ = from;
    to_ = to;
    for (int& row : held_) row = -1;
  }

  // The window of row y. It stays valid while only its four neighbours to one side are asked for.
  EDGEPOSE_INLINE const std::uint8_t* row(int y) {
    if (picture_.format != PixelFormat::kYuv420) {
      return picture_.plane[0] + y * picture_.row_stride[0] +
             static_cast<std::ptrdiff_t>(from_) * lanes();
    }
    const int slot = y % kHeld;
    if (held_[slot] != y) {
      yuv_row(picture_, factors_, y, from_, to_, converted_[slot]);
      held_[slot] = y;
    }
    return converted_[slot];
  }

  // The same, or null outside the picture.
  EDGEPOSE_INLINE const std::uint8_t* row_or_null(int y) {
    return y >= 0 && y < picture_.height ? row(y) : nullptr;
  }

 private:
  const Picture& picture_;
  YuvFactors factors_{};
  int from_ = 0;
  int to_ = 0;
  static constexpr int kHeld = 5;
  int held_[kHeld] = {-1, -1, -1, -1, -1};
  std::uint8_t converted_[kHeld][kMaxValues];  // written before it is read
};

}  // namespace edgepose::crop
