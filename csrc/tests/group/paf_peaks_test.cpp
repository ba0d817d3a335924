// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_peaks.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/group/paf_centroid.h"
#include "core/group/paf_sample.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::kInfinity;
using test::kNan;
using test::OwnedMap;

struct Found {
  std::vector<float> x, y, score;
};

Found find(const OwnedMap& map, const PafOptions& options) {
  Arena counting;
  PafPeakFinder(counting, map.width, options);
  std::vector<unsigned char> memory(counting.bytes());
  Arena arena(memory.data());
  PafPeakFinder finder(arena, map.width, options);
  finder.clear();
  const auto most = static_cast<std::size_t>(options.max_peaks);
  Found found{std::vector<float>(most), std::vector<float>(most), std::vector<float>(most)};
  PafPeaks peaks{found.x.data(), found.y.data(), found.score.data(), 0};
  finder.find(map.view(), peaks);
  for (auto* values : {&found.x, &found.y, &found.score}) {
    values->resize(static_cast<std::size_t>(peaks.count));
  }
  return found;
}

PafOptions whole_cells(PafPeakRule rule) {
  PafOptions options;
  options.peak_rule = rule;
  options.centroid = false;
  options.peak_offset = 0.0F;
  options.max_peaks = kMaxPafPeaks;
  return options;
}

TEST(PafPeaks, FollowTheirRuleAtEveryCell) {
  for (const PafPeakRule rule : {PafPeakRule::kPool, PafPeakRule::kCross, PafPeakRule::kOpenPose}) {
    for (const int width : {1, 2, 3, 4, 5, 33, 70}) {
      OwnedMap map = test::noise_map(width, 9, static_cast<unsigned>(width), -1.0F, 1.0F);
      for (float& cell : map.cells) cell = std::round(cell * 10.0F) / 10.0F;
      const Found found = find(map, whole_cells(rule));
      std::size_t next = 0;
      for (int y = 0; y < 9; ++y) {
        for (int x = 0; x < width; ++x) {
          const bool inner = x > 1 && x < width - 2 && y > 1 && y < 7;
          const bool ring = x == 1 || x == width - 2 || y == 1 || y == 7;
          const bool openpose = rule == PafPeakRule::kOpenPose;
          const bool strict = rule == PafPeakRule::kCross || (openpose && inner);
          bool peak = map.at(x, y) > 0.05F && (!openpose || inner || ring);
          for (int dy = -1; dy <= 1; ++dy) {
            for (int dx = -1; dx <= 1; ++dx) {
              if ((dx == 0 && dy == 0) || (rule == PafPeakRule::kCross && dx * dy != 0)) continue;
              if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= 9) continue;
              const float other = map.at(x + dx, y + dy);
              peak = peak && !(other > map.at(x, y) || (strict && other == map.at(x, y)));
            }
          }
          if (!peak) continue;
          ASSERT_LT(next, found.x.size());
          EXPECT_EQ(found.x[next], static_cast<float>(x));
          EXPECT_EQ(found.y[next], static_cast<float>(y));
          EXPECT_EQ(found.score[next++], map.at(x, y));
        }
      }
      EXPECT_EQ(next, found.x.size()) << width;
    }
  }
}

TEST(PafPeaks, BeyondTheirNumberAreTheLowest) {
  OwnedMap map(40, 3);
  for (int x = 0; x < 20; ++x) map.at(2 * x, 1) = 0.1F + 0.01F * static_cast<float>(x * 7 % 20);
  PafOptions options = whole_cells(PafPeakRule::kPool);
  options.max_peaks = 4;
  const Found found = find(map, options);
  ASSERT_EQ(found.score.size(), 4U);
  for (const float score : found.score) EXPECT_GT(score, 0.255F);
  EXPECT_TRUE(std::is_sorted(found.x.begin(), found.x.end()));
  options.max_peaks = 0;
  EXPECT_TRUE(find(map, options).x.empty());
}

TEST(PafPeaks, HideLaterOnesNearby) {
  OwnedMap map(30, 5);
  for (const int x : {2, 6, 10, 20}) map.at(x, 2) = 0.5F + 0.01F * static_cast<float>(x);
  PafOptions options = whole_cells(PafPeakRule::kCross);
  options.min_distance = 6.0F;
  EXPECT_EQ(find(map, options).x, (std::vector<float>{2.0F, 10.0F, 20.0F}));
}

TEST(PafPeaks, PlateausAreManyOrNone) {
  const OwnedMap map(6, 5, 1.0F);
  EXPECT_EQ(find(map, whole_cells(PafPeakRule::kPool)).x.size(), 30U);
  EXPECT_TRUE(find(map, whole_cells(PafPeakRule::kCross)).x.empty());
  EXPECT_TRUE(find(OwnedMap(6, 5, 0.05F), whole_cells(PafPeakRule::kPool)).x.empty());
}

TEST(PafPeaks, NanIsNoneAndInfinityIsOne) {
  for (const int upscale : {1, 2}) {
    OwnedMap map(20, 9);
    map.at(4, 4) = 1.0F;
    map.at(5, 4) = kNan;
    map.at(15, 4) = kInfinity;
    PafOptions options;
    options.interpolation = PafInterpolation::kRepeat;
    options.peak_rule = PafPeakRule::kPool;
    options.upscale = upscale;
    const Found found = find(map, options);
    ASSERT_EQ(found.x.size(), 2U * static_cast<std::size_t>(upscale * upscale));
    for (const float x : found.x) EXPECT_TRUE(std::isfinite(x));
    EXPECT_EQ(found.score[0], 1.0F);
    EXPECT_EQ(found.score.back(), kInfinity);
  }
  EXPECT_TRUE(find(OwnedMap(5, 5, kNan), PafOptions()).x.empty());
}

TEST(PafCentroid, IsTheMeanOfTheWindowEverywhere) {
  const OwnedMap map = test::noise_map(17, 13, 8, -0.5F, 1.0F);
  for (const PafTaps& taps :
       {paf_cubic_taps(1), paf_cubic_taps(2), paf_cubic_taps(5), paf_repeat_taps(3)}) {
    for (int y = 0; y < 13 * taps.scale; ++y) {
      for (int x = 0; x < 17 * taps.scale; ++x) {
        double sum = 0.0, sum_x = 0.0, sum_y = 0.0;
        for (int dy = -3; dy <= 3; ++dy) {
          for (int dx = -3; dx <= 3; ++dx) {
            if (x + dx < 0 || x + dx >= 17 * taps.scale) continue;
            if (y + dy < 0 || y + dy >= 13 * taps.scale) continue;
            const double value = std::max(paf_sample(map.view(), taps, x + dx, y + dy), 0.0F);
            sum += value;
            sum_x += dx * value;
            sum_y += dy * value;
          }
        }
        float shift_x, shift_y;
        paf_centroid(map.view(), taps, x, y, &shift_x, &shift_y);
        EXPECT_NEAR(shift_x, sum > 0.0 ? sum_x / sum : 0.0, 1e-4);
        EXPECT_NEAR(shift_y, sum > 0.0 ? sum_y / sum : 0.0, 1e-4);
      }
    }
  }
}

}  // namespace
}  // namespace edgepose
