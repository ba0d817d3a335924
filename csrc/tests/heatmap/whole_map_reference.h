// SPDX-License-Identifier: Apache-2.0
// DARK and UDP as published: the whole map is blurred, rescaled, clamped and logged.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/heatmap/dark.h"
#include "tests/random_maps.h"

namespace edgepose::test {

struct LogMap {
  std::vector<double> value;
  int width, height;
  double blurred_maximum;

  double at(int x, int y) const {
    const int column = std::min(std::max(x, 0), width - 1);
    const int row = std::min(std::max(y, 0), height - 1);
    return value[static_cast<std::size_t>(row * width + column)];
  }
};

inline double blurred_at(const MapView& map, const BlurKernel& kernel, int x, int y) {
  double sum = 0;
  for (int j = 0; j < kernel.size; ++j) {
    for (int i = 0; i < kernel.size; ++i) {
      const int row = y + j - kernel.reach();
      const int column = x + i - kernel.reach();
      if (row < 0 || column < 0 || row >= map.height || column >= map.width) continue;
      sum += static_cast<double>(kernel.weight[i]) * kernel.weight[j] * map.at(column, row);
    }
  }
  return sum;
}

inline LogMap log_map(const MapView& map, const BlurKernel& kernel, float old_maximum, double low,
                      double high) {
  LogMap log{{}, map.width, map.height, 0.0};
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) log.value.push_back(blurred_at(map, kernel, x, y));
  }
  log.blurred_maximum = *std::max_element(log.value.begin(), log.value.end());
  for (double& value : log.value) {
    value = std::log(std::min(std::max(value * old_maximum / log.blurred_maximum, low), high));
  }
  return log;
}

inline Shift solve(double gx, double gy, double xx, double xy, double yy) {
  const double determinant = xx * yy - xy * xy;
  return {static_cast<float>((xy * gy - yy * gx) / determinant),
          static_cast<float>((xy * gx - xx * gy) / determinant)};
}

inline Shift dark_reference(const LogMap& log, int x, int y) {
  return solve(0.5 * (log.at(x + 1, y) - log.at(x - 1, y)),
               0.5 * (log.at(x, y + 1) - log.at(x, y - 1)),
               0.25 * (log.at(x + 2, y) - 2 * log.at(x, y) + log.at(x - 2, y)),
               0.25 * (log.at(x + 1, y + 1) - log.at(x + 1, y - 1) - log.at(x - 1, y + 1) +
                       log.at(x - 1, y - 1)),
               0.25 * (log.at(x, y + 2) - 2 * log.at(x, y) + log.at(x, y - 2)));
}

inline Shift udp_reference(const LogMap& log, int x, int y) {
  const double middle = log.at(x, y);
  const double right = log.at(x + 1, y), left = log.at(x - 1, y);
  const double below = log.at(x, y + 1), above = log.at(x, y - 1);
  const double epsilon = std::numeric_limits<float>::epsilon();
  return solve(0.5 * (right - left), 0.5 * (below - above), right - 2 * middle + left + epsilon,
               0.5 * (log.at(x + 1, y + 1) - right - below + 2 * middle - left - above +
                      log.at(x - 1, y - 1)),
               below - 2 * middle + above + epsilon);
}

}  // namespace edgepose::test
