// SPDX-License-Identifier: Apache-2.0
#include "core/image/crop.h"

#include <cmath>

#include "core/image/crop_paths.h"

namespace edgepose {
namespace {

// Beyond this many pixels a double no longer holds a subpixel place well enough.
constexpr double kMaxCoordinate = 1e9;
// A rotation or shear that moves no pixel of the crop by more than this is none, in pixels.
constexpr double kNoShear = 1e-6;

bool side_ok(int side) { return side >= 1 && side <= kMaxSide; }

bool color_ok(const CropColor& color) {
  for (int channel = 0; channel < 3; ++channel) {
    if (!std::isfinite(color.mean[channel]) || !std::isfinite(color.std[channel])) return false;
    if (!std::isfinite(1.0F / color.std[channel])) return false;
  }
  return std::isfinite(color.pad_value);
}

crop::Affine affine_of(const double* matrix) {
  return {matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5]};
}

bool affine_ok(const crop::Affine& affine, int width, int height) {
  const double right = width - 1.0;
  const double bottom = height - 1.0;
  const double x_reach =
      std::abs(affine.xx) * right + std::abs(affine.xy) * bottom + std::abs(affine.x0);
  const double y_reach =
      std::abs(affine.yx) * right + std::abs(affine.yy) * bottom + std::abs(affine.y0);
  const double determinant = affine.xx * affine.yy - affine.xy * affine.yx;
  // Written so that a NaN fails.
  return x_reach <= kMaxCoordinate && y_reach <= kMaxCoordinate && std::abs(determinant) > 1e-12 &&
         std::isfinite(determinant);
}

bool is_axis_aligned(const crop::Affine& affine, int width, int height) {
  return std::abs(affine.xy) * height <= kNoShear && std::abs(affine.yx) * width <= kNoShear &&
         std::abs(affine.xx) <= crop::kMaxAxisAlignedStep;
}

crop::Planes planes_of(const CropColor& color, int width, int height, float* out) {
  crop::Planes planes{};
  const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(width) * height;
  for (int channel = 0; channel < 3; ++channel) {
    const int target = color.swap_rb ? 2 - channel : channel;
    planes.plane[channel] = out + target * area;
    planes.scale[channel] = 1.0F / color.std[target];
    planes.bias[channel] = -color.mean[target] / color.std[target];
  }
  planes.pad_value = color.pad_value;
  planes.width = width;
  planes.height = height;
  return planes;
}

}  // namespace

Status crop_normalize(const ImageView& image, const double* input_to_image, std::int64_t count,
                      int out_width, int out_height, const CropColor& color, float* out) {
  if (count < 0 || !side_ok(image.width) || !side_ok(image.height)) return Status::kBadSize;
  if (!side_ok(out_width) || !side_ok(out_height)) return Status::kBadSize;
  if (!color_ok(color)) return Status::kBadColor;
  if (count == 0) return Status::kOk;
  if (image.data == nullptr || input_to_image == nullptr || out == nullptr) {
    return Status::kNullPointer;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    if (!affine_ok(affine_of(input_to_image + 6 * i), out_width, out_height)) {
      return Status::kBadMatrix;
    }
  }
  const std::ptrdiff_t crop_size = std::ptrdiff_t{3} * out_width * out_height;
  for (std::int64_t i = 0; i < count; ++i) {
    const crop::Affine affine = affine_of(input_to_image + 6 * i);
    const crop::Planes planes = planes_of(color, out_width, out_height, out + i * crop_size);
    if (is_axis_aligned(affine, out_width, out_height)) {
      crop::crop_axis_aligned(image, affine, planes);
    } else {
      crop::crop_general(image, affine, planes);
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
