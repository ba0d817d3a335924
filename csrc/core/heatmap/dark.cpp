// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/dark.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgepose {
namespace {

constexpr int kCenter = kWindow / 2;

struct Clamp {
  double low;
  double high;
};

// Log of the clamped, rescaled, blurred cells around the maximum; at(dx, dy) from its cell.
struct LogWindow {
  double value[kWindow][kWindow];
  bool usable = false;

  double at(int dx, int dy) const { return value[kCenter + dy][kCenter + dx]; }
};

// Scale that the published forms apply before the clamp, or 1 where it cannot matter (see dark.h);
// not finite where the blurred maximum is 0. Where a map is so negative around its maximum that
// even the blurred maximum is negative, the scale is too, as published.
double scale_of(const HeatmapView& map, const Cell& cell, const BlurKernel& kernel, Clamp clamp,
                float lowest, float highest) {
  if (lowest >= clamp.low && cell.score <= clamp.high) return 1.0;
  return cell.score / static_cast<double>(blurred_maximum(map, kernel, highest));
}

// `reach` cells around the maximum enter the step; those outside the map repeat the border.
LogWindow log_window(const HeatmapView& map, const Cell& cell, const BlurKernel& kernel,
                     Clamp clamp, int reach) {
  LogWindow window;
  float blurred[kWindow][kWindow];
  blur_window(map, kernel, cell.x, cell.y, blurred);
  const int left = std::max(-reach, -cell.x);
  const int right = std::min(reach, map.width - 1 - cell.x);
  const int top = std::max(-reach, -cell.y);
  const int bottom = std::min(reach, map.height - 1 - cell.y);
  float lowest = std::numeric_limits<float>::infinity();
  float highest = -lowest;
  for (int dy = top; dy <= bottom; ++dy) {
    for (int dx = left; dx <= right; ++dx) {
      const float value = blurred[kCenter + dy][kCenter + dx];
      if (!std::isfinite(value)) return window;
      lowest = std::min(lowest, value);
      highest = std::max(highest, value);
    }
  }
  const double scale = scale_of(map, cell, kernel, clamp, lowest, highest);
  if (!std::isfinite(scale)) return window;
  for (int dy = -reach; dy <= reach; ++dy) {
    for (int dx = -reach; dx <= reach; ++dx) {
      const int from_y = std::min(std::max(dy, top), bottom);
      const int from_x = std::min(std::max(dx, left), right);
      const double value = blurred[kCenter + from_y][kCenter + from_x] * scale;
      window.value[kCenter + dy][kCenter + dx] =
          std::log(std::min(std::max(value, clamp.low), clamp.high));
    }
  }
  window.usable = true;
  return window;
}

// -H^-1 g, or no shift where that is not finite.
Shift newton_step(double gx, double gy, double hxx, double hxy, double hyy) {
  const double determinant = hxx * hyy - hxy * hxy;
  const double x = -(hyy * gx - hxy * gy) / determinant;
  const double y = -(hxx * gy - hxy * gx) / determinant;
  if (!std::isfinite(x) || !std::isfinite(y)) return {};
  return {static_cast<float>(x), static_cast<float>(y)};
}

bool has_peak(const Cell& cell) { return cell.score > 0.0F && std::isfinite(cell.score); }

}  // namespace

Shift dark_shift(const HeatmapView& map, const Cell& cell, const BlurKernel& kernel) {
  const bool inside = cell.x > 1 && cell.x < map.width - 2 && cell.y > 1 && cell.y < map.height - 2;
  if (!inside || !has_peak(cell)) return {};
  const Clamp clamp{1e-10, std::numeric_limits<double>::infinity()};
  const LogWindow log = log_window(map, cell, kernel, clamp, 2);
  if (!log.usable) return {};
  const double center = 2.0 * log.at(0, 0);
  return newton_step(0.5 * (log.at(1, 0) - log.at(-1, 0)), 0.5 * (log.at(0, 1) - log.at(0, -1)),
                     0.25 * (log.at(2, 0) - center + log.at(-2, 0)),
                     0.25 * (log.at(1, 1) - log.at(1, -1) - log.at(-1, 1) + log.at(-1, -1)),
                     0.25 * (log.at(0, 2) - center + log.at(0, -2)));
}

double longest_dark_step(const BlurKernel& kernel) { return std::max(2.0, kernel.sigma()); }

Shift udp_shift(const HeatmapView& map, const Cell& cell, const BlurKernel& kernel) {
  if (!has_peak(cell)) return {};
  const LogWindow log = log_window(map, cell, kernel, {1e-3, 50.0}, 1);
  if (!log.usable) return {};
  const double center = 2.0 * log.at(0, 0);
  const double epsilon = std::numeric_limits<float>::epsilon();
  const double sides = log.at(1, 0) + log.at(-1, 0);
  const double ends = log.at(0, 1) + log.at(0, -1);
  return newton_step(0.5 * (log.at(1, 0) - log.at(-1, 0)), 0.5 * (log.at(0, 1) - log.at(0, -1)),
                     sides - center + epsilon,
                     0.5 * (log.at(1, 1) - sides - ends + center + log.at(-1, -1)),
                     ends - center + epsilon);
}

}  // namespace edgepose
