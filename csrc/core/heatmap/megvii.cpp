// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/megvii.h"

#include <algorithm>
#include <cmath>

#include "core/heatmap/blurred_top.h"

namespace edgepose {
namespace {

constexpr int kBorder = 10;

float quarter_towards(float low, float high) {
  return high > low ? 0.25F : high < low ? -0.25F : 0.0F;
}

struct Point {
  double x, y;
};

// The published form removes the cells that it has used, and so meets zeros where nothing positive
// is left.
Point next_maximum(const Cell* top, int found, int index) {
  if (index >= found || !(top[index].score > 0.0F)) return {-kBorder, -kBorder};
  return {static_cast<double>(top[index].x), static_cast<double>(top[index].y)};
}

}  // namespace

float megvii_score(float value) { return value / 255.0F + 0.5F; }

Place megvii_place(const HeatmapView& map, const Cell& cell, const BlurKernel& kernel) {
  Place place{static_cast<float>(cell.x), static_cast<float>(cell.y), megvii_score(cell.score)};
  if (!(cell.score > 0.0F) || !std::isfinite(cell.score)) return place;
  Cell best;
  if (blurred_top(map, kernel, cell, 0, 1, &best) == 0 || !(best.score > 0.0F)) return place;
  place.x = static_cast<float>(best.x);
  place.y = static_cast<float>(best.y);
  const bool inside = best.x > 1 && best.x < map.width - 1 && best.y > 1 && best.y < map.height - 1;
  if (!inside) return place;
  constexpr int kMiddle = kWindow / 2;
  float window[kWindow][kWindow];
  blur_window(map, kernel, best.x, best.y, window);
  place.x += quarter_towards(window[kMiddle][kMiddle - 1], window[kMiddle][kMiddle + 1]);
  place.y += quarter_towards(window[kMiddle - 1][kMiddle], window[kMiddle + 1][kMiddle]);
  return place;
}

Place mspn_place(const HeatmapView& map, const Cell& cell, const BlurKernel& kernel,
                 const float* shifts, int count) {
  Cell top[kMaxShifts + 1];
  const int found = blurred_top(map, kernel, cell, kBorder, count + 1, top);
  Point at = next_maximum(top, found, 0);
  for (int i = 0; i < count; ++i) {
    const Point next = next_maximum(top, found, i + 1);
    const double dx = next.x - at.x;
    const double dy = next.y - at.y;
    const double length = std::sqrt(dx * dx + dy * dy);
    if (!(length > 1e-3)) continue;
    at.x += static_cast<double>(shifts[i]) * dx / length;
    at.y += static_cast<double>(shifts[i]) * dy / length;
  }
  at.x = std::min(std::max(at.x, 0.0), map.width - 1.0);
  at.y = std::min(std::max(at.y, 0.0), map.height - 1.0);
  const float value = cell_value(map, static_cast<int>(std::nearbyint(at.x)),
                                 static_cast<int>(std::nearbyint(at.y)));
  return {static_cast<float>(at.x), static_cast<float>(at.y),
          megvii_score(std::isnan(value) ? cell.score : value)};
}

}  // namespace edgepose
