// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/peaks.h"

#include <algorithm>
#include <cmath>

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

EDGEPOSE_MULTIVERSION
bool any_above(const float* values, int count, float threshold) {
  int any = 0;
  for (int i = 0; i < count; ++i) any |= values[i] > threshold ? 1 : 0;
  return any != 0;
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

  bool takes(const Peak& peak) const {
    return count_ < capacity_ || (capacity_ > 0 && comes_before(peak, peaks_[0]));
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
  for (int y = 0; y < map.height; ++y) {
    const float* row = map.row(y);
    for (int from = 0; from < map.width; from += kBlock) {
      const int to = std::min(from + kBlock, map.width);
      if (!any_above(row + from, to - from, threshold)) continue;
      for (int x = from; x < to; ++x) {
        if (!(row[x] > threshold)) continue;
        const Peak peak{x, y, row[x]};
        if (best.takes(peak) && is_peak(map, x, y, radius)) best.add(peak);
      }
    }
  }
  return {Status::kOk, best.finish()};
}

}  // namespace edgepose
