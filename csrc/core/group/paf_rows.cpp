// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_rows.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/float4.h"

namespace edgepose {
namespace {

constexpr int kBlock = 64;
constexpr int kGroup = 4;
constexpr float kNothing = -std::numeric_limits<float>::infinity();

EDGEPOSE_MULTIVERSION
bool any_above(const float* values, int count, float threshold) {
  int any = 0;
  for (int i = 0; i < count; ++i) any |= values[i] > threshold ? 1 : 0;
  return any != 0;
}

EDGEPOSE_INLINE void widen(const float* values, int count, float* highest, float* lowest) {
  for (int i = 0; i < count; ++i) {
    highest[i] = values[i] > highest[i] ? values[i] : highest[i];
    lowest[i] = values[i] < lowest[i] ? values[i] : lowest[i];
  }
}

// The range of the rows that a band draws on, column by column.
EDGEPOSE_MULTIVERSION
void widen_rows(const float* const* rows, int row_count, int width, float* highest, float* lowest) {
  for (int k = 0; k < row_count; ++k) widen(rows[k], width, highest, lowest);
}

// Whether a sum over the columns around each one may pass the threshold. `highest` and `lowest` are
// those of the column `low` places to the left.
EDGEPOSE_MULTIVERSION
void find_active(const float* highest, const float* lowest, int taps, int width, float overshoot,
                 float threshold, std::uint8_t* active) {
  constexpr int kStrip = 32;
  for (int from = 0; from < width; from += kStrip) {
    const int count = std::min(kStrip, width - from);
    float top[kStrip];
    float bottom[kStrip];
    for (int i = 0; i < count; ++i) top[i] = highest[from + i];
    for (int i = 0; i < count; ++i) bottom[i] = lowest[from + i];
    for (int k = 1; k < taps; ++k) {
      for (int i = 0; i < count; ++i) {
        const float high = highest[from + i + k];
        const float low = lowest[from + i + k];
        top[i] = high > top[i] ? high : top[i];
        bottom[i] = low < bottom[i] ? low : bottom[i];
      }
    }
    for (int i = 0; i < count; ++i) {
      const float slack = 1e-5F * (top[i] > 0.0F ? top[i] : -top[i]);
      const float most = top[i] + overshoot * (top[i] - bottom[i]) + slack;
      active[from + i] = most <= threshold ? 0 : 1;  // 1 where infinite cells make it NaN
    }
  }
}

// One enlarged row, span by span.
struct RowJob {
  const PafTaps* taps;
  const float* const* rows;  // [taps->count] rows of cells
  const float* down;         // [taps->count] their weights
  const PafSpan* spans;
  int span_count;
  int width;
  float* column;  // [W + 2 margin], past the margin
  float* planes;  // past the first group
  std::ptrdiff_t plane_stride;
};

// The rows of cells weighted downwards, columns from .. to - 1.
EDGEPOSE_INLINE void weigh_down(const RowJob& job, int from, int to) {
  const int taps = job.taps->count;
  int x = from;
  for (; x + kGroup <= to; x += kGroup) {
    Float4 sum = load4(job.rows[0] + x) * job.down[0];
    for (int k = 1; k < taps; ++k) sum += load4(job.rows[k] + x) * job.down[k];
    store4(job.column + x, sum);
  }
  for (; x < to; ++x) {
    float sum = job.rows[0][x] * job.down[0];
    for (int k = 1; k < taps; ++k) sum += job.rows[k][x] * job.down[k];
    job.column[x] = sum;
  }
}

EDGEPOSE_MULTIVERSION
void fill_row(const RowJob& job) {
  const PafTaps& taps = *job.taps;
  for (int i = 0; i < job.span_count; ++i) {
    const PafSpan span = job.spans[i];
    const int from = std::max(span.begin + taps.low, 0);
    const int to = std::min(span.end + taps.high, job.width);
    weigh_down(job, from, to);
    for (int x = span.begin + taps.low; x < 0; ++x) {
      job.column[x] = taps.zero_border ? 0.0F : job.column[0];
    }
    for (int x = job.width; x < span.end + taps.high; ++x) {
      job.column[x] = taps.zero_border ? 0.0F : job.column[job.width - 1];
    }
    for (int r = 0; r < taps.scale; ++r) {
      const float* across = taps.weight + std::ptrdiff_t{r} * taps.count;
      const float* at = job.column + taps.first[r];
      float* plane = job.planes + r * job.plane_stride;
      for (int x = span.begin; x < span.end; x += kGroup) {
        Float4 sum = load4(at + x) * across[0];
        for (int k = 1; k < taps.count; ++k) sum += load4(at + x + k) * across[k];
        store4(plane + x, sum);
      }
      // What lies past the map is no cell.
      for (int x = job.width; x < span.end; ++x) plane[x] = kNothing;
    }
  }
}

}  // namespace

PafRows::PafRows(Arena& arena, int width, const PafTaps& taps)
    : taps_(taps), width_(width), margin_(std::max(-taps.low, taps.high) + kGroup) {
  const auto columns = static_cast<std::size_t>(width);
  const auto wide = columns + 2 * static_cast<std::size_t>(margin_);
  plane_stride_ = (width + kGroup - 1) / kGroup * kGroup + 2 * kGroup;
  const std::size_t plane_cells = static_cast<std::size_t>(plane_stride_ * taps.scale);
  const std::size_t most_spans = columns / kGroup + 1;
  band_spans_ = arena.take<PafSpan>(most_spans);
  highest_ = arena.take<float>(wide);
  lowest_ = arena.take<float>(wide);
  column_ = arena.take<float>(wide);
  active_ = arena.take<std::uint8_t>(columns + kGroup);
  zeros_ = arena.take<float>(columns);
  empty_.planes = arena.take<float>(plane_cells);
  for (Slot& slot : slots_) {
    slot.spans = arena.take<PafSpan>(most_spans);
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
  return {slot.planes + kGroup, plane_stride_, slot.spans, slot.span_count};
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
        float* plane = slot.planes + r * plane_stride_ + kGroup;
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

// Groups of columns whose enlarged cells may pass the threshold.
void PafRows::find_band(int band) {
  band_ = band;
  band_span_count_ = 0;
  const float outside = taps_.zero_border ? 0.0F : kNothing;
  const std::ptrdiff_t padded = width_ + std::ptrdiff_t{2} * margin_;
  std::fill_n(highest_, padded, outside);
  std::fill_n(lowest_, padded, -outside);
  const float* rows[kMaxPafReach];
  const int count = taps_.high - taps_.low + 1;
  for (int k = 0; k < count; ++k) rows[k] = cells(band + taps_.low + k);
  widen_rows(rows, count, width_, highest_ + margin_, lowest_ + margin_);
  find_active(highest_ + margin_ + taps_.low, lowest_ + margin_ + taps_.low, count, width_,
              taps_.overshoot, threshold_, active_);
  std::memset(active_ + width_, 0, kGroup);
  bool open = false;
  for (int x = 0; x < width_; x += kGroup) {
    std::uint32_t four;
    std::memcpy(&four, active_ + x, kGroup);
    if (four != 0 && !open) band_spans_[band_span_count_++].begin = x;
    if (four != 0) band_spans_[band_span_count_ - 1].end = x + kGroup;
    open = four != 0;
  }
}

void PafRows::fill(Slot& slot, int y) {
  const PafPlace place = paf_split(y, taps_.scale);
  const float* rows[kMaxPafReach];
  for (int k = 0; k < taps_.count; ++k) rows[k] = cells(place.cell + taps_.first[place.phase] + k);
  fill_row({&taps_, rows, taps_.weight + std::ptrdiff_t{place.phase} * taps_.count, slot.spans,
            slot.span_count, width_, column_ + margin_, slot.planes + kGroup, plane_stride_});
}

}  // namespace edgepose
