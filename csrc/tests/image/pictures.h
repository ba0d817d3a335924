// SPDX-License-Identifier: Apache-2.0
// Noise in every picture format, in memory that ends with the last pixel.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/image/picture.h"

namespace edgepose::test {

struct OwnedPicture {
  std::vector<std::uint8_t> bytes;
  Picture picture;
};

inline OwnedPicture packed_noise(const std::string& order, int width, int height) {
  OwnedPicture owned;
  const int bytes = order == "grey" ? 1 : static_cast<int>(order.size());
  owned.bytes.resize(static_cast<std::size_t>(width * height * bytes));
  Picture& picture = owned.picture;
  picture.format = bytes == 1   ? PixelFormat::kGrey
                   : bytes == 3 ? PixelFormat::kPacked3
                                : PixelFormat::kPacked4;
  picture.plane[0] = owned.bytes.data();
  picture.row_stride[0] = width * bytes;
  for (int i = 0; i < 3; ++i) {
    picture.channel[i] = bytes == 1 ? 0 : static_cast<int>(order.find("rgb"[i]));
  }
  return owned;
}

inline OwnedPicture yuv_noise(const std::string& layout, int width, int height) {
  OwnedPicture owned;
  const int wide = (width + 1) / 2;
  const int high = (height + 1) / 2;
  // Luma rows have a gap; "apart" has chroma samples three bytes from each other.
  const int y_stride = width + 5;
  const int pixel = layout == "i420" ? 1 : layout == "apart" ? 3 : 2;
  const int chroma_stride = pixel * wide + 3;
  const int luma = y_stride * (height - 1) + width;
  const int chroma = chroma_stride * (high - 1) + pixel * (wide - 1) + 1;
  const bool together = pixel == 2;
  owned.bytes.resize(static_cast<std::size_t>(luma + (together ? chroma + 1 : 2 * chroma)));
  const std::uint8_t* start = owned.bytes.data() + luma;
  const std::uint8_t* second = start + (together ? 1 : chroma);
  const bool v_first = layout == "nv21";
  const YuvColor colors[4] = {YuvColor::kBt601Full, YuvColor::kBt601Limited, YuvColor::kBt709Full,
                              YuvColor::kBt709Limited};
  const YuvColor color = colors[layout == "i420" ? 0 : layout == "nv12" ? 1 : v_first ? 2 : 3];
  owned.picture = yuv420_picture({owned.bytes.data(), v_first ? second : start,
                                  v_first ? start : second, y_stride, chroma_stride, pixel},
                                 width, height, color);
  return owned;
}

// "rgb" and the other orders of three and four bytes, "grey", "i420", "nv12", "nv21", "apart".
inline OwnedPicture noise(const std::string& format, int width, int height) {
  const bool yuv = format == "i420" || format == "nv12" || format == "nv21" || format == "apart";
  OwnedPicture owned = yuv ? yuv_noise(format, width, height) : packed_noise(format, width, height);
  if (!yuv) {
    owned.picture.width = width;
    owned.picture.height = height;
  }
  std::mt19937 generator(7);
  std::uniform_int_distribution<int> value(0, 255);
  for (std::uint8_t& byte : owned.bytes) byte = static_cast<std::uint8_t>(value(generator));
  return owned;
}

}  // namespace edgepose::test
