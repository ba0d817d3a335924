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

bool is_peak(const MapView& map, int x, int y, int radius) {
  const float value = map.at(x, y);
  const int left = std::max(x - radius, 0);
  const int right = std::min(x + radius, map.width - 1);
  const int top = std::max(y - radius, 0);
  const int bottom = std::min(y + radius, map.height - 1);
  for (int row = top; row <= bottom; ++row) {
    for (int column = left; column <= right; ++column) {
      if (map.at(column, row) > value) return false;
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

Result<int> map_peaks(const MapView& map, float threshold, int radius, int max_peaks, Peak* peaks) {
  if (map.width < 1 || map.height < 1 || map.width > kMaxSide || map.height > kMaxSide) {
    return {Status::kBadSize};
  }
  if (radius < 0 || radius > kMaxSide || max_peaks < 0) return {Status::kBadSize};
  if (std::isnan(threshold)) return {Status::kBadThreshold};
  if (map.data == nullptr || (peaks == nullptr && max_peaks > 0)) return {Status::kNullPointer};
  Best best(peaks, max_peaks);
  std::uint8_t marks[kBlock] = {};
  for (int y = 0; y < map.height; ++y) {
    const float* row = map.row(y);
    const float* above = y > 0 ? map.row(y - 1) : row;
    const float* below = y + 1 < map.height ? map.row(y + 1) : row;
    for (int from = 0; from < map.width; from += kBlock) {
      const int count = std::min(kBlock, map.width - from);
      if (!mark_candidates(row + from, above + from, below + from, from == 0,
                           from + count == map.width, count, best.floor(threshold), radius > 0,
                           marks)) {
        continue;
      }
      for (int i = 0; i < count; ++i) {
        if (i % 8 == 0 && i + 8 <= count && none_of_8(marks + i)) {
          i += 7;
          continue;
        }
        const int x = from + i;
        if (marks[i] == 0 || !(row[x] > best.floor(threshold))) continue;
        if (is_peak(map, x, y, radius)) best.add({x, y, row[x]});
      }
    }
  }
  return {Status::kOk, best.finish()};
}

}  // namespace edgepose
