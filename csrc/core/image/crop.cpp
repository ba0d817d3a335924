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
// Blending whole rows costs too much beyond this step between columns, in pixels.
constexpr double kMaxRowStep = 10.0;
// More crops than any memory holds, and few enough to count their parts.
constexpr std::int64_t kMaxCrops = std::int64_t{1} << 40;

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

bool finite(const double* matrix) {
  for (int i = 0; i < 6; ++i) {
    if (!std::isfinite(matrix[i])) return false;
  }
  return true;
}

crop::Output output_of(const Picture& picture, const CropColor& color, const CropTarget& target,
                       std::int64_t index) {
  crop::Output out{};
  const std::ptrdiff_t values = std::ptrdiff_t{3} * target.width * target.height;
  out.data = static_cast<char*>(target.data) + index * values * value_bytes(target.type);
  out.width = target.width;
  out.height = target.height;
  out.type = target.type;
  out.layout = target.layout;
  const bool quantized = target.type == ValueType::kUint8 || target.type == ValueType::kInt8;
  const bool packed =
      picture.format == PixelFormat::kPacked3 || picture.format == PixelFormat::kPacked4;
  const float step = quantized ? target.scale : 1.0F;
  for (int channel = 0; channel < 3; ++channel) {
    const int source = color.swap_rb ? 2 - channel : channel;
    out.lane[channel] = picture.format == PixelFormat::kGrey ? 0
                        : packed                             ? picture.channel[source]
                                                             : source;
    out.scale[channel] = 1.0F / color.std[channel] / step;
    out.bias[channel] = -color.mean[channel] / color.std[channel] / step;
  }
  out.zero_point = quantized ? target.zero_point : 0;
  out.pad_value = color.pad_value;
  return out;
}

double box_of_step(double step, bool antialias) {
  const double size = std::abs(step);
  if (!antialias || !(size > kMaxBlendedStep)) return 0.0;
  return size < kMaxBox ? size : kMaxBox;
}

int shrink_of_step(double along, double across, bool antialias) {
  if (!antialias) return 1;
  const double factor = std::floor(std::hypot(along, across) / kMaxBlendedStep + 0.5);
  return factor < 1.0 ? 1 : factor > kMaxBox ? kMaxBox : static_cast<int>(factor);
}

void run(const crop::Job& job, bool antialias) {
  const crop::Affine& m = job.affine;
  const int width = job.out.width;
  const int height = job.out.height;
  const bool packed3 = job.picture.format == PixelFormat::kPacked3;
  const bool straight = std::abs(m.xy) * height <= kNoShear && std::abs(m.yx) * width <= kNoShear;
  const bool quarter = std::abs(m.xx) * width <= kNoShear && std::abs(m.yy) * height <= kNoShear;
  if (straight && (antialias || !packed3 || std::abs(m.xx) <= kMaxRowStep)) {
    return crop::crop_axis_aligned(job, box_of_step(m.xx, antialias), box_of_step(m.yy, antialias));
  }
  const double box_x = box_of_step(m.xy, antialias);
  const double box_y = box_of_step(m.yx, antialias);
  if (quarter && (!packed3 || box_x > 0.0 || box_y > 0.0)) {
    return crop::crop_transposed(job, box_x, box_y);
  }
  const int shrink_x = shrink_of_step(m.xx, m.xy, antialias);
  const int shrink_y = shrink_of_step(m.yx, m.yy, antialias);
  if (packed3 && shrink_x == 1 && shrink_y == 1) return crop::crop_general(job);
  crop::crop_blocks(job, shrink_x, shrink_y);
}

Status check(const Picture& picture, const double* matrices, std::int64_t count,
             const CropOptions& options, const CropTarget& target) {
  if (count < 0 || count > kMaxCrops) return Status::kBadSize;
  const Status target_status = check_target(target);
  if (target_status != Status::kOk) return target_status;
  const Status picture_status = check_picture(picture);
  const bool missing = picture_status == Status::kNullPointer;
  if (picture_status != Status::kOk && !missing) return picture_status;
  if (!color_ok(options.color)) return Status::kBadColor;
  if (count == 0) return Status::kOk;
  if (missing || matrices == nullptr || target.data == nullptr) return Status::kNullPointer;
  for (std::int64_t i = 0; i < count; ++i) {
    const double* matrix = matrices + 6 * i;
    if (!finite(matrix) || !affine_ok(affine_of(matrix), target.width, target.height)) {
      return Status::kBadMatrix;
    }
  }
  return Status::kOk;
}

std::int64_t parts_of(int out_height) { return (out_height + kCropPartRows - 1) / kCropPartRows; }

}  // namespace

std::int64_t crop_part_count(std::int64_t count, int out_height) {
  const bool good = count > 0 && count <= kMaxCrops && out_height > 0 && out_height <= kMaxSide;
  return good ? count * parts_of(out_height) : 0;
}

Status crop_parts(const Picture& picture, const double* input_to_image, std::int64_t count,
                  const CropOptions& options, const CropTarget& target, std::int64_t first_part,
                  std::int64_t last_part) {
  const Status status = check(picture, input_to_image, count, options, target);
  if (status != Status::kOk) return status;
  if (first_part < 0 || last_part > crop_part_count(count, target.height)) return Status::kBadSize;
  const std::int64_t parts = parts_of(target.height);
  for (std::int64_t part = first_part; part < last_part;) {
    const std::int64_t index = part / parts;
    const std::int64_t next_crop = (index + 1) * parts;
    const std::int64_t end = next_crop < last_part ? next_crop : last_part;
    const auto row_begin = static_cast<int>((part - index * parts) * kCropPartRows);
    const auto row_end = static_cast<int>((end - index * parts) * kCropPartRows);
    run({picture, affine_of(input_to_image + 6 * index),
         output_of(picture, options.color, target, index), row_begin,
         row_end < target.height ? row_end : target.height},
        options.antialias);
    part = end;
  }
  return Status::kOk;
}

Status crop_picture(const Picture& picture, const double* input_to_image, std::int64_t count,
                    const CropOptions& options, const CropTarget& target) {
  return crop_parts(picture, input_to_image, count, options, target, 0,
                    crop_part_count(count, target.height));
}

Status crop_normalize(const ImageView& image, const double* input_to_image, std::int64_t count,
                      int out_width, int out_height, const CropColor& color, float* out) {
  CropTarget target;
  target.data = out;
  target.width = out_width;
  target.height = out_height;
  return crop_picture(picture_of(image), input_to_image, count, {color, false}, target);
}

}  // namespace edgepose
