// SPDX-License-Identifier: Apache-2.0
#include "core/detect/yolox.h"

#include <cmath>

#include "core/view.h"

namespace edgepose {
namespace {

bool layout_ok(const YoloxLayout& layout) {
  if (layout.input_width < 1 || layout.input_width > kMaxSide) return false;
  if (layout.input_height < 1 || layout.input_height > kMaxSide) return false;
  if (layout.strides == nullptr || layout.stride_count < 1) return false;
  for (int i = 0; i < layout.stride_count; ++i) {
    if (layout.strides[i] < 1) return false;
  }
  return layout.class_count >= 1 && layout.class_index >= 0 &&
         layout.class_index < layout.class_count;
}

// False where the box is not finite.
bool read_box(const float* row, int cell_x, int cell_y, float stride, float* box) {
  const float center_x = (row[0] + static_cast<float>(cell_x)) * stride - 0.5F;
  const float center_y = (row[1] + static_cast<float>(cell_y)) * stride - 0.5F;
  const float half_width = 0.5F * std::exp(row[2]) * stride;
  const float half_height = 0.5F * std::exp(row[3]) * stride;
  box[0] = center_x - half_width;
  box[1] = center_y - half_height;
  box[2] = center_x + half_width;
  box[3] = center_y + half_height;
  return std::isfinite(box[0]) && std::isfinite(box[1]) && std::isfinite(box[2]) &&
         std::isfinite(box[3]);
}

}  // namespace

std::int64_t yolox_rows(const YoloxLayout& layout) {
  if (!layout_ok(layout)) return 0;
  std::int64_t rows = 0;
  for (int i = 0; i < layout.stride_count; ++i) {
    const std::int64_t columns = layout.input_width / layout.strides[i];
    rows += columns * (layout.input_height / layout.strides[i]);
  }
  return rows;
}

Result<std::int64_t> yolox_decode(const float* predictions, std::int64_t rows,
                                  const YoloxLayout& layout, float threshold, float* boxes,
                                  float* score) {
  if (std::isnan(threshold)) return {Status::kBadThreshold};
  if (!layout_ok(layout) || rows != yolox_rows(layout)) return {Status::kBadSize};
  if (rows == 0) return {};
  if (predictions == nullptr || boxes == nullptr || score == nullptr) {
    return {Status::kNullPointer};
  }
  const std::ptrdiff_t row_size = 5 + static_cast<std::ptrdiff_t>(layout.class_count);
  const float* row = predictions;
  std::int64_t count = 0;
  for (int i = 0; i < layout.stride_count; ++i) {
    const int stride = layout.strides[i];
    for (int y = 0; y < layout.input_height / stride; ++y) {
      for (int x = 0; x < layout.input_width / stride; ++x, row += row_size) {
        const float value = row[4] * row[5 + layout.class_index];
        if (!(value > threshold)) continue;
        if (!read_box(row, x, y, static_cast<float>(stride), boxes + 4 * count)) continue;
        score[count++] = value;
      }
    }
  }
  return {Status::kOk, count};
}

}  // namespace edgepose
