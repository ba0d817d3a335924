// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/decode.h"

#include <gtest/gtest.h>

#include <cmath>

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

}  // namespace
}  // namespace edgepose
