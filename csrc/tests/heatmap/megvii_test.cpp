// SPDX-License-Identifier: Apache-2.0
// The blur of a box against the blur of the whole map with its border.
#include "core/heatmap/megvii.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/heatmap/blurred_top.h"
#include "core/heatmap/decode.h"
#include "tests/heatmap/whole_map_reference.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::OwnedMap;

// Two bumps, so that the highest cells may lie apart.
OwnedMap two_bumps(int width, int height, float lift, unsigned seed) {
  const auto s = static_cast<float>(seed);
  OwnedMap map = test::bump_map(width, height, 1.7F * s - 1.0F, 1.1F * s, 200.0F, 6.0F, seed);
  const OwnedMap other = test::bump_map(width, height, 20.2F, 9.4F, 20.0F * s, 0.0F, seed);
  for (std::size_t i = 0; i < map.cells.size(); ++i) map.cells[i] += other.cells[i] + lift;
  return map;
}

struct Blurred {
  int x, y;
  double value;
};

// All cells of the blurred map and its border, highest first.
std::vector<Blurred> whole_order(const OwnedMap& map, const BlurKernel& kernel, int border) {
  std::vector<Blurred> cells;
  for (int y = -border; y < map.height + border; ++y) {
    for (int x = -border; x < map.width + border; ++x) {
      cells.push_back({x, y, test::blurred_at(map.view(), kernel, x, y)});
    }
  }
  std::stable_sort(cells.begin(), cells.end(),
                   [](const Blurred& a, const Blurred& b) { return a.value > b.value; });
  return cells;
}

TEST(BlurredTop, FindsWhatTheWholeMapHolds) {
  for (const int size : {1, 3, 5, 11, 21}) {
    const BlurKernel kernel = blur_kernel_of(size);
    for (const int border : {0, 10}) {
      for (unsigned seed = 0; seed < 12; ++seed) {
        const OwnedMap map = two_bumps(seed % 2 ? 30 : 90, 24, seed % 3 ? 0.0F : -150.0F, seed);
        Cell top[5];
        const int found = blurred_top(map.view(), kernel, map_argmax(map.view()), border, 5, top);
        const auto wanted = whole_order(map, kernel, border);
        for (int i = 0; i < 5 && wanted[static_cast<std::size_t>(i)].value > 0.0; ++i) {
          ASSERT_LT(i, found);
          EXPECT_EQ(top[i].x, wanted[static_cast<std::size_t>(i)].x) << size << " " << seed;
          EXPECT_EQ(top[i].y, wanted[static_cast<std::size_t>(i)].y) << size << " " << seed;
          EXPECT_NEAR(top[i].score, wanted[static_cast<std::size_t>(i)].value, 1e-3);
        }
      }
    }
  }
}

TEST(BlurredTop, FewerCellsThanAsked) {
  const OwnedMap map(2, 1, 3.0F);
  Cell top[5];
  ASSERT_EQ(blurred_top(map.view(), blur_kernel_of(3), {0, 0, 3.0F}, 0, 5, top), 2);
  EXPECT_EQ(top[0].x, 0);
  EXPECT_EQ(top[1].x, 1);
  const OwnedMap tiny(3, 3, 1e-45F);
  EXPECT_EQ(blurred_top(tiny.view(), blur_kernel_of(11), {0, 0, 1e-45F}, 0, 1, top), 1);
}

TEST(Mspn, MovesTowardsTheSecondMaximum) {
  OwnedMap map(20, 20);
  map.at(10, 8) = 255.0F;
  map.at(13, 12) = 100.0F;
  const float shift = 0.25F;
  const Place place = mspn_place(map.view(), {10, 8, 255.0F}, blur_kernel_of(1), &shift, 1);
  EXPECT_FLOAT_EQ(place.x, 10.15F);
  EXPECT_FLOAT_EQ(place.y, 8.2F);
  EXPECT_FLOAT_EQ(place.score, 1.5F);
}

TEST(Mspn, WithoutAPositiveMaximumItIsTheFirstCell) {
  const OwnedMap map(6, 5, -2.0F);
  const float shift = 0.25F;
  const Place place = mspn_place(map.view(), {3, 3, -2.0F}, blur_kernel_of(5), &shift, 1);
  EXPECT_EQ(place.x, 0.0F);
  EXPECT_EQ(place.y, 0.0F);
}

TEST(Megvii, ReadsTheBlurredNeighbours) {
  const OwnedMap map = test::bump_map(48, 64, 20.3F, 30.6F, 200.0F, 0.0F, 1);
  const Place place = megvii_place(map.view(), map_argmax(map.view()), blur_kernel_of(11));
  EXPECT_FLOAT_EQ(place.x, 20.25F);
  EXPECT_FLOAT_EQ(place.y, 30.75F);
}

TEST(Megvii, AMaximumThatIsNotPositiveOrNotFiniteStays) {
  for (const float value : {0.0F, -3.0F, test::kInfinity}) {
    OwnedMap map(9, 9, -5.0F);
    map.at(4, 5) = value;
    const Place place = megvii_place(map.view(), {4, 5, value}, blur_kernel_of(3));
    EXPECT_EQ(place.x, 4.0F);
    EXPECT_EQ(place.y, 5.0F);
  }
}

TEST(Megvii, RefusesBadOptions) {
  const OwnedMap map(4, 4, 1.0F);
  const MapBatch batch{map.cells.data(), 1, 1, 4, 4, 0, 0, 4};
  float xy[2];
  float score;
  DecodeOptions options;
  options.subpixel = Subpixel::kMspn;
  options.shift_count = 5;
  EXPECT_EQ(heatmap_decode(batch, options, xy, &score), Status::kBadOption);
  options.shift_count = 1;
  for (const float shift : {-0.1F, 1.5F, test::kNan}) {
    options.shifts[0] = shift;
    EXPECT_EQ(heatmap_decode(batch, options, xy, &score), Status::kBadOption);
  }
  options.subpixel = Subpixel::kMegvii;
  options.blur_kernel = 2;
  EXPECT_EQ(heatmap_decode(batch, options, xy, &score), Status::kBadBlurKernel);
}

}  // namespace
}  // namespace edgepose
