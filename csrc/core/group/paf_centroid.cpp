// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_centroid.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include "core/float4.h"
#include "core/group/paf_sample.h"

namespace edgepose {
namespace {

constexpr int kReach = 3;
constexpr int kSide = 2 * kReach + 1;
constexpr int kWide = 8;    // cells of a window's row, the last one is not read
constexpr int kCells = 12;  // cells that seven enlarged ones draw on, and more
using Window = float[kSide][kWide];

// The window where no cell of it lies outside, and for plain maps none of its eighth column.
void copy_window(const MapView& map, int x, int y, Window window) {
  for (int row = 0; row < kSide; ++row) {
    std::memcpy(window[row], map.row(y - kReach + row) + x - kReach, sizeof window[row]);
  }
}

// First the columns, then the rows: fewer sums than cell by cell.
void interpolate_window(const MapView& map, const PafTaps& taps, int x, int y, Window window) {
  const int left = paf_split(x - kReach, taps.scale).cell + taps.low;
  for (int row = 0; row < kSide; ++row) {
    const PafPlace line = paf_split(y - kReach + row, taps.scale);
    const float* down = taps.weight + std::ptrdiff_t{4} * line.phase;
    float column[kCells];
    for (int from = 0; from < kCells; from += 4) {
      Float4 sum = {};
      for (int k = 0; k < 4; ++k) {
        const float* cells = map.row(line.cell + taps.first[line.phase] + k) + left + from;
        sum += load4(cells) * down[k];
      }
      store4(column + from, sum);
    }
    for (int i = 0; i < kSide; ++i) {
      const PafPlace place = paf_split(x - kReach + i, taps.scale);
      const Float4 cells = load4(column + (place.cell + taps.first[place.phase] - left));
      const Float4 sum = cells * load4(taps.weight + std::ptrdiff_t{4} * place.phase);
      window[row][i] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    }
  }
}

// Cell by cell, near the border.
void sample_window(const MapView& map, const PafTaps& taps, int x, int y, Window window) {
  const int width = map.width * taps.scale;
  const int height = map.height * taps.scale;
  for (int row = 0; row < kSide; ++row) {
    for (int i = 0; i < kSide; ++i) {
      const int at_x = x - kReach + i;
      const int at_y = y - kReach + row;
      const bool inside = at_x >= 0 && at_x < width && at_y >= 0 && at_y < height;
      window[row][i] = inside ? paf_sample(map, taps, at_x, at_y) : 0.0F;
    }
  }
}

bool fits(const MapView& map, int left, int right, int top, int bottom) {
  return left >= 0 && right < map.width && top >= 0 && bottom < map.height;
}

void read_window(const MapView& map, const PafTaps& taps, int x, int y, Window window) {
  if (taps.plain() && fits(map, x - kReach, x + kReach + 1, y - kReach, y + kReach)) {
    return copy_window(map, x, y, window);
  }
  if (taps.count == 4 && x >= kReach && y >= kReach) {
    const int left = paf_split(x - kReach, taps.scale).cell + taps.low;
    const int top = paf_split(y - kReach, taps.scale).cell + taps.low;
    const int bottom = paf_split(y + kReach, taps.scale).cell + taps.high;
    if (fits(map, left, left + kCells - 1, top, bottom)) {
      return interpolate_window(map, taps, x, y, window);
    }
  }
  sample_window(map, taps, x, y, window);
}

float sum4(Float4 value) { return (value[0] + value[1]) + (value[2] + value[3]); }

}  // namespace

void paf_centroid(const MapView& map, const PafTaps& taps, int x, int y, float* shift_x,
                  float* shift_y) {
  Window window = {};
  read_window(map, taps, x, y, window);
  constexpr Float4 kNear = {-3.0F, -2.0F, -1.0F, 0.0F};
  constexpr Float4 kFar = {1.0F, 2.0F, 3.0F, 0.0F};
  Float4 near = {};
  Float4 far = {};
  Float4 below = {};
  for (int row = 0; row < kSide; ++row) {
    window[row][kSide] = 0.0F;
    const Float4 zero = {};
    Float4 a = load4(window[row]);
    Float4 b = load4(window[row] + 4);
    a = a > zero ? a : zero;
    b = b > zero ? b : zero;
    near += a;
    far += b;
    below += (a + b) * static_cast<float>(row - kReach);
  }
  const float sum = sum4(near + far);
  const float along_x = sum4(near * kNear + far * kFar) / sum;
  const float along_y = sum4(below) / sum;
  const bool good = sum > 0.0F && std::isfinite(along_x) && std::isfinite(along_y);
  *shift_x = good ? along_x : 0.0F;
  *shift_y = good ? along_y : 0.0F;
}

}  // namespace edgepose
