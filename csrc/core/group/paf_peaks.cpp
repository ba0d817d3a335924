// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_peaks.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/group/paf_sample.h"

namespace edgepose {
namespace {

constexpr int kReach = 3;  // of the window of the centroid

// Cells above the threshold that none of the four beside them surpasses. NaN surpasses nothing.
EDGEPOSE_MULTIVERSION
void mark(const float* row, const float* left, const float* right, const float* up,
          const float* down, int count, float threshold, std::uint8_t* mask) {
  for (int i = 0; i < count; ++i) {
    const int hidden =
        (left[i] > row[i]) | (right[i] > row[i]) | (up[i] > row[i]) | (down[i] > row[i]);
    mask[i] = static_cast<std::uint8_t>((row[i] > threshold) & (hidden ^ 1));
  }
}

// Order of what is kept: higher first, then row-major.
bool comes_before(const Peak& a, const Peak& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.y != b.y) return a.y < b.y;
  return a.x < b.x;
}

bool row_major(const Peak& a, const Peak& b) { return a.y != b.y ? a.y < b.y : a.x < b.x; }
bool column_major(const Peak& a, const Peak& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; }

PafTaps taps_of_heat(const PafOptions& options) {
  return options.interpolation == PafInterpolation::kCubic ? paf_cubic_taps(options.upscale)
                                                           : paf_repeat_taps(options.upscale);
}

}  // namespace

PafPeakFinder::PafPeakFinder(Arena& arena, int width, const PafOptions& options)
    : options_(options),
      heat_taps_(taps_of_heat(options)),
      scan_taps_(options.smoothing_size > 0
                     ? paf_smooth_taps(options.upscale, options.smoothing_size)
                     : heat_taps_),
      rows_(arena, width, scan_taps_),
      mask_(arena.take<std::uint8_t>(static_cast<std::size_t>(width) + 8)),
      cells_(arena.take<Peak>(2 * static_cast<std::size_t>(options.max_peaks))) {}

void PafPeakFinder::find(const MapView& map, PafPeaks& peaks) {
  map_ = map;
  count_ = 0;
  peaks.count = 0;
  if (options_.max_peaks == 0) return;
  rows_.start(map, options_.peak_threshold);
  const int height = map.height * options_.upscale;
  PafRow up = rows_.row(-1);
  PafRow row = rows_.row(0);
  for (int y = 0; y < height; ++y) {
    const PafRow down = rows_.row(y + 1);
    scan_row(up, row, down, y);
    up = row;
    row = down;
  }
  keep_highest();
  const bool spread = options_.min_distance > 0.0F;
  std::sort(cells_, cells_ + count_, spread ? column_major : row_major);
  if (spread) count_ = drop_near();
  for (int i = 0; i < count_; ++i) refine(cells_[i], peaks);
}

void PafPeakFinder::scan_row(const PafRow& up, const PafRow& row, const PafRow& down, int y) {
  const int scale = scan_taps_.scale;
  const bool plain = scan_taps_.plain();
  for (int i = 0; i < row.span_count; ++i) {
    PafSpan span = row.spans[i];
    if (plain) {  // the border columns have no cell beside them in memory
      if (span.begin == 0) look_at(up, row, down, 0, y);
      if (span.end == map_.width && map_.width > 1) look_at(up, row, down, map_.width - 1, y);
      span = {std::max(span.begin, 1), std::min(span.end, map_.width - 1)};
    }
    const int count = span.end - span.begin;
    for (int r = 0; r < scale && count > 0; ++r) {
      const float* mid = row.planes + r * row.plane_stride + span.begin;
      const float* left = r > 0 ? mid - row.plane_stride : mid + (scale - 1) * row.plane_stride - 1;
      const float* right =
          r + 1 < scale ? mid + row.plane_stride : mid - (scale - 1) * row.plane_stride + 1;
      mark(mid, left, right, up.planes + r * up.plane_stride + span.begin,
           down.planes + r * down.plane_stride + span.begin, count, options_.peak_threshold, mask_);
      std::memset(mask_ + count, 0, 8);
      for (int from = 0; from < count; from += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, mask_ + from, 8);
        if (eight == 0) continue;
        for (int j = from; j < from + 8; ++j) {
          if (mask_[j] != 0) look_at(up, row, down, (span.begin + j) * scale + r, y);
        }
      }
    }
  }
}

