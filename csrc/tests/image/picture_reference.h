// SPDX-License-Identifier: Apache-2.0
// The definition of the crop of any picture, one pixel at a time in double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/image/crop.h"

namespace edgepose::test {

// A picture as three bytes a pixel: its channels red, green, blue.
inline std::vector<std::uint8_t> as_rgb(const Picture& picture) {
  std::vector<std::uint8_t> rgb;
  const bool bt601 = picture.yuv == YuvColor::kBt601Full || picture.yuv == YuvColor::kBt601Limited;
  const bool limited =
      picture.yuv == YuvColor::kBt601Limited || picture.yuv == YuvColor::kBt709Limited;
  const double red = bt601 ? 0.299 : 0.2126;
  const double blue = bt601 ? 0.114 : 0.0722;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (picture.format != PixelFormat::kYuv420) {
        const int bytes = picture.format == PixelFormat::kPacked3   ? 3
                          : picture.format == PixelFormat::kPacked4 ? 4
                                                                    : 1;
        const std::uint8_t* pixel = picture.plane[0] + y * picture.row_stride[0] + bytes * x;
        for (const int channel : picture.channel) rgb.push_back(pixel[bytes == 1 ? 0 : channel]);
        continue;
      }
      double yuv[3];
      for (int i = 0; i < 3; ++i) {
        const int column = i == 0 ? x : x / 2;
        const int row = i == 0 ? y : y / 2;
        yuv[i] = picture.plane[i][row * picture.row_stride[i] + column * picture.pixel_stride[i]];
      }
      const double luma = limited ? (yuv[0] - 16) / 219 : yuv[0] / 255;
      const double u = (yuv[1] - 128) / (limited ? 224 : 255);
      const double v = (yuv[2] - 128) / (limited ? 224 : 255);
      const double r = luma + 2 * (1 - red) * v;
      const double b = luma + 2 * (1 - blue) * u;
      const double g = (luma - red * r - blue * b) / (1 - red - blue);
      for (const double value : {r, g, b}) {
        rgb.push_back(
            static_cast<std::uint8_t>(std::lround(255 * std::min(1.0, std::max(0.0, value)))));
      }
    }
  }
  return rgb;
}

// Pixels and their shares under two taps or a box; a pixel may lie outside.
using Shares = std::vector<std::pair<int, double>>;

inline Shares shares(double place, double box) {
  Shares out;
  if (box == 0) {
    const double low = std::floor(place);
    return {{static_cast<int>(low), 1 - (place - low)}, {static_cast<int>(low) + 1, place - low}};
  }
  const double from = place + 0.5 - box / 2;
  for (int i = static_cast<int>(std::floor(from)); i < from + box; ++i) {
    const double overlap = std::min(i + 1.0, from + box) - std::max(1.0 * i, from);
    if (overlap > 0) out.emplace_back(i, overlap / box);
  }
  return out;
}

struct RgbView {
  const std::vector<std::uint8_t>& rgb;
  int width;
  int height;
  double pad;

  double at(int x, int y, int channel) const {
    const bool inside = x >= 0 && y >= 0 && x < width && y < height;
    return inside ? rgb[static_cast<std::size_t>(3 * (y * width + x) + channel)] : pad;
  }
  double mean(const Shares& columns, const Shares& rows, int channel) const {
    double sum = 0;
    for (const auto& [y, share] : rows) {
      for (const auto& [x, part] : columns) sum += share * part * at(x, y, channel);
    }
    return sum;
  }
};

// Grey levels of one crop, [3, height, width], not normalised.
inline std::vector<double> crop_values(const Picture& picture, const double* m, int width,
                                       int height, double pad, bool antialias) {
  const std::vector<std::uint8_t> rgb = as_rgb(picture);
  const RgbView view{rgb, picture.width, picture.height, pad};
  const bool straight = m[1] == 0 && m[3] == 0;
  const bool quarter = m[0] == 0 && m[4] == 0;
  const double step[2] = {std::hypot(m[0], m[1]), std::hypot(m[3], m[4])};
  const bool boxes = antialias && (straight || quarter);
  double box[2], cell[2];
  for (int i = 0; i < 2; ++i) {
    box[i] = boxes && step[i] > kMaxBlendedStep ? std::min(step[i], 1.0 * kMaxBox) : 0;
    const double factor = std::floor(step[i] / kMaxBlendedStep + 0.5);
    cell[i] = antialias && !boxes ? std::min(1.0 * kMaxBox, std::max(1.0, factor)) : 1;
  }
  std::vector<double> out;
  for (int channel = 0; channel < 3; ++channel) {
    for (int row = 0; row < height; ++row) {
      for (int column = 0; column < width; ++column) {
        const double x = m[0] * column + m[1] * row + m[2];
        const double y = m[3] * column + m[4] * row + m[5];
        const Shares across = shares((x + 0.5) / cell[0] - 0.5, box[0]);
        const Shares down = shares((y + 0.5) / cell[1] - 0.5, box[1]);
        if (cell[0] == 1 && cell[1] == 1) {
          out.push_back(view.mean(across, down, channel));
          continue;
        }
        double sum = 0;
        for (const auto& [j, share] : down) {
          for (const auto& [i, part] : across) {
            sum += share * part *
                   view.mean(shares(cell[0] * i + 0.5 * (cell[0] - 1), cell[0]),
                             shares(cell[1] * j + 0.5 * (cell[1] - 1), cell[1]), channel);
          }
        }
        out.push_back(sum);
      }
    }
  }
  return out;
}

}  // namespace edgepose::test
