// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_taps.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/arena.h"
#include "core/group/paf_rows.h"
#include "core/group/paf_sample.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

// The enlarged cell straight from the taps, cell by cell.
float enlarged(const test::OwnedMap& map, const PafTaps& taps, int x, int y) {
  double sum = 0.0;
  for (int j = 0; j < taps.count; ++j) {
    for (int i = 0; i < taps.count; ++i) {
      int column = x / taps.scale + taps.first[x % taps.scale] + i;
      int row = y / taps.scale + taps.first[y % taps.scale] + j;
      const bool outside = column < 0 || column >= map.width || row < 0 || row >= map.height;
      if (taps.zero_border && outside) continue;
      column = std::clamp(column, 0, map.width - 1);
      row = std::clamp(row, 0, map.height - 1);
      sum += static_cast<double>(taps.weight[(x % taps.scale) * taps.count + i]) *
             taps.weight[(y % taps.scale) * taps.count + j] *
             map.cells[static_cast<std::size_t>(row * map.width + column)];
    }
  }
  return static_cast<float>(sum);
}

TEST(PafTaps, OfEveryPhaseAddUpToOne) {
  for (int scale = 1; scale <= kMaxPafUpscale; ++scale) {
    for (const PafTaps& taps :
         {paf_cubic_taps(scale), paf_repeat_taps(scale), paf_smooth_taps(scale, 25),
          paf_smooth_taps(scale, 63), paf_smooth_taps(scale, 1)}) {
      for (int r = 0; r < scale; ++r) {
        double sum = 0.0;
        for (int k = 0; k < taps.count; ++k) sum += taps.weight[r * taps.count + k];
        EXPECT_NEAR(sum, 1.0, 1e-6) << scale << " " << r;
        EXPECT_GE(taps.first[r], taps.low);
        EXPECT_LE(taps.first[r] + taps.count - 1, taps.high);
      }
    }
  }
}

TEST(PafTaps, OfTheCubicAreKnownHalfWay) {
  const PafTaps taps = paf_cubic_taps(2);  // places -0.25 and 0.25
  EXPECT_EQ(taps.first[0], -2);
  EXPECT_EQ(taps.first[1], -1);
  constexpr float kQuarter[4] = {-0.10546875F, 0.87890625F, 0.26171875F, -0.03515625F};
  for (int k = 0; k < 4; ++k) EXPECT_NEAR(taps.weight[4 + k], kQuarter[k], 1e-7F) << k;
  for (int k = 0; k < 4; ++k) EXPECT_NEAR(taps.weight[k], kQuarter[3 - k], 1e-7F) << k;
}

TEST(PafTaps, SplitAnyCoordinate) {
  for (int scale = 1; scale <= kMaxPafUpscale; ++scale) {
    for (const int x : {0, 1, scale - 1, scale, 2 * scale - 1, 12345, (1 << 24) - 1}) {
      EXPECT_EQ(paf_split(x, scale).cell, x / scale) << x << " " << scale;
      EXPECT_EQ(paf_split(x, scale).phase, x % scale) << x << " " << scale;
    }
  }
}

TEST(PafSample, IsTheEnlargedCell) {
  test::OwnedMap map = test::noise_map(7, 5, 3, -1.0F, 1.0F);
  for (const int scale : {1, 2, 3, 8}) {
    for (const PafTaps& taps : {paf_cubic_taps(scale), paf_repeat_taps(scale)}) {
      for (int y = 0; y < 5 * scale; ++y) {
        for (int x = 0; x < 7 * scale; ++x) {
          EXPECT_NEAR(paf_sample(map.view(), taps, x, y), enlarged(map, taps, x, y), 1e-6F);
        }
      }
    }
  }
}

// Rows hold the enlarged cells, and skip only what is not above the threshold.
TEST(PafRows, AreTheEnlargedMapWhereItPasses) {
  struct Case {
    int width, height;
    PafTaps taps;
  };
  const Case cases[] = {{1, 1, paf_cubic_taps(4)},        {13, 9, paf_cubic_taps(1)},
                        {13, 9, paf_cubic_taps(2)},       {70, 6, paf_cubic_taps(8)},
                        {130, 5, paf_repeat_taps(1)},     {9, 11, paf_repeat_taps(3)},
                        {21, 15, paf_smooth_taps(4, 25)}, {12, 10, paf_smooth_taps(1, 25)}};
  for (const Case& one : cases) {
    test::OwnedMap map = test::noise_map(one.width, one.height, 5, -1.0F, 1.0F);
    for (float& cell : map.cells) cell = cell * cell * cell;
    std::vector<unsigned char> memory;
    Arena counting;
    PafRows(counting, one.width, one.taps);
    memory.resize(counting.bytes());
    Arena arena(memory.data());
    PafRows rows(arena, one.width, one.taps);
    rows.clear();
    const int scale = one.taps.scale;
    for (const float threshold : {-2.0F, 0.2F, 0.5F}) {
      rows.start(map.view(), threshold);
      for (int y = 0; y < one.height * scale; ++y) {
        const PafRow row = rows.row(y);
        for (int x = 0; x < one.width * scale; ++x) {
          const float wanted = enlarged(map, one.taps, x, y);
          bool in_span = false;
          for (int i = 0; i < row.span_count; ++i) {
            in_span |= x / scale >= row.spans[i].begin && x / scale < row.spans[i].end;
          }
          if (in_span) {
            EXPECT_NEAR(row.at(paf_split(x, scale)), wanted, 2e-6F) << x << " " << y;
          } else {
            EXPECT_LE(wanted, threshold + 1e-6F) << x << " " << y;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace edgepose
