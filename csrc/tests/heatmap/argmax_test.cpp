// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/argmax.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::kInfinity;
using test::kNan;
using test::OwnedMap;

Cell reference(const MapView& map) {
  Cell best{0, 0, kNan};
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      const float value = map.at(x, y);
      if (!std::isnan(value) && !(value <= best.score)) best = {x, y, value};
    }
  }
  return best;
}

void expect_cell(const Cell& cell, int x, int y, float score) {
  EXPECT_EQ(cell.x, x);
  EXPECT_EQ(cell.y, y);
  if (std::isnan(score)) {
    EXPECT_TRUE(std::isnan(cell.score));
  } else {
    EXPECT_EQ(cell.score, score);
  }
}

TEST(Argmax, NoMapsIsNoWork) {
  EXPECT_EQ(heatmap_argmax({}, nullptr, nullptr), Status::kOk);
  EXPECT_EQ(heatmap_argmax(MapBatch{nullptr, 3, 0, 0, 0, 0, 0, 0}, nullptr, nullptr), Status::kOk);
}

TEST(Argmax, RefusesBadMaps) {
  const float cell = 1.0F;
  float xy[2];
  float score;
  EXPECT_EQ(heatmap_argmax(MapBatch{&cell, -1, 1, 1, 1, 1, 1, 1}, xy, &score), Status::kBadSize);
  EXPECT_EQ(heatmap_argmax(MapBatch{&cell, 1, 1, 0, 1, 1, 1, 1}, xy, &score), Status::kBadSize);
  EXPECT_EQ(heatmap_argmax(MapBatch{&cell, 1, 1, 1, kMaxSide + 1, 1, 1, 1}, xy, &score),
            Status::kBadSize);
  EXPECT_EQ(heatmap_argmax(MapBatch{nullptr, 1, 1, 1, 1, 1, 1, 1}, xy, &score),
            Status::kNullPointer);
  EXPECT_EQ(heatmap_argmax(MapBatch{&cell, 1, 1, 1, 1, 1, 1, 1}, nullptr, &score),
            Status::kNullPointer);
}

TEST(Argmax, AgreesWithTheDefinition) {
  unsigned seed = 0;
  for (const int width : {1, 2, 7, 16, 48, 72, 129}) {
    for (const int height : {1, 3, 20}) {
      for (int draw = 0; draw < 5; ++draw) {
        OwnedMap map = test::noise_map(width, height, ++seed, -1.0F, 1.0F);
        for (float& cell : map.cells) cell = std::round(cell * 4.0F) / 4.0F;  // many ties
        const Cell expected = reference(map.view());
        expect_cell(map_argmax(map.view()), expected.x, expected.y, expected.score);
      }
    }
  }
}

TEST(Argmax, EqualCellsGiveTheFirst) {
  expect_cell(map_argmax(OwnedMap(48, 64, 0.5F).view()), 0, 0, 0.5F);
  expect_cell(map_argmax(OwnedMap(48, 64, 0.0F).view()), 0, 0, 0.0F);
  expect_cell(map_argmax(OwnedMap(48, 64, -2.0F).view()), 0, 0, -2.0F);
}

TEST(Argmax, ZerosOfEitherSignAreEqual) {
  OwnedMap map(48, 64, -1.0F);
  map.at(5, 0) = -0.0F;
  map.at(2, 40) = 0.0F;
  expect_cell(map_argmax(map.view()), 5, 0, 0.0F);
}

TEST(Argmax, PassesOverNan) {
  OwnedMap map = test::noise_map(48, 64, 3, -1.0F, 1.0F);
  map.at(3, 3) = 2.0F;
  for (const float nan : {kNan, -kNan}) {
    map.at(0, 0) = nan;
    map.at(47, 63) = nan;
    expect_cell(map_argmax(map.view()), 3, 3, 2.0F);
  }
  expect_cell(map_argmax(OwnedMap(5, 5, kNan).view()), 0, 0, kNan);
  expect_cell(map_argmax(OwnedMap(5, 5, -kNan).view()), 0, 0, kNan);
}

TEST(Argmax, InfinitiesAreValues) {
  OwnedMap map(48, 64, -kInfinity);
  expect_cell(map_argmax(map.view()), 0, 0, -kInfinity);
  map.at(0, 0) = kNan;
  expect_cell(map_argmax(map.view()), 1, 0, -kInfinity);
  map.at(9, 9) = -1e30F;
  expect_cell(map_argmax(map.view()), 9, 9, -1e30F);
  map.at(20, 50) = kInfinity;
  expect_cell(map_argmax(map.view()), 20, 50, kInfinity);
}

TEST(Argmax, ReadsStridedRows) {
  OwnedMap map = test::noise_map(60, 40, 11, 0.0F, 1.0F);
  const MapView part{map.cells.data() + 3 * 60 + 7, 31, 20, 60};
  const Cell expected = reference(part);
  expect_cell(map_argmax(part), expected.x, expected.y, expected.score);
  OwnedMap nan_rows(8, 3, kNan);
  nan_rows.at(6, 2) = -5.0F;
  expect_cell(map_argmax(MapView{nan_rows.cells.data(), 7, 3, 8}), 6, 2, -5.0F);
}

}  // namespace
}  // namespace edgepose
