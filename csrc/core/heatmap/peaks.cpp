// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/peaks.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr int kBlock = 64;

// Order of the output: higher first, then row-major.
bool comes_before(const Peak& a, const Peak& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.y != b.y) return a.y < b.y;
  return a.x < b.x;
}

// What does not exist: neither above anything, nor does it surpass anything.
constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

EDGEPOSE_MULTIVERSION
bool any_above(const float* row, int count, float threshold) {
  int any = 0;
  if (count == kBlock) {
    for (int i = 0; i < kBlock; ++i) any |= row[i] > threshold ? 1 : 0;
  } else {
    for (int i = 0; i < count; ++i) any |= row[i] > threshold ? 1 : 0;
  }
  return any != 0;
}

// A block with kNothing from `count` on.
EDGEPOSE_INLINE const float* filled_up(const float* row, int count, float* buffer) {
  if (count == kBlock) return row;
  std::copy_n(row, count, buffer);
  std::fill(buffer + count, buffer + kBlock, kNothing);
  return buffer;
}

// Marks the cells of one block that are above the threshold and, if `beside`, that none of the four
// cells beside them surpasses: nearly all that are no peaks fall out here. `above` and `below` are
// the rows beside, or the row itself at the map's edge.
EDGEPOSE_MULTIVERSION
void mark_candidates(const float* row, const float* above, const float* below, bool first,
                     bool last, int count, float threshold, bool beside, std::uint8_t* marks) {
  float line[kBlock + 2];
  float buffers[2][kBlock];
  const float* cells = row;
  if (first || last) {
    line[0] = first ? kNothing : row[-1];
    line[count + 1] = last ? kNothing : row[count];
    if (count == kBlock) {
      std::memcpy(line + 1, row, kBlock * sizeof(float));
    } else {
      std::copy_n(row, count, line + 1);
      std::fill(line + count + 2, line + kBlock + 2, kNothing);
    }
    cells = line + 1;
  }
  const float* const upper = filled_up(above, count, buffers[0]);
  const float* const lower = filled_up(below, count, buffers[1]);
  std::int32_t flags[kBlock];  // as wide as the cells, so that the loop stays as it is
  for (int i = 0; i < kBlock; ++i) flags[i] = cells[i] > threshold ? 1 : 0;
  if (beside) {
    for (int i = 0; i < kBlock; ++i) {
      const float cell = cells[i];
      const bool beaten =
          (cells[i - 1] > cell) | (cells[i + 1] > cell) | (upper[i] > cell) | (lower[i] > cell);
      flags[i] = beaten ? 0 : flags[i];
    }
  }
  for (int i = 0; i < kBlock; ++i) marks[i] = static_cast<std::uint8_t>(flags[i]);
}

bool none_of_8(const std::uint8_t* marks) {
  std::uint64_t word;
  std::memcpy(&word, marks, sizeof word);
  return word == 0;
}

bool is_peak(const HeatmapView& map, int x, int y, float value, int radius) {
  float buffer[kBlock];
  const int left = std::max(x - radius, 0);
  const int right = std::min(x + radius, map.width - 1);
  const int top = std::max(y - radius, 0);
  const int bottom = std::min(y + radius, map.height - 1);
  for (int row = top; row <= bottom; ++row) {
    for (int from = left; from <= right; from += kBlock) {
      const int count = std::min(kBlock, right - from + 1);
      const float* const cells = view_cells(map, row, from, count, buffer);
      for (int i = 0; i < count; ++i) {
        if (cells[i] > value) return false;
      }
    }
  }
  return true;
}

// The best peaks so far as a heap whose front comes last in the output.
class Best {
 public:
  Best(Peak* peaks, int capacity) : peaks_(peaks), capacity_(capacity) {}

  // Cells met from here on, in row-major order, must be above this to be among the best.
  float floor(float threshold) const {
    if (count_ < capacity_) return threshold;
    return capacity_ > 0 ? peaks_[0].score : std::numeric_limits<float>::infinity();
  }

  void add(const Peak& peak) {
    if (count_ == capacity_) std::pop_heap(peaks_, peaks_ + count_--, comes_before);
    peaks_[count_++] = peak;
    std::push_heap(peaks_, peaks_ + count_, comes_before);
  }

  int finish() {
    std::sort_heap(peaks_, peaks_ + count_, comes_before);
    return count_;
  }

 private:
  Peak* peaks_;
  int capacity_;
  int count_ = 0;
};

}  // namespace

Result<int> map_peaks(const HeatmapView& map, float threshold, int radius, int max_peaks,
                      Peak* peaks) {
  if (map.width < 1 || map.height < 1 || map.width > kMaxSide || map.height > kMaxSide) {
    return {Status::kBadSize};
  }
  if (radius < 0 || radius > kMaxSide || max_peaks < 0) return {Status::kBadSize};
  if (std::isnan(threshold)) return {Status::kBadThreshold};
  if (map.data == nullptr || (peaks == nullptr && max_peaks > 0)) return {Status::kNullPointer};
  Best best(peaks, max_peaks);
  std::uint8_t marks[kBlock] = {};
  float buffers[3][kBlock + 2];
  for (int y = 0; y < map.height; ++y) {
    for (int from = 0; from < map.width; from += kBlock) {
      const int count = std::min(kBlock, map.width - from);
      const bool first = from == 0;
      const bool last = from + count == map.width;
      const int halo = first ? 0 : 1;
      // Cells of a row of the block and of one more on each side that has one.
      const auto cells_of = [&](int row, float* buffer) {
        return view_cells(map, row, from - halo, count + halo + (last ? 0 : 1), buffer) + halo;
      };
      const float* const cells = cells_of(y, buffers[0]);
      const float floor = best.floor(threshold);
      if (!any_above(cells, count, floor)) continue;
      const float* const above = y > 0 ? cells_of(y - 1, buffers[1]) : cells;
      const float* const below = y + 1 < map.height ? cells_of(y + 1, buffers[2]) : cells;
      mark_candidates(cells, above, below, first, last, count, floor, radius > 0, marks);
      for (int i = 0; i < count; ++i) {
        if (i % 8 == 0 && i + 8 <= count && none_of_8(marks + i)) {
          i += 7;
          continue;
        }
        if (marks[i] == 0 || !(cells[i] > best.floor(threshold))) continue;
        const Peak peak{from + i, y, cells[i]};
        if (is_peak(map, peak.x, y, peak.score, radius)) best.add(peak);
      }
    }
  }
  return {Status::kOk, best.finish()};
}

}  // namespace edgepose
