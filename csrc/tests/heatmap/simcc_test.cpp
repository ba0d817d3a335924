// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/simcc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/heatmap/blur.h"
#include "core/heatmap/dark.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::kNan;
using test::OwnedMap;

HeatmapBatch line(const OwnedMap& map) {
  return MapBatch{map.cells.data(), 1, 1, map.width, 1, 0, 0, 0};
}

OwnedMap bump_line(int width, float at, float high, float noise, unsigned seed) {
  OwnedMap map = test::noise_map(width, 1, seed, 0.0F, noise);
  for (int x = 0; x < width; ++x) {
    const float distance = static_cast<float>(x) - at;
    map.at(x, 0) += high * std::exp(-distance * distance / 72.0F);
  }
  return map;
}

// The whole vector blurred, rescaled, clamped and logged.
double dark_reference(const OwnedMap& map, int size) {
  const BlurKernel kernel = blur_kernel_of(size);
  std::vector<double> log;
  for (int x = 0; x < map.width; ++x) {
    double sum = 0.0;
    for (int t = 0; t < size; ++t) {
      const int from = x + t - size / 2;
      if (from < 0 || from >= map.width) continue;
      sum += static_cast<double>(kernel.weight[t]) *
             static_cast<double>(map.cells[static_cast<std::size_t>(from)]);
    }
    log.push_back(sum);
  }
  const auto best = std::max_element(map.cells.begin(), map.cells.end());
  const double scale = *best / *std::max_element(log.begin(), log.end());
  for (double& value : log) value = std::log(std::clamp(value * scale, 1e-3, 50.0));
  const auto bin = static_cast<int>(best - map.cells.begin());
  const auto at = [&](int step) {
    return log[static_cast<std::size_t>(std::clamp(bin + step, 0, map.width - 1))];
  };
  return bin - 0.5 * (at(1) - at(-1)) / (1e-9 + 0.25 * (at(2) - 2 * at(0) + at(-2)));
}

TEST(Simcc, DarkAgreesWithTheWholeVector) {
  for (const int size : {1, 7, 29, 63}) {
    for (const float high : {0.0008F, 0.3F, 1.0F, 49.0F, 200.0F}) {
      for (unsigned seed = 0; seed < 20; ++seed) {
        const OwnedMap x =
            bump_line(384, 19.7F * static_cast<float>(seed) - 3.0F, high, 0.05F * high, seed);
        const OwnedMap y = bump_line(90, 40.0F, 1.0F, 0.0F, seed);
        SimccOptions options;
        options.dark = true;
        options.blur_kernel[0] = size;
        float xy[2];
        float score;
        ASSERT_EQ(simcc_decode(line(x), line(y), options, xy, &score), Status::kOk);
        const double wanted = dark_reference(x, size);
        const double peak =
            static_cast<double>(std::max_element(x.cells.begin(), x.cells.end()) - x.cells.begin());
        if (std::abs(wanted - peak) < 3.0) {
          EXPECT_NEAR(2.0 * xy[0], wanted, 2e-3);
        }
      }
    }
  }
}

TEST(Simcc, BoundedGivesTheBinWhereTheStepIsTooLong) {
  const OwnedMap y = bump_line(90, 40.3F, 1.0F, 0.0F, 1);
  SimccOptions options;
  options.dark = true;
  const double longest = longest_dark_step(blur_kernel_of(options.blur_kernel[0]));
  EXPECT_NEAR(longest, 3.5, 1e-12);
  int too_long = 0;
  for (unsigned seed = 0; seed < 100; ++seed) {
    const OwnedMap x = seed % 2 == 0 ? test::noise_map(200, 1, seed, 0.05F, 0.0501F)
                                     : bump_line(200, 70.4F, 1.0F, 0.1F, seed);
    const float bin =
        static_cast<float>(std::max_element(x.cells.begin(), x.cells.end()) - x.cells.begin());
    float xy[2], held[2], score;
    options.bounded = false;
    ASSERT_EQ(simcc_decode(line(x), line(y), options, xy, &score), Status::kOk);
    options.bounded = true;
    ASSERT_EQ(simcc_decode(line(x), line(y), options, held, &score), Status::kOk);
    const bool taken = std::abs(2.0 * xy[0] - bin) <= longest;
    too_long += taken ? 0 : 1;
    EXPECT_EQ(held[0], taken ? xy[0] : bin / 2.0F) << seed;
    EXPECT_EQ(held[1], xy[1]);
  }
  EXPECT_GT(too_long, 10);
  EXPECT_LT(too_long, 90);
}

