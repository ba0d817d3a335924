// SPDX-License-Identifier: Apache-2.0
#include "core/geometry/matrices.h"

#include <algorithm>
#include <cmath>

#include "core/view.h"

namespace edgepose {
namespace {

constexpr double kRadians = 3.141592653589793 / 180.0;

bool side_ok(int side) { return side >= 1 && side <= kMaxSide; }

bool box_ok(const double* box) {
  for (int i = 0; i < 4; ++i) {
    if (!std::isfinite(box[i])) return false;
  }
  return box[2] > box[0] && box[3] > box[1];
}

// Input px that meets the centre of the box, and the px that its size spans, along one axis.
struct Span {
  double origin;
  double size;
};

Span span_of(int side, Warp warp) {
  switch (warp) {
    case Warp::kUdp:
      return {0.5 * (side - 1), side - 1.0};
    case Warp::kLegacy:
      return {0.5 * side, 1.0 * side};
    case Warp::kHalfPixel:
      break;
  }
  return {0.5 * side - 0.5, 1.0 * side};
}

void diagonal(double step_x, double step_y, double shift_x, double shift_y, double* out) {
  const double matrix[6] = {step_x, 0.0, shift_x, 0.0, step_y, shift_y};
  std::copy_n(matrix, 6, out);
}

Status check_sides(int image_width, int image_height, int input_width, int input_height,
                   const double* out) {
  const bool good = side_ok(image_width) && side_ok(image_height) && side_ok(input_width) &&
                    side_ok(input_height);
  if (!good) return Status::kBadSize;
  return out == nullptr ? Status::kNullPointer : Status::kOk;
}

}  // namespace

Status crop_matrices(const double* boxes, std::int64_t count, int input_width, int input_height,
                     const BoxCrop& crop, double* out) {
  if (count < 0 || !side_ok(input_width) || !side_ok(input_height)) return Status::kBadSize;
  if (crop.warp == Warp::kUdp && (input_width < 2 || input_height < 2)) return Status::kBadSize;
  if (!(crop.padding > 0.0) || !std::isfinite(crop.padding) || !std::isfinite(crop.rotation_deg)) {
    return Status::kBadOption;
  }
  if (count == 0) return Status::kOk;
  if (boxes == nullptr || out == nullptr) return Status::kNullPointer;
  for (std::int64_t i = 0; i < count; ++i) {
    if (!box_ok(boxes + 4 * i)) return Status::kBadBox;
  }
  const Span across = span_of(input_width, crop.warp);
  const Span down = span_of(input_height, crop.warp);
  const double aspect = static_cast<double>(input_width) / input_height;
  const double angle = crop.rotation_deg * kRadians;
  // A crop that is not turned keeps exact zeros: the kernel has a faster path for it.
  const double sine = angle == 0.0 ? 0.0 : std::sin(angle);
  const double cosine = angle == 0.0 ? 1.0 : std::cos(angle);
  for (std::int64_t i = 0; i < count; ++i) {
    const double* box = boxes + 4 * i;
    const double width = crop.padding * (box[2] - box[0]);
    const double height = crop.padding * (box[3] - box[1]);
    const double step_x = std::max(width, height * aspect) / across.size;
    const double step_y = std::max(height, width * (1.0 / aspect)) / down.size;
    double* m = out + 6 * i;
    m[0] = cosine * step_x;
    m[1] = -sine * step_y + 0.0;  // -0.0 becomes 0.0
    m[3] = sine * step_x;
    m[4] = cosine * step_y;
    m[2] = 0.5 * (box[0] + box[2]) - (m[0] * across.origin + m[1] * down.origin);
    m[5] = 0.5 * (box[1] + box[3]) - (m[3] * across.origin + m[4] * down.origin);
  }
  return Status::kOk;
}

Status letterbox_matrix(int image_width, int image_height, int input_width, int input_height,
                        bool centered, double* out) {
  const Status status = check_sides(image_width, image_height, input_width, input_height, out);
  if (status != Status::kOk) return status;
  const double scale = std::min(static_cast<double>(input_width) / image_width,
                                static_cast<double>(input_height) / image_height);
  const double share = centered ? 0.5 : 0.0;
  const double pad_x = share * (input_width - scale * image_width);
  const double pad_y = share * (input_height - scale * image_height);
  diagonal(1.0 / scale, 1.0 / scale, (0.5 - pad_x) / scale - 0.5, (0.5 - pad_y) / scale - 0.5, out);
  return Status::kOk;
}

Status stretch_matrix(int image_width, int image_height, int input_width, int input_height,
                      double* out) {
  const Status status = check_sides(image_width, image_height, input_width, input_height, out);
  if (status != Status::kOk) return status;
  const double step_x = static_cast<double>(image_width) / input_width;
  const double step_y = static_cast<double>(image_height) / input_height;
  diagonal(step_x, step_y, 0.5 * step_x - 0.5, 0.5 * step_y - 0.5, out);
  return Status::kOk;
}

Status map_points(const double* matrix, const double* xy, std::int64_t count, double* out) {
  if (count < 0) return Status::kBadSize;
  if (count == 0) return Status::kOk;
  if (matrix == nullptr || xy == nullptr || out == nullptr) return Status::kNullPointer;
  for (std::int64_t i = 0; i < count; ++i) {
    const double x = xy[2 * i];
    const double y = xy[2 * i + 1];
    out[2 * i] = matrix[0] * x + matrix[1] * y + matrix[2];
    out[2 * i + 1] = matrix[3] * x + matrix[4] * y + matrix[5];
  }
  return Status::kOk;
}

}  // namespace edgepose
