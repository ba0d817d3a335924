// SPDX-License-Identifier: Apache-2.0
// A picture as cameras and files lay it out in memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/status.h"
#include "core/view.h"

namespace edgepose {

enum class PixelFormat {
  kPacked3,  // three bytes side by side: RGB, BGR
  kPacked4,  // four bytes side by side, one of them not looked at: RGBA, BGRA, ARGB, ABGR
  kGrey,     // one byte, seen as three equal channels
  kYuv420,   // a plane of luma, two of chroma with a sample for 2x2 pixels: I420, NV12, NV21
};

// How YUV becomes RGB: ITU-R BT.601 or BT.709; luma and chroma of 0..255 ("full", JPEG, most
// Android cameras) or of 16..235 and 16..240 ("limited", video).
enum class YuvColor { kBt601Full, kBt601Limited, kBt709Full, kBt709Limited };

// A view: the caller owns the memory. Strides are in bytes and may be negative.
//
// A sample of chroma holds for its whole 2x2 block, and every pixel is converted and rounded to
// bytes before anything is mixed, so that a crop is the crop of the converted picture.
struct Picture {
  PixelFormat format = PixelFormat::kPacked3;
  int width = 0;
  int height = 0;
  const std::uint8_t* plane[3] = {nullptr, nullptr, nullptr};  // packed and grey use the first
  std::ptrdiff_t row_stride[3] = {0, 0, 0};
  std::ptrdiff_t pixel_stride[3] = {0, 0, 0};  // looked at for kYuv420 only
  int channel[3] = {0, 1, 2};                  // packed: which byte of a pixel is red, green, blue
  YuvColor yuv = YuvColor::kBt601Full;

  int chroma_width() const { return (width + 1) / 2; }
  int chroma_height() const { return (height + 1) / 2; }
};

// Channels in the order of memory, whatever their colours are.
Picture picture_of(const ImageView& image);

// Y, U and V planes, as Android's YUV_420_888 describes them. NV12 is u = uv, v = uv + 1 with a
// chroma pixel stride of 2; NV21 has u = vu + 1, v = vu; I420 has a chroma pixel stride of 1.
struct YuvPlanes {
  const std::uint8_t* y = nullptr;
  const std::uint8_t* u = nullptr;
  const std::uint8_t* v = nullptr;
  std::ptrdiff_t y_row_stride = 0;
  std::ptrdiff_t chroma_row_stride = 0;
  std::ptrdiff_t chroma_pixel_stride = 1;
};
Picture yuv420_picture(const YuvPlanes& planes, int width, int height, YuvColor color);

// kBadSize: a side outside 1..kMaxSide. kBadPicture: an unknown format or colour, a channel that is
// no byte of the pixel, or a stride with which rows or pixels of a plane would overlap.
// kNullPointer: a plane is missing.
Status check_picture(const Picture& picture);

}  // namespace edgepose