TEST(Simcc, ScoresOfEachKind) {
  OwnedMap x(4, 1);
  OwnedMap y(3, 1);
  x.at(3, 0) = 2.0F;
  y.at(1, 0) = 0.5F;
  float xy[2];
  float score;
  SimccOptions options;
  ASSERT_EQ(simcc_decode(line(x), line(y), options, xy, &score), Status::kOk);
  EXPECT_EQ(xy[0], 1.5F);
  EXPECT_EQ(xy[1], 0.5F);
  EXPECT_EQ(score, 0.5F);
  options.larger = true;
  ASSERT_EQ(simcc_decode(line(x), line(y), options, xy, &score), Status::kOk);
  EXPECT_EQ(score, 2.0F);
  options.score = SimccScore::kSoftmax;
  ASSERT_EQ(simcc_decode(line(x), line(y), options, xy, &score), Status::kOk);
  EXPECT_NEAR(score, 1.0 / (1.0 + 3.0 * std::exp(-2.0)), 1e-6);
  options.score = SimccScore::kGaussian;
  ASSERT_EQ(simcc_decode(line(x), line(y), options, xy, &score), Status::kOk);
  EXPECT_EQ(score, 1.0F);
  options.sigma[0] = options.sigma[1] = 2.0F;
  ASSERT_EQ(simcc_decode(line(x), line(y), options, xy, &score), Status::kOk);
  EXPECT_NEAR(score, 2.0 / (2.0 * 2.50662827), 1e-6);
}

TEST(Simcc, AVectorOfNothingButNan) {
  const OwnedMap x(5, 1, kNan);
  const OwnedMap y = bump_line(9, 4.0F, 1.0F, 0.0F, 1);
  for (const SimccScore kind : {SimccScore::kValue, SimccScore::kSoftmax, SimccScore::kGaussian}) {
    SimccOptions options;
    options.score = kind;
    options.dark = true;
    float xy[2];
    float score;
    ASSERT_EQ(simcc_decode(line(x), line(y), options, xy, &score), Status::kOk);
    EXPECT_EQ(xy[0], 0.0F);
    EXPECT_NEAR(xy[1], 2.0F, 1e-3);
    EXPECT_TRUE(std::isnan(score));
  }
}

TEST(Simcc, RefusesBadArguments) {
  const OwnedMap map(8, 2, 1.0F);
  const HeatmapBatch good = line(map);
  float xy[2];
  float score;
  EXPECT_EQ(simcc_decode({}, {}, {}, nullptr, nullptr), Status::kOk);
  EXPECT_EQ(simcc_decode(good, {}, {}, xy, &score), Status::kBadSize);
  EXPECT_EQ(simcc_decode(good, good, {}, nullptr, &score), Status::kNullPointer);
  HeatmapBatch tall = good;
  tall.height = 2;
  EXPECT_EQ(simcc_decode(good, tall, {}, xy, &score), Status::kBadSize);
  SimccOptions options;
  options.split_ratio = 0.0F;
  EXPECT_EQ(simcc_decode(good, good, options, xy, &score), Status::kBadOption);
  options = {};
  options.score = SimccScore::kSoftmax;
  options.beta[1] = kNan;
  EXPECT_EQ(simcc_decode(good, good, options, xy, &score), Status::kBadOption);
  options = {};
  options.score = SimccScore::kGaussian;
  options.sigma[0] = -1.0F;
  EXPECT_EQ(simcc_decode(good, good, options, xy, &score), Status::kBadOption);
  options = {};
  options.dark = true;
  options.blur_kernel[1] = 65;
  EXPECT_EQ(simcc_decode(good, good, options, xy, &score), Status::kBadBlurKernel);
}

}  // namespace
}  // namespace edgepose
