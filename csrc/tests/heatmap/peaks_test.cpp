// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/peaks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::kInfinity;
using test::kNan;
using test::OwnedMap;

std::vector<Peak> peaks_of(const OwnedMap& map, float threshold, int radius, int max_peaks = 999) {
  std::vector<Peak> peaks(static_cast<std::size_t>(max_peaks));
  const Result<int> count = map_peaks(map.view(), threshold, radius, max_peaks, peaks.data());
  EXPECT_EQ(count.status, Status::kOk);
  peaks.resize(static_cast<std::size_t>(count.value));
  return peaks;
}

TEST(Peaks, RefusesBadArguments) {
  const OwnedMap map(3, 3);
  Peak peak;
  EXPECT_EQ(map_peaks(MapView{map.cells.data(), 0, 3, 0}, 0, 1, 1, &peak).status, Status::kBadSize);
  EXPECT_EQ(map_peaks(map.view(), 0, -1, 1, &peak).status, Status::kBadSize);
  EXPECT_EQ(map_peaks(map.view(), 0, 1, -1, &peak).status, Status::kBadSize);
  EXPECT_EQ(map_peaks(map.view(), kNan, 1, 1, &peak).status, Status::kBadThreshold);
  EXPECT_EQ(map_peaks(map.view(), 0, 1, 1, nullptr).status, Status::kNullPointer);
  EXPECT_EQ(map_peaks(MapView{nullptr, 3, 3, 3}, 0, 1, 1, &peak).status, Status::kNullPointer);
  EXPECT_EQ(map_peaks(map.view(), -1, 1, 0, nullptr).value, 0);
}

TEST(Peaks, AgreeWithTheDefinition) {
  for (const int radius : {0, 1, 2, 5}) {
    OwnedMap map = test::noise_map(80, 30, static_cast<unsigned>(radius), -1.0F, 1.0F);
    for (float& cell : map.cells) cell = std::round(cell * 20.0F) / 20.0F;
    std::vector<Peak> expected;
    for (int y = 0; y < 30; ++y) {
      for (int x = 0; x < 80; ++x) {
        bool highest = map.at(x, y) > 0.3F;
        for (int row = std::max(0, y - radius); row <= std::min(29, y + radius); ++row) {
          for (int column = std::max(0, x - radius); column <= std::min(79, x + radius); ++column) {
            highest = highest && map.at(column, row) <= map.at(x, y);
          }
        }
        if (highest) expected.push_back({x, y, map.at(x, y)});
      }
    }
    std::stable_sort(expected.begin(), expected.end(),
                     [](const Peak& a, const Peak& b) { return a.score > b.score; });
    for (const int most : {999, 7}) {
      const auto peaks = peaks_of(map, 0.3F, radius, most);
      ASSERT_EQ(peaks.size(), std::min(expected.size(), static_cast<std::size_t>(most)));
      for (std::size_t i = 0; i < peaks.size(); ++i) {
        EXPECT_EQ(peaks[i].x, expected[i].x);
        EXPECT_EQ(peaks[i].y, expected[i].y);
        EXPECT_EQ(peaks[i].score, expected[i].score);
      }
    }
  }
}

TEST(Peaks, APlateauIsAllPeaks) {
  EXPECT_EQ(peaks_of(OwnedMap(5, 4, 1.0F), 0.5F, 2).size(), 20U);
  EXPECT_EQ(peaks_of(OwnedMap(5, 4, 1.0F), 1.0F, 2).size(), 0U);
  EXPECT_EQ(peaks_of(OwnedMap(1, 1, -3.0F), -kInfinity, 9).size(), 1U);
}

TEST(Peaks, NanIsNoPeakAndHidesNone) {
  OwnedMap map(5, 5, 0.0F);
  map.at(2, 2) = 1.0F;
  map.at(2, 3) = kNan;
  map.at(4, 4) = kInfinity;
  const auto peaks = peaks_of(map, 0.5F, 1);
  ASSERT_EQ(peaks.size(), 2U);
  EXPECT_EQ(peaks[0].score, kInfinity);
  EXPECT_EQ(peaks[1].x, 2);
}

}  // namespace
}  // namespace edgepose
