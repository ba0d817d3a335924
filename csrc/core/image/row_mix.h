// SPDX-License-Identifier: Apache-2.0
// Picture rows mixed into one row of floats, in loops that vectorise. Internal to image/.
#pragma once

#include <cstdint>

#include "core/image/row_reader.h"
#include "core/image/taps.h"

namespace edgepose::crop {

// Two neighbouring rows by the weight of the lower; outside the picture both are padding.
EDGEPOSE_INLINE void blend_rows(RowReader* reader, const Tap& tap, float pad, int length,
                                float* target) {
  const std::uint8_t* upper = reader->row_or_null(tap.index);
  const float weight = tap.weight;
  const std::uint8_t* lower = weight > 0.0F ? reader->row_or_null(tap.index + 1) : nullptr;
  if (upper != nullptr && lower != nullptr) {
    for (int i = 0; i < length; ++i) {
      const int step = lower[i] - upper[i];
      target[i] = static_cast<float>(upper[i]) + static_cast<float>(step) * weight;
    }
  } else if (upper != nullptr || lower != nullptr) {
    const std::uint8_t* a = upper != nullptr ? upper : lower;
    const float share = upper != nullptr ? 1.0F - weight : weight;
    const float base = pad * (1.0F - share);
    for (int i = 0; i < length; ++i) target[i] = base + static_cast<float>(a[i]) * share;
  } else {
    for (int i = 0; i < length; ++i) target[i] = pad;
  }
}

// Sums of rows, at most 256 of them so that one fits 16 bits.
EDGEPOSE_INLINE void sum_rows(RowReader* reader, int first, int count, int length,
                              std::uint16_t* sum) {
  const int odd = (count - 1) % 4 + 1;  // so many to begin with, then four at a time
  const std::uint8_t* a = reader->row(first);
  if (odd == 1) {
    for (int i = 0; i < length; ++i) sum[i] = a[i];
  } else if (odd == 2) {
    const std::uint8_t* b = reader->row(first + 1);
    for (int i = 0; i < length; ++i) sum[i] = static_cast<std::uint16_t>(a[i] + b[i]);
  } else {
    const std::uint8_t* b = reader->row(first + 1);
    const std::uint8_t* c = reader->row(first + 2);
    for (int i = 0; i < length; ++i) sum[i] = static_cast<std::uint16_t>(a[i] + b[i] + c[i]);
    if (odd == 4) {
      const std::uint8_t* d = reader->row(first + 3);
      for (int i = 0; i < length; ++i) sum[i] = static_cast<std::uint16_t>(sum[i] + d[i]);
    }
  }
  for (int y = first + odd; y < first + count; y += 4) {
    a = reader->row(y);
    const std::uint8_t* b = reader->row(y + 1);
    const std::uint8_t* c = reader->row(y + 2);
    const std::uint8_t* d = reader->row(y + 3);
    for (int i = 0; i < length; ++i) {
      sum[i] = static_cast<std::uint16_t>(sum[i] + a[i] + b[i] + c[i] + d[i]);
    }
  }
}

// The mean of the rows under a box `width` rows high. `sum` is room for `length` sums.
EDGEPOSE_INLINE void average_rows(RowReader* reader, const BoxTap& box, double width, float pad,
                                  int length, std::uint16_t* sum, float* target) {
  const int count = box.count;
  const float base = pad * box.pad_share;
  const float unit = static_cast<float>(1.0 / width);
  const float first_weight = box.first_weight * unit;
  const float last_weight = box.last_weight * unit;
  if (count == 0) {
    for (int i = 0; i < length; ++i) target[i] = pad;
    return;
  }
  const std::uint8_t* a = reader->row(box.first);
  if (count == 1) {
    for (int i = 0; i < length; ++i) target[i] = base + static_cast<float>(a[i]) * first_weight;
    return;
  }
  if (box.first_weight >= 1.0F && box.last_weight >= 1.0F) {
    sum_rows(reader, box.first, count, length, sum);
    for (int i = 0; i < length; ++i) target[i] = base + static_cast<float>(sum[i]) * unit;
    return;
  }
  if (count == 2) {
    const std::uint8_t* b = reader->row(box.first + 1);
    for (int i = 0; i < length; ++i) {
      target[i] =
          base + static_cast<float>(a[i]) * first_weight + static_cast<float>(b[i]) * last_weight;
    }
    return;
  }
  // Up to five rows are read at once, more would have to be held apart.
  if (count <= 5) {
    const std::uint8_t* b = reader->row(box.first + 1);
    const std::uint8_t* c = count > 3 ? reader->row(box.first + 2) : nullptr;
    const std::uint8_t* d = count > 4 ? reader->row(box.first + 3) : nullptr;
    const std::uint8_t* last = reader->row(box.first + count - 1);
    const auto mixed = [=](int i, int middle) __attribute__((always_inline)) {
      return base + static_cast<float>(middle) * unit + static_cast<float>(a[i]) * first_weight +
             static_cast<float>(last[i]) * last_weight;
    };
    if (count == 3) {
      for (int i = 0; i < length; ++i) target[i] = mixed(i, b[i]);
    } else if (count == 4) {
      for (int i = 0; i < length; ++i) target[i] = mixed(i, b[i] + c[i]);
    } else {
      // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the count is 5, never negative
      for (int i = 0; i < length; ++i) target[i] = mixed(i, b[i] + c[i] + d[i]);
    }
    return;
  }
  for (int i = 0; i < length; ++i) target[i] = base + static_cast<float>(a[i]) * first_weight;
  sum_rows(reader, box.first + 1, count - 2, length, sum);
  const std::uint8_t* last = reader->row(box.first + count - 1);
  for (int i = 0; i < length; ++i) {
    target[i] =
        target[i] + static_cast<float>(sum[i]) * unit + static_cast<float>(last[i]) * last_weight;
  }
}

}  // namespace edgepose::crop
