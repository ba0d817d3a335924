// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_peaks.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/float4.h"
#include "core/group/paf_centroid.h"
#include "core/group/paf_sample.h"

namespace edgepose {
namespace {

// Planes of three rows in one span; the planes beside a plane are those of the neighbouring phases.
struct MarkJob {
  const PafRow* up;
  const PafRow* row;
  const PafRow* down;
  PafSpan span;
  int scale;
  float threshold;
};

// Cells above the threshold that none of the four beside them surpasses, in whole groups of four
// columns. NaN surpasses nothing.
EDGEPOSE_MULTIVERSION
int mark(const MarkJob& job, int* marked) {
  int count = 0;
  const std::ptrdiff_t stride = job.row->plane_stride;
  const std::ptrdiff_t wrap = (job.scale - 1) * stride;
  for (int r = 0; r < job.scale; ++r) {
    const float* row = job.row->planes + r * stride;
    const float* left = r > 0 ? row - stride : row + wrap - 1;
    const float* right = r + 1 < job.scale ? row + stride : row - wrap + 1;
    const float* up = job.up->planes + r * job.up->plane_stride;
    const float* down = job.down->planes + r * job.down->plane_stride;
    for (int x = job.span.begin; x + 4 <= job.span.end; x += 4) {
      const Float4 value = load4(row + x);
      const Int4 hidden = (load4(left + x) > value) | (load4(right + x) > value) |
                          (load4(up + x) > value) | (load4(down + x) > value);
      const Int4 mask = (value > job.threshold) & ~hidden;
      std::uint64_t bits[2];
      std::memcpy(bits, &mask, sizeof bits);
      if ((bits[0] | bits[1]) == 0) continue;
      for (int k = 0; k < 4; ++k) {
        if (mask[k] != 0) marked[count++] = (x + k) * job.scale + r;
      }
    }
  }
  return count;
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
      marked_(arena.take<int>((static_cast<std::size_t>(width) + 3) *
                              static_cast<std::size_t>(options.upscale))),
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
  for (int i = 0; i < row.span_count; ++i) {
    PafSpan span = row.spans[i];
    if (scan_taps_.plain()) {  // no cells lie beside those of the border columns, nor in fours
      const PafSpan whole = span;
      span.begin = std::max(span.begin, 1);
      span.end = std::min(span.end, map_.width - 1);
      span.end = span.begin + std::max(span.end - span.begin, 0) / 4 * 4;
      for (int x = whole.begin; x < span.begin && x < whole.end; ++x) look_at(up, row, down, x, y);
      for (int x = std::max(span.begin, span.end); x < whole.end; ++x) look_at(up, row, down, x, y);
    }
    const int count =
        mark({&up, &row, &down, span, scan_taps_.scale, options_.peak_threshold}, marked_);
    for (int j = 0; j < count; ++j) look_at(up, row, down, marked_[j], y);
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
  float shift_x = 0.0F;
  float shift_y = 0.0F;
  if (options_.centroid) paf_centroid(map_, heat_taps_, cell.x, cell.y, &shift_x, &shift_y);
  peaks.x[peaks.count] = static_cast<float>(cell.x) + shift_x + options_.peak_offset;
  peaks.y[peaks.count] = static_cast<float>(cell.y) + shift_y + options_.peak_offset;
  peaks.score[peaks.count++] =
      options_.smoothing_size > 0 ? paf_sample(map_, heat_taps_, cell.x, cell.y) : cell.score;
}

}  // namespace edgepose
