// SPDX-License-Identifier: Apache-2.0
// What is stored and what it means: element types, layouts, the checks, and that every decoder
// answers the same for both.
#include "core/heatmap/heatmap_view.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/heatmap/decode.h"
#include "core/heatmap/rank.h"
#include "tests/elements.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::kElements;
using test::kNan;

// The definition of half precision.
double half_value(unsigned bits) {
  const double sign = bits >> 15 ? -1.0 : 1.0;
  const int exponent = static_cast<int>(bits >> 10 & 31);
  const double fraction = (bits & 1023) / 1024.0;
  if (exponent == 31) return fraction > 0 ? kNan : sign * INFINITY;
  return sign * (exponent ? std::ldexp(1.0 + fraction, exponent - 15) : std::ldexp(fraction, -14));
}

TEST(Half, EveryOneIsExact) {
  for (unsigned bits = 0; bits < 65536; ++bits) {
    const float value = value_of(Half{static_cast<std::uint16_t>(bits)});
    const double wanted = half_value(bits);
    if (std::isnan(wanted)) {
      EXPECT_TRUE(std::isnan(value));
    } else {
      EXPECT_EQ(value, wanted);
      EXPECT_EQ(std::signbit(value), std::signbit(wanted));
    }
  }
}

TEST(Rank, OrdersAsNumbersDo) {
  for (unsigned a = 0; a < 65536; a += 37) {
    for (unsigned b = 0; b < 65536; b += 41) {
      const Half first{static_cast<std::uint16_t>(a)};
      const Half second{static_cast<std::uint16_t>(b)};
      const float x = value_of(first);
      const float y = value_of(second);
      if (std::isnan(x) || std::isnan(y)) continue;
      EXPECT_EQ(rank_of(first) < rank_of(second), x < y);
      EXPECT_EQ(rank_of(x) < rank_of(y), x < y);
      EXPECT_EQ(rank_of(x) == rank_of(y), x == y);
    }
  }
  EXPECT_EQ(rank_of(kNan), kUnranked);
  EXPECT_EQ(rank_of(Half{0xfe00}), kUnranked);
}

TEST(HeatmapView, IntegersMeanTheirDistanceFromTheZeroPoint) {
  const std::int8_t stored[] = {-128, 0, 127};
  HeatmapView map;
  map.data = stored;
  map.element = Element::kInt8;
  map.width = 3;
  map.height = 1;
  map.quantization = {0.5F, -28};
  EXPECT_EQ(cell_value(map, 0, 0), -50.0F);
  EXPECT_EQ(cell_value(map, 2, 0), 77.5F);
  float cells[6];
  read_cells(map, 0, -2, 6, cells);
  const float wanted[] = {0.0F, 0.0F, -50.0F, 14.0F, 77.5F, 0.0F};
  for (int i = 0; i < 6; ++i) EXPECT_EQ(cells[i], wanted[i]);
  for (const int y : {-1, 1}) {
    read_cells(map, y, 0, 3, cells);
    EXPECT_EQ(cells[0] + cells[1] + cells[2], 0.0F);
  }
}

TEST(HeatmapBatch, RefusesScalesAndZeroPointsOutsideTheirRange) {
  test::StoredMaps maps = test::stored_maps(Element::kInt8, 1, 1, 2, 2, false, 1);
  for (const Quantization rule : {Quantization{0.0F, 0},
                                  {-1.0F, 0},
                                  {kNan, 0},
                                  {test::kInfinity, 0},
                                  {1e-31F, 0},
                                  {1.0F, -129},
                                  {1.0F, 128}}) {
    maps.batch.quantization = rule;
    EXPECT_EQ(check_maps(maps.batch), Status::kBadQuantization);
  }
  maps.batch.element = Element::kUint8;
  maps.batch.quantization = {1.0F, -1};
  EXPECT_EQ(check_maps(maps.batch), Status::kBadQuantization);
  maps.batch.quantization = {1.0F, 255};
  EXPECT_EQ(check_maps(maps.batch), Status::kOk);
  maps.batch.element = Element::kFloat32;
  maps.batch.quantization = {kNan, 999};  // floats ignore it
  EXPECT_EQ(check_maps(maps.batch), Status::kOk);
}

void expect_same(const test::StoredMaps& maps, const DecodeOptions& options) {
  const auto count = static_cast<std::size_t>(maps.batch.people * maps.batch.joints);
  std::vector<float> xy(2 * count), wanted_xy(2 * count), score(count), wanted(count);
  ASSERT_EQ(heatmap_decode(maps.batch, options, xy.data(), score.data()), Status::kOk);
  ASSERT_EQ(heatmap_decode(maps.packed(), options, wanted_xy.data(), wanted.data()), Status::kOk);
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_EQ(xy[2 * i], wanted_xy[2 * i]);
    EXPECT_EQ(xy[2 * i + 1], wanted_xy[2 * i + 1]);
    if (std::isnan(wanted[i])) {
      EXPECT_TRUE(std::isnan(score[i]));
    } else {
      EXPECT_EQ(score[i], wanted[i]);
    }
  }
}

TEST(HeatmapBatch, EveryElementTypeAndLayoutDecodesAsItsValues) {
  unsigned seed = 0;
  for (const Element element : kElements) {
    for (const bool channels_last : {false, true}) {
      for (int method = 0; method <= static_cast<int>(Subpixel::kIntegral); ++method) {
        DecodeOptions options;
        options.subpixel = static_cast<Subpixel>(method);
        expect_same(test::stored_maps(element, 2, 5, 19, 21, channels_last, ++seed), options);
      }
    }
  }
}

TEST(HeatmapBatch, InterleavedJointsOfAnyNumberAndAnyBits) {
  unsigned seed = 0;
  for (const Element element : kElements) {
    for (const int joints : {1, 3, 4, 5, 7, 8, 15, 16, 17, 31, 64, 65, 133}) {
      for (const bool wild : {false, true}) {
        expect_same(test::stored_maps(element, 2, joints, 4, 5, true, ++seed, wild), {});
      }
    }
  }
}

TEST(HeatmapBatch, InterleavedMapsOfNothingButNan) {
  const std::vector<float> cells(2 * 2 * 6, kNan);
  HeatmapBatch maps = MapBatch{cells.data(), 1, 6, 2, 2, 24, 1, 12};
  maps.cell_stride = 6;
  float xy[12];
  float score[6];
  ASSERT_EQ(heatmap_decode(maps, DecodeOptions{}, xy, score), Status::kOk);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(xy[2 * i] + xy[2 * i + 1], 0.0F);
    EXPECT_TRUE(std::isnan(score[i]));
  }
}

}  // namespace
}  // namespace edgepose
