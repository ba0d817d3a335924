// SPDX-License-Identifier: Apache-2.0
// The field of one limb, read at enlarged cells along a direction.
#pragma once

#include <cstddef>

#include "core/float4.h"
#include "core/group/paf_sample.h"
#include "core/group/paf_taps.h"
#include "core/view.h"

namespace edgepose {

// Two maps of the same shape and strides.
struct PafField {
  const float* x = nullptr;
  const float* y = nullptr;
  int width = 0;
  int height = 0;
  std::ptrdiff_t row_stride = 0;
};

enum class PafFieldKind { kPlain, kRepeat, kCubic };

inline PafFieldKind paf_field_kind(const PafTaps& taps) {
  if (taps.plain()) return PafFieldKind::kPlain;
  return taps.count == 1 ? PafFieldKind::kRepeat : PafFieldKind::kCubic;
}

// ux * x + uy * y of the field at the enlarged cell (column, line), which lies inside. The cubic
// interpolates this sum: half the work of interpolating both maps.
template <PafFieldKind kKind>
EDGEPOSE_INLINE float paf_along(const PafField& field, const PafTaps& taps, int column, int line,
                                float ux, float uy) {
  if constexpr (kKind == PafFieldKind::kPlain) {
    const std::ptrdiff_t at = line * field.row_stride + column;
    return ux * field.x[at] + uy * field.y[at];
  }
  const PafPlace across = paf_split(column, taps.scale);
  const PafPlace along = paf_split(line, taps.scale);
  if constexpr (kKind == PafFieldKind::kRepeat) {
    const std::ptrdiff_t at = along.cell * field.row_stride + across.cell;
    return ux * field.x[at] + uy * field.y[at];
  }
  const int left = across.cell + taps.first[across.phase];
  const int top = along.cell + taps.first[along.phase];
  const float* down = taps.weight + std::ptrdiff_t{4} * along.phase;
  Float4 sum = {};
  if (left >= 0 && left + 4 <= field.width && top >= 0 && top + 4 <= field.height) {
    const std::ptrdiff_t start = top * field.row_stride + left;
    const float* x = field.x + start;
    const float* y = field.y + start;
    for (int k = 0; k < 4; ++k, x += field.row_stride, y += field.row_stride) {
      sum += (load4(x) * ux + load4(y) * uy) * down[k];
    }
  } else {
    for (int k = 0; k < 4; ++k) {
      const std::ptrdiff_t row = std::clamp(top + k, 0, field.height - 1) * field.row_stride;
      const Float4 x = paf_border4(field.x + row, left, field.width);
      const Float4 y = paf_border4(field.y + row, left, field.width);
      sum += (x * ux + y * uy) * down[k];
    }
  }
  sum *= load4(taps.weight + std::ptrdiff_t{4} * across.phase);
  return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

}  // namespace edgepose
