// SPDX-License-Identifier: Apache-2.0
// Chroma becomes three terms per pixel, then every pixel is luma plus its terms: both loops
// vectorise.
#include "core/image/yuv_row.h"

#include <cmath>

#include "core/multiversion.h"

namespace edgepose::crop {
namespace {

constexpr int kChunk = 128;  // chroma samples at a time
constexpr std::int32_t kOne = 1 << 16;

struct Terms {
  std::int32_t red[2 * kChunk];
  std::int32_t green[2 * kChunk];
  std::int32_t blue[2 * kChunk];
};

EDGEPOSE_INLINE void fill_terms(const std::uint8_t* u, const std::uint8_t* v, std::ptrdiff_t stride,
                                int count, const YuvFactors& factors, Terms* terms) {
  const std::int32_t base = kOne / 2 - factors.black * factors.luma;
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const std::int32_t cu = u[i * stride] - 128;
    const std::int32_t cv = v[i * stride] - 128;
    const std::int32_t red = base + factors.v_to_red * cv;
    const std::int32_t green = base + factors.u_to_green * cu + factors.v_to_green * cv;
    const std::int32_t blue = base + factors.u_to_blue * cu;
    terms->red[2 * i] = red;
    terms->red[2 * i + 1] = red;
    terms->green[2 * i] = green;
    terms->green[2 * i + 1] = green;
    terms->blue[2 * i] = blue;
    terms->blue[2 * i + 1] = blue;
  }
}

EDGEPOSE_INLINE std::uint8_t byte_of(std::int32_t value) {
  const std::int32_t whole = value >> 16;
  const std::int32_t low = whole > 0 ? whole : 0;
  return static_cast<std::uint8_t>(low < 255 ? low : 255);
}

EDGEPOSE_INLINE void add_luma(const std::uint8_t* luma, std::ptrdiff_t stride, int count,
                              std::int32_t factor, const Terms& terms, int skip,
                              std::uint8_t* rgb) {
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const std::int32_t value = luma[i * stride] * factor;
    rgb[3 * i] = byte_of(value + terms.red[skip + i]);
    rgb[3 * i + 1] = byte_of(value + terms.green[skip + i]);
    rgb[3 * i + 2] = byte_of(value + terms.blue[skip + i]);
  }
}

}  // namespace

YuvFactors yuv_factors(YuvColor color) {
  const bool bt601 = color == YuvColor::kBt601Full || color == YuvColor::kBt601Limited;
  const bool limited = color == YuvColor::kBt601Limited || color == YuvColor::kBt709Limited;
  // Shares of red and blue in luma; chroma is (colour - luma) scaled to a span of one.
  const double red = bt601 ? 0.299 : 0.2126;
  const double blue = bt601 ? 0.114 : 0.0722;
  const double green = 1.0 - red - blue;
  const double luma = kOne * (limited ? 255.0 / 219.0 : 1.0);
  const double chroma = kOne * (limited ? 255.0 / 224.0 : 1.0);
  const auto rounded = [](double value) { return static_cast<std::int32_t>(std::lround(value)); };
  return {limited ? 16 : 0,
          rounded(luma),
          rounded(2.0 * (1.0 - red) * chroma),
          rounded(-2.0 * (1.0 - blue) * blue / green * chroma),
          rounded(-2.0 * (1.0 - red) * red / green * chroma),
          rounded(2.0 * (1.0 - blue) * chroma)};
}

EDGEPOSE_MULTIVERSION
void yuv_row(const Picture& picture, const YuvFactors& factors, int y, int from, int to,
             std::uint8_t* rgb) {
  const std::ptrdiff_t chroma_row = y / 2;
  const std::ptrdiff_t luma_stride = picture.pixel_stride[0];
  const std::ptrdiff_t u_stride = picture.pixel_stride[1];
  const std::ptrdiff_t v_stride = picture.pixel_stride[2];
  Terms terms;
  for (int x = from; x < to;) {
    const int first = x / 2;
    const int samples = (to - 1) / 2 - first + 1 < kChunk ? (to - 1) / 2 - first + 1 : kChunk;
    const int end = 2 * (first + samples) < to ? 2 * (first + samples) : to;
    const std::uint8_t* u =
        picture.plane[1] + chroma_row * picture.row_stride[1] + first * u_stride;
    const std::uint8_t* v =
        picture.plane[2] + chroma_row * picture.row_stride[2] + first * v_stride;
    // Constant strides give loops without gathers.
    if (u_stride == 1 && v_stride == 1) {
      fill_terms(u, v, 1, samples, factors, &terms);
    } else if (u_stride == 2 && v_stride == 2) {
      fill_terms(u, v, 2, samples, factors, &terms);
    } else {
      std::uint8_t apart[2][kChunk];
      for (int i = 0; i < samples; ++i) {
        apart[0][i] = u[i * u_stride];
        apart[1][i] = v[i * v_stride];
      }
      fill_terms(apart[0], apart[1], 1, samples, factors, &terms);
    }
    const std::uint8_t* luma = picture.plane[0] + y * picture.row_stride[0] + x * luma_stride;
    std::uint8_t* out = rgb + 3 * static_cast<std::ptrdiff_t>(x - from);
    if (luma_stride == 1) {
      add_luma(luma, 1, end - x, factors.luma, terms, x - 2 * first, out);
    } else {
      add_luma(luma, luma_stride, end - x, factors.luma, terms, x - 2 * first, out);
    }
    x = end;
  }
}

}  // namespace edgepose::crop
