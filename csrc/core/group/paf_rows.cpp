// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_rows.h"

#include <algorithm>
#include <limits>

namespace edgepose {
namespace {

constexpr int kBlock = 64;
constexpr float kNothing = -std::numeric_limits<float>::infinity();

EDGEPOSE_MULTIVERSION
bool any_above(const float* values, int count, float threshold) {
  int any = 0;
  for (int i = 0; i < count; ++i) any |= values[i] > threshold ? 1 : 0;
  return any != 0;
}

EDGEPOSE_MULTIVERSION
void widen(const float* values, int count, float* highest, float* lowest) {
  for (int i = 0; i < count; ++i) {
    highest[i] = values[i] > highest[i] ? values[i] : highest[i];
    lowest[i] = values[i] < lowest[i] ? values[i] : lowest[i];
  }
}

EDGEPOSE_MULTIVERSION
void weigh(const float* values, float weight, int count, float* sum) {
  for (int i = 0; i < count; ++i) sum[i] += weight * values[i];
}

EDGEPOSE_MULTIVERSION
void weigh4(const float* a, const float* b, const float* c, const float* d, const float* weight,
            int count, float* sum) {
  for (int i = 0; i < count; ++i) {
    sum[i] = (weight[0] * a[i] + weight[1] * b[i]) + (weight[2] * c[i] + weight[3] * d[i]);
  }
}

}  // namespace

PafRows::PafRows(Arena& arena, int width, const PafTaps& taps)
    : taps_(taps), width_(width), margin_(std::max({-taps.low, taps.high, 1})) {
  const auto columns = static_cast<std::size_t>(width);
  const auto wide = columns + 2 * static_cast<std::size_t>(margin_);
  plane_stride_ = width + 2;
  const std::size_t plane_cells = (columns + 2) * static_cast<std::size_t>(taps.scale);
  band_spans_ = arena.take<PafSpan>(columns / 2 + 1);
  highest_ = arena.take<float>(wide);
  lowest_ = arena.take<float>(wide);
  column_ = arena.take<float>(wide);
  zeros_ = arena.take<float>(columns);
  empty_.planes = arena.take<float>(plane_cells);
  for (Slot& slot : slots_) {
    slot.spans = arena.take<PafSpan>(columns / 2 + 1);
    if (!taps.plain()) slot.planes = arena.take<float>(plane_cells);
  }
}

void PafRows::clear() {
  const std::ptrdiff_t cells = plane_stride_ * taps_.scale;
  std::fill(empty_.planes, empty_.planes + cells, kNothing);
  std::fill(zeros_, zeros_ + width_, 0.0F);
  for (Slot& slot : slots_) {
    slot.span_count = 0;
    if (!taps_.plain()) std::fill(slot.planes, slot.planes + cells, kNothing);
  }
}

void PafRows::start(const MapView& map, float threshold) {
  map_ = map;
  threshold_ = threshold;
  band_ = -1;
  for (Slot& slot : slots_) slot.band = -1;
}

PafRow PafRows::view(const Slot& slot) const {
  return {slot.planes + 1, plane_stride_, slot.spans, slot.span_count};
}

PafRow PafRows::row(int y) {
  if (y < 0 || y >= map_.height * taps_.scale) return view(empty_);
  if (taps_.plain()) return plain_row(y);
  const int band = paf_split(y, taps_.scale).cell;
  if (band != band_) find_band(band);
  Slot& slot = slots_[y % 3];
  if (slot.band != band) {
    for (int i = 0; i < slot.span_count; ++i) {
      for (int r = 0; r < taps_.scale; ++r) {
        float* plane = slot.planes + r * plane_stride_ + 1;
        std::fill(plane + slot.spans[i].begin, plane + slot.spans[i].end, kNothing);
      }
    }
    slot.band = band;
    slot.span_count = band_span_count_;
    std::copy(band_spans_, band_spans_ + band_span_count_, slot.spans);
  }
  if (slot.span_count > 0) fill(slot, y);
  return view(slot);
}

// The map's own row; its spans are the blocks in which any cell passes.
PafRow PafRows::plain_row(int y) {
  const float* values = map_.row(y);
  Slot& slot = slots_[y % 3];
  slot.span_count = 0;
  for (int from = 0; from < width_; from += kBlock) {
    const int to = std::min(from + kBlock, width_);
    if (any_above(values + from, to - from, threshold_)) slot.spans[slot.span_count++] = {from, to};
  }
  return {values, 0, slot.spans, slot.span_count};
}

// A row of cells as the taps see it, outside the map too.
const float* PafRows::cells(int y) const {
  if (taps_.zero_border && (y < 0 || y >= map_.height)) return zeros_;
  return map_.row(std::clamp(y, 0, map_.height - 1));
}

// Columns whose enlarged cells may pass the threshold.
void PafRows::find_band(int band) {
  band_ = band;
  band_span_count_ = 0;
  float* highest = highest_ + margin_;
  float* lowest = lowest_ + margin_;
  const float outside = taps_.zero_border ? 0.0F : kNothing;
  std::fill(highest_, highest_ + width_ + 2 * margin_, outside);
  std::fill(lowest_, lowest_ + width_ + 2 * margin_, -outside);
  for (int y = band + taps_.low; y <= band + taps_.high; ++y) {
    widen(cells(y), width_, highest, lowest);
  }
  bool open = false;
  for (int x = 0; x < width_; ++x) {
    float top = kNothing;
    float bottom = -kNothing;
    for (int k = taps_.low; k <= taps_.high; ++k) {
      top = std::max(top, highest[x + k]);
      bottom = std::min(bottom, lowest[x + k]);
    }
    const float slack = 1e-5F * (top > 0.0F ? top : -top);
    const bool active = top + taps_.overshoot * (top - bottom) + slack > threshold_;
    if (active && !open) band_spans_[band_span_count_++] = {x, x + 1};
    if (active && open) band_spans_[band_span_count_ - 1].end = x + 1;
    open = active;
  }
}

void PafRows::fill(Slot& slot, int y) {
  const PafPlace place = paf_split(y, taps_.scale);
  const float* down = taps_.weight + place.phase * taps_.count;
  const int top = place.cell + taps_.first[place.phase];
  float* column = column_ + margin_;
  for (int i = 0; i < slot.span_count; ++i) {
    const PafSpan span = slot.spans[i];
    const int from = std::max(span.begin + taps_.low, 0);
    const int count = std::min(span.end + taps_.high, width_) - from;
    if (taps_.count == 4) {
      weigh4(cells(top) + from, cells(top + 1) + from, cells(top + 2) + from, cells(top + 3) + from,
             down, count, column + from);
    } else {
      std::fill(column + from, column + from + count, 0.0F);
      for (int k = 0; k < taps_.count; ++k)
        weigh(cells(top + k) + from, down[k], count, column + from);
    }
    if (from == 0) std::fill(column_, column, taps_.zero_border ? 0.0F : column[0]);
    if (from + count == width_) {
      float* end = column + width_;
      std::fill(end, end + margin_, taps_.zero_border ? 0.0F : end[-1]);
    }
    for (int r = 0; r < taps_.scale; ++r) {
      const float* across = taps_.weight + r * taps_.count;
      const float* at = column + span.begin + taps_.first[r];
      float* plane = slot.planes + r * plane_stride_ + 1 + span.begin;
      const int cells_in_span = span.end - span.begin;
      if (taps_.count == 4) {
        weigh4(at, at + 1, at + 2, at + 3, across, cells_in_span, plane);
      } else {
        std::fill(plane, plane + cells_in_span, 0.0F);
        for (int k = 0; k < taps_.count; ++k) weigh(at + k, across[k], cells_in_span, plane);
      }
    }
  }
}

}  // namespace edgepose
