// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/decode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "core/heatmap/blur.h"
#include "core/heatmap/dark.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

constexpr Subpixel kAll[] = {Subpixel::kNone, Subpixel::kQuarter, Subpixel::kQuadratic,
                             Subpixel::kDark, Subpixel::kUdp,     Subpixel::kMegvii,
                             Subpixel::kMspn, Subpixel::kIntegral};

MapBatch one_map(const test::OwnedMap& map) {
  return {map.cells.data(), 1, 1, map.width, map.height, 0, 0, map.width};
}

TEST(Decode, NoMapsIsNoWork) {
  for (const Subpixel subpixel : kAll) {
    EXPECT_EQ(heatmap_decode({}, subpixel, 11, nullptr, nullptr), Status::kOk);
  }
}

TEST(Decode, RefusesBadBlurKernelsWhereOneIsUsed) {
  const test::OwnedMap map(4, 4, 1.0F);
  float xy[2];
  float score;
  for (const int size : {-1, 0, 2, 12, 65}) {
    EXPECT_EQ(heatmap_decode(one_map(map), Subpixel::kDark, size, xy, &score),
              Status::kBadBlurKernel);
    EXPECT_EQ(heatmap_decode(one_map(map), Subpixel::kUdp, size, xy, &score),
              Status::kBadBlurKernel);
    EXPECT_EQ(heatmap_decode(one_map(map), Subpixel::kQuarter, size, xy, &score), Status::kOk);
  }
}

TEST(Decode, ReadsEveryMapOfAStridedBatch) {
  // Two people, three joints; cells (x, y) of a larger array.
  const test::OwnedMap cells = test::noise_map(40, 6 * 20, 5, 0.0F, 1.0F);
  const MapBatch batch{cells.cells.data() + 4, 2, 3, 30, 15, 60 * 40, 20 * 40, 40};
  for (const Subpixel subpixel : kAll) {
    float xy[12];
    float score[6];
    ASSERT_EQ(heatmap_decode(batch, subpixel, 11, xy, score), Status::kOk);
    for (int i = 0; i < 6; ++i) {
      float single_xy[2];
      float single_score;
      const MapBatch single{batch.data + i * 20 * 40, 1, 1, 30, 15, 0, 0, 40};
      ASSERT_EQ(heatmap_decode(single, subpixel, 11, single_xy, &single_score), Status::kOk);
      EXPECT_EQ(xy[2 * i], single_xy[0]);
      EXPECT_EQ(xy[2 * i + 1], single_xy[1]);
      EXPECT_EQ(score[i], single_score);
    }
  }
}

TEST(Decode, PlacesAreFiniteWhateverTheMapHolds) {
  const float values[] = {test::kNan, test::kInfinity, -test::kInfinity, 3e38F, -3e38F, 1e-45F};
  unsigned seed = 0;
  for (const float value : values) {
    for (int draw = 0; draw < 40; ++draw) {
      test::OwnedMap map = test::noise_map(1 + draw % 9, 1 + draw % 7, ++seed, -1.0F, 1.0F);
      for (std::size_t i = static_cast<std::size_t>(draw) % 5; i < map.cells.size(); i += 3) {
        map.cells[i] = value;
      }
      for (const Subpixel subpixel : kAll) {
        float xy[2];
        float score;
        ASSERT_EQ(heatmap_decode(one_map(map), subpixel, 11, xy, &score), Status::kOk);
        EXPECT_TRUE(std::isfinite(xy[0]) && std::isfinite(xy[1]));
      }
    }
  }
}

struct Refined {
  const char* id;
  Subpixel subpixel;
  int blur_kernel;
};
void PrintTo(const Refined& refined, std::ostream* out) { *out << refined.id; }

class BoundedDecode : public testing::TestWithParam<Refined> {};

TEST_P(BoundedDecode, GivesTheCellWhereTheStepIsTooLong) {
  DecodeOptions options;
  options.subpixel = GetParam().subpixel;
  options.blur_kernel = GetParam().blur_kernel;
  const double longest = longest_dark_step(blur_kernel_of(options.blur_kernel));
  int too_long = 0;
  int short_enough = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    const bool flat = seed % 2 == 0;
    test::OwnedMap map = test::noise_map(24, 24, seed, 0.05F, flat ? 0.0501F : 0.1F);
    if (!flat) map = test::bump_map(24, 24, 11.3F, 12.4F, 1.0F, 0.1F, seed);
    float cell[2], xy[2], held[2], score;
    ASSERT_EQ(heatmap_decode(one_map(map), Subpixel::kNone, 1, cell, &score), Status::kOk);
    options.bounded = false;
    ASSERT_EQ(heatmap_decode(one_map(map), options, xy, &score), Status::kOk);
    options.bounded = true;
    ASSERT_EQ(heatmap_decode(one_map(map), options, held, &score), Status::kOk);
    const float step = std::max(std::fabs(xy[0] - cell[0]), std::fabs(xy[1] - cell[1]));
    const bool taken = static_cast<double>(step) <= longest;
    taken ? ++short_enough : ++too_long;
    EXPECT_EQ(held[0], taken ? xy[0] : cell[0]) << seed;
    EXPECT_EQ(held[1], taken ? xy[1] : cell[1]) << seed;
  }
  EXPECT_GT(too_long, 20);
  EXPECT_GT(short_enough, 200);
}

INSTANTIATE_TEST_SUITE_P(Table, BoundedDecode,
                         testing::Values(Refined{"dark_11", Subpixel::kDark, 11},
                                         Refined{"dark_5", Subpixel::kDark, 5},
                                         Refined{"udp_11", Subpixel::kUdp, 11},
                                         Refined{"udp_17", Subpixel::kUdp, 17}),
                         [](const auto& row) { return row.param.id; });

TEST(BoundedDecode, LimitIsTwoCellsOrTheWidthOfTheBlur) {
  EXPECT_EQ(longest_dark_step(blur_kernel_of(1)), 2.0);
  EXPECT_EQ(longest_dark_step(blur_kernel_of(11)), 2.0);
  EXPECT_NEAR(longest_dark_step(blur_kernel_of(21)), 3.5, 1e-12);
}

// Negative maps, of which exp(value) adds up to about 1: without a bound the debiased place is far
// away.
TEST(BoundedDecode, DebiasedPlacesStayInTheMap) {
  DecodeOptions options;
  options.subpixel = Subpixel::kIntegral;
  options.debias = true;
  int outside = 0;
  for (unsigned seed = 0; seed < 50; ++seed) {
    const float level = 0.006F * static_cast<float>(seed);
    const test::OwnedMap map = test::noise_map(16, 12, seed, level - 6.1F, level - 4.6F);
    float xy[2], held[2], plain[2], score;
    options.bounded = false;
    ASSERT_EQ(heatmap_decode(one_map(map), options, xy, &score), Status::kOk);
    options.bounded = true;
    ASSERT_EQ(heatmap_decode(one_map(map), options, held, &score), Status::kOk);
    DecodeOptions mean = options;
    mean.debias = false;
    ASSERT_EQ(heatmap_decode(one_map(map), mean, plain, &score), Status::kOk);
    const bool inside = xy[0] >= -0.5F && xy[0] <= 15.5F && xy[1] >= -0.5F && xy[1] <= 11.5F;
    outside += inside ? 0 : 1;
    EXPECT_EQ(held[0], inside ? xy[0] : plain[0]) << seed;
    EXPECT_EQ(held[1], inside ? xy[1] : plain[1]) << seed;
  }
  EXPECT_GT(outside, 5);
  EXPECT_LT(outside, 45);
}

}  // namespace
}  // namespace edgepose