void PafPeakFinder::look_at(const PafRow& up, const PafRow& row, const PafRow& down, int x, int y) {
  const int scale = scan_taps_.scale;
  const int width = map_.width * scale;
  const int height = map_.height * scale;
  const float value = row.at(paf_split(x, scale));
  if (!(value > options_.peak_threshold)) return;
  const bool inner = x > 1 && x < width - 2 && y > 1 && y < height - 2;
  const bool ring = x == 1 || x == width - 2 || y == 1 || y == height - 2;
  const bool openpose = options_.peak_rule == PafPeakRule::kOpenPose;
  const bool cross = options_.peak_rule == PafPeakRule::kCross;
  if (openpose && !inner && !ring) return;
  const bool strict = cross || (openpose && inner);
  const PafRow* const rows[3] = {&up, &row, &down};
  for (int dy = -1; dy <= 1; ++dy) {
    if (y + dy < 0 || y + dy >= height) continue;
    for (int dx = -1; dx <= 1; ++dx) {
      const bool corner = dx != 0 && dy != 0;
      if ((dx == 0 && dy == 0) || (cross && corner)) continue;
      if (x + dx < 0 || x + dx >= width) continue;
      const float other = rows[dy + 1]->at(paf_split(x + dx, scale));
      if (other > value || (strict && other == value)) return;
    }
  }
  add({x, y, value});
}

void PafPeakFinder::add(const Peak& peak) {
  if (count_ == 2 * options_.max_peaks) keep_highest();
  cells_[count_++] = peak;
}

void PafPeakFinder::keep_highest() {
  if (count_ <= options_.max_peaks) return;
  std::nth_element(cells_, cells_ + options_.max_peaks, cells_ + count_, comes_before);
  count_ = options_.max_peaks;
}

// Hides each peak that lies near an earlier one which is not hidden itself.
int PafPeakFinder::drop_near() {
  const double nearest = static_cast<double>(options_.min_distance) * options_.min_distance;
  int kept = 0;
  for (int i = 0; i < count_; ++i) {
    bool hidden = false;
    for (int j = kept - 1; j >= 0 && !hidden; --j) {
      const double dx = cells_[i].x - cells_[j].x;
      const double dy = cells_[i].y - cells_[j].y;
      if (dx * dx >= nearest) break;  // the peaks are sorted by x
      hidden = dx * dx + dy * dy < nearest;
    }
    if (!hidden) cells_[kept++] = cells_[i];
  }
  return kept;
}

void PafPeakFinder::refine(const Peak& cell, PafPeaks& peaks) const {
  float x = static_cast<float>(cell.x);
  float y = static_cast<float>(cell.y);
  if (options_.centroid) {
    float sum = 0.0F;
    float sum_x = 0.0F;
    float sum_y = 0.0F;
    const int right = std::min(cell.x + kReach, map_.width * options_.upscale - 1);
    const int bottom = std::min(cell.y + kReach, map_.height * options_.upscale - 1);
    for (int row = std::max(cell.y - kReach, 0); row <= bottom; ++row) {
      for (int column = std::max(cell.x - kReach, 0); column <= right; ++column) {
        const float value = paf_sample(map_, heat_taps_, column, row);
        if (!(value > 0.0F)) continue;
        sum += value;
        sum_x += value * static_cast<float>(column - cell.x);
        sum_y += value * static_cast<float>(row - cell.y);
      }
    }
    if (sum > 0.0F && std::isfinite(sum_x / sum) && std::isfinite(sum_y / sum)) {
      x += sum_x / sum;
      y += sum_y / sum;
    }
  }
  peaks.x[peaks.count] = x + options_.peak_offset;
  peaks.y[peaks.count] = y + options_.peak_offset;
  peaks.score[peaks.count++] =
      options_.smoothing_size > 0 ? paf_sample(map_, heat_taps_, cell.x, cell.y) : cell.score;
}

}  // namespace edgepose
