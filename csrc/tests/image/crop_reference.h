// SPDX-License-Identifier: Apache-2.0
// The definition of the crop, one pixel at a time in double.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "core/image/crop.h"

namespace edgepose::test {

inline double tap(const ImageView& image, double x, double y, int channel, double pad) {
  const bool inside = x >= 0 && y >= 0 && x < image.width && y < image.height;
  if (!inside) return pad;
  return image.row(static_cast<int>(y))[3 * static_cast<int>(x) + channel];
}

inline std::vector<double> crop_reference(const ImageView& image, const double* m, int width,
                                          int height, const CropColor& color) {
  std::vector<double> out;
  for (int c = 0; c < 3; ++c) {
    const int channel = color.swap_rb ? 2 - c : c;
    for (int row = 0; row < height; ++row) {
      for (int column = 0; column < width; ++column) {
        const double x = m[0] * column + m[1] * row + m[2];
        const double y = m[3] * column + m[4] * row + m[5];
        const double left = std::floor(x);
        const double top = std::floor(y);
        double sum = 0;
        for (int dy = 0; dy < 2; ++dy) {
          for (int dx = 0; dx < 2; ++dx) {
            const double weight =
                (dx == 1 ? x - left : 1 - (x - left)) * (dy == 1 ? y - top : 1 - (y - top));
            sum += weight * tap(image, left + dx, top + dy, channel, color.pad_value);
          }
        }
        out.push_back((sum - color.mean[c]) / color.std[c]);
      }
    }
  }
  return out;
}

}  // namespace edgepose::test
