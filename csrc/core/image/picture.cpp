// SPDX-License-Identifier: Apache-2.0
#include "core/image/picture.h"

namespace edgepose {
namespace {

// Keeps every offset inside 64 bits.
constexpr std::ptrdiff_t kMaxStride = std::ptrdiff_t{1} << 40;

std::ptrdiff_t magnitude(std::ptrdiff_t stride) { return stride < 0 ? -stride : stride; }

bool side_ok(int side) { return side >= 1 && side <= kMaxSide; }

// A plane of one row needs no row stride, one of one column no pixel stride.
bool strides_ok(std::ptrdiff_t row_stride, std::ptrdiff_t pixel_stride, std::ptrdiff_t pixel_bytes,
                int width, int height) {
  if (row_stride < -kMaxStride || row_stride > kMaxStride) return false;
  if (pixel_stride < -kMaxStride || pixel_stride > kMaxStride) return false;
  if (width > 1 && magnitude(pixel_stride) < pixel_bytes) return false;
  const std::ptrdiff_t row_bytes = magnitude(pixel_stride) * (width - 1) + pixel_bytes;
  return height == 1 || magnitude(row_stride) >= row_bytes;
}

Status check_packed(const Picture& picture, int bytes) {
  for (const int channel : picture.channel) {
    if (channel < 0 || channel >= bytes) return Status::kBadPicture;
  }
  if (!strides_ok(picture.row_stride[0], bytes, bytes, picture.width, picture.height)) {
    return Status::kBadPicture;
  }
  return picture.plane[0] == nullptr ? Status::kNullPointer : Status::kOk;
}

Status check_yuv(const Picture& picture) {
  if (picture.yuv < YuvColor::kBt601Full || picture.yuv > YuvColor::kBt709Limited) {
    return Status::kBadPicture;
  }
  for (int i = 0; i < 3; ++i) {
    const int width = i == 0 ? picture.width : picture.chroma_width();
    const int height = i == 0 ? picture.height : picture.chroma_height();
    if (!strides_ok(picture.row_stride[i], picture.pixel_stride[i], 1, width, height)) {
      return Status::kBadPicture;
    }
  }
  const bool whole =
      picture.plane[0] != nullptr && picture.plane[1] != nullptr && picture.plane[2] != nullptr;
  return whole ? Status::kOk : Status::kNullPointer;
}

}  // namespace

Picture picture_of(const ImageView& image) {
  Picture picture;
  picture.width = image.width;
  picture.height = image.height;
  picture.plane[0] = image.data;
  picture.row_stride[0] = image.row_stride;
  return picture;
}

Picture yuv420_picture(const YuvPlanes& planes, int width, int height, YuvColor color) {
  Picture picture;
  picture.format = PixelFormat::kYuv420;
  picture.width = width;
  picture.height = height;
  picture.yuv = color;
  const std::uint8_t* starts[3] = {planes.y, planes.u, planes.v};
  for (int i = 0; i < 3; ++i) {
    picture.plane[i] = starts[i];
    picture.row_stride[i] = i == 0 ? planes.y_row_stride : planes.chroma_row_stride;
    picture.pixel_stride[i] = i == 0 ? 1 : planes.chroma_pixel_stride;
  }
  return picture;
}

Status check_picture(const Picture& picture) {
  if (!side_ok(picture.width) || !side_ok(picture.height)) return Status::kBadSize;
  switch (picture.format) {
    case PixelFormat::kPacked3:
      return check_packed(picture, 3);
    case PixelFormat::kPacked4:
      return check_packed(picture, 4);
    case PixelFormat::kGrey:
      return check_packed(picture, 1);
    case PixelFormat::kYuv420:
      return check_yuv(picture);
  }
  return Status::kBadPicture;
}

}  // namespace edgepose
