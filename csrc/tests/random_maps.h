// SPDX-License-Identifier: Apache-2.0
// Seeded inputs that several tests use.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "core/view.h"

namespace edgepose::test {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr double kDoubleInfinity = std::numeric_limits<double>::infinity();

// A map that owns its cells.
struct OwnedMap {
  std::vector<float> cells;
  int width;
  int height;

  OwnedMap(int w, int h, float value = 0.0F)
      : cells(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), value),
        width(w),
        height(h) {}

  float& at(int x, int y) { return cells[static_cast<std::size_t>(y * width + x)]; }
  MapView view() const { return {cells.data(), width, height, width}; }
};

inline OwnedMap noise_map(int width, int height, unsigned seed, float low, float high) {
  OwnedMap map(width, height);
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> value(low, high);
  for (float& cell : map.cells) cell = value(generator);
  return map;
}

// A Gaussian bump of height `score` over noise of +-`noise`.
inline OwnedMap bump_map(int width, int height, float x, float y, float score, float noise,
                         unsigned seed) {
  OwnedMap map = noise_map(width, height, seed, -noise, noise);
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const float dx = static_cast<float>(column) - x;
      const float dy = static_cast<float>(row) - y;
      map.at(column, row) += score * std::exp(-(dx * dx + dy * dy) / 8.0F);
    }
  }
  return map;
}

inline std::vector<std::uint8_t> noise_picture(int width, int height, unsigned seed) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width * height * 3));
  std::mt19937 generator(seed);
  std::uniform_int_distribution<int> value(0, 255);
  for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(value(generator));
  return pixels;
}

}  // namespace edgepose::test
