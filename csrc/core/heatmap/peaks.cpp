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

// Marks the cells of one block that are above the threshold and, if `beside`, that none of the four
// cells beside them surpasses: nearly all that are no peaks fall out here. `above` and `below` are
// the rows beside, or the row itself at the map's edge. Gives whether any is above.
EDGEPOSE_MULTIVERSION
bool mark_candidates(const float* row, const float* above, const float* below, bool first,
                     bool last, int count, float threshold, bool beside, std::uint8_t* marks) {
  int any = 0;
  for (int i = 0; i < count; ++i) any |= row[i] > threshold ? 1 : 0;
  if (any == 0) return false;
  for (int i = 0; i < count; ++i) marks[i] = row[i] > threshold ? 1 : 0;
  if (!beside) return true;
  for (int i = 0; i < count; ++i) {
    const bool beaten = (above[i] > row[i]) | (below[i] > row[i]);
    marks[i] = beaten ? 0 : marks[i];
  }
  for (int i = first ? 1 : 0; i < count; ++i) marks[i] = row[i - 1] > row[i] ? 0 : marks[i];
  const int inner = last ? count - 1 : count;
  for (int i = 0; i < inner; ++i) marks[i] = row[i + 1] > row[i] ? 0 : marks[i];
  return true;
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
      const float* const above = y > 0 ? cells_of(y - 1, buffers[1]) : cells;
      const float* const below = y + 1 < map.height ? cells_of(y + 1, buffers[2]) : cells;
      if (!mark_candidates(cells, above, below, first, last, count, best.floor(threshold),
                           radius > 0, marks)) {
        continue;
      }
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
