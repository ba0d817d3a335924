// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/heatmap_view.h"

#include <algorithm>

#include "core/heatmap/half.h"
#include "core/multiversion.h"

namespace edgepose {
namespace {

EDGEPOSE_INLINE float dequantize(float stored, Quantization rule) {
  return rule.scale * (stored - static_cast<float>(rule.zero_point));
}

EDGEPOSE_INLINE float number(float stored, Quantization) { return stored; }
EDGEPOSE_INLINE float number(Half stored, Quantization) { return value_of(stored); }
EDGEPOSE_INLINE float number(std::int8_t stored, Quantization rule) {
  return dequantize(value_of(stored), rule);
}
EDGEPOSE_INLINE float number(std::uint8_t stored, Quantization rule) {
  return dequantize(value_of(stored), rule);
}

template <typename T>
EDGEPOSE_INLINE void read(const T* cells, std::ptrdiff_t stride, int count, Quantization rule,
                          float* values) {
  if (stride == 1) {
    for (int i = 0; i < count; ++i) values[i] = number(cells[i], rule);
  } else {
    for (int i = 0; i < count; ++i) values[i] = number(cells[i * stride], rule);
  }
}

EDGEPOSE_MULTIVERSION
void read_halves(const Half* cells, std::ptrdiff_t stride, int count, float* values) {
  read(cells, stride, count, {}, values);
}

EDGEPOSE_MULTIVERSION
void read_signed(const std::int8_t* cells, std::ptrdiff_t stride, int count, Quantization rule,
                 float* values) {
  read(cells, stride, count, rule, values);
}

EDGEPOSE_MULTIVERSION
void read_unsigned(const std::uint8_t* cells, std::ptrdiff_t stride, int count, Quantization rule,
                   float* values) {
  read(cells, stride, count, rule, values);
}

// Cells that lie in the map.
void read_inside(const HeatmapView& map, int y, int from, int count, float* values) {
  const std::ptrdiff_t at = y * map.row_stride + from * map.cell_stride;
  const std::ptrdiff_t stride = map.cell_stride;
  switch (map.element) {
    case Element::kFloat32:
      return read(static_cast<const float*>(map.data) + at, stride, count, {}, values);
    case Element::kFloat16:
      return read_halves(static_cast<const Half*>(map.data) + at, stride, count, values);
    case Element::kInt8:
      return read_signed(static_cast<const std::int8_t*>(map.data) + at, stride, count,
                         map.quantization, values);
    case Element::kUint8:
      return read_unsigned(static_cast<const std::uint8_t*>(map.data) + at, stride, count,
                           map.quantization, values);
  }
}

bool readable(Element element, Quantization rule) {
  if (element == Element::kFloat32 || element == Element::kFloat16) return true;
  const int lowest = element == Element::kInt8 ? -128 : 0;
  return rule.scale >= 1e-30F && rule.scale <= 1e30F && rule.zero_point >= lowest &&
         rule.zero_point <= lowest + 255;
}

}  // namespace

HeatmapView HeatmapBatch::map(std::int64_t person, std::int64_t joint) const {
  HeatmapView view;
  view.data = static_cast<const char*>(data) +
              (person * person_stride + joint * joint_stride) * element_size(element);
  view.element = element;
  view.width = width;
  view.height = height;
  view.row_stride = row_stride;
  view.cell_stride = cell_stride;
  view.quantization = quantization;
  return view;
}

Status check_maps(const HeatmapBatch& maps) {
  if (maps.people < 0 || maps.joints < 0) return Status::kBadSize;
  if (!readable(maps.element, maps.quantization)) return Status::kBadQuantization;
  if (maps.empty()) return Status::kOk;
  if (maps.width < 1 || maps.height < 1) return Status::kBadSize;
  if (maps.width > kMaxSide || maps.height > kMaxSide) return Status::kBadSize;
  return maps.data == nullptr ? Status::kNullPointer : Status::kOk;
}

std::ptrdiff_t element_size(Element element) {
  return element == Element::kFloat32 ? 4 : element == Element::kFloat16 ? 2 : 1;
}

float cell_value(const HeatmapView& map, int x, int y) {
  float value = 0.0F;
  read_inside(map, y, x, 1, &value);
  return value;
}

void read_cells(const HeatmapView& map, int y, int from, int count, float* values) {
  const int left = std::max(from, 0);
  const int right = std::min(from + count, map.width);
  if (y < 0 || y >= map.height || right <= left) {
    std::fill(values, values + count, 0.0F);
    return;
  }
  std::fill(values, values + (left - from), 0.0F);
  read_inside(map, y, left, right - left, values + (left - from));
  std::fill(values + (right - from), values + count, 0.0F);
}

const float* view_cells(const HeatmapView& map, int y, int from, int count, float* buffer) {
  if (map.element == Element::kFloat32 && map.cell_stride == 1) {
    return static_cast<const float*>(map.data) + y * map.row_stride + from;
  }
  read_inside(map, y, from, count, buffer);
  return buffer;
}

}  // namespace edgepose
