// SPDX-License-Identifier: Apache-2.0
// The blur of a window against the blur of the whole map, in and out of the clamps' reach.
#include "core/heatmap/dark.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/heatmap/whole_map_reference.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::kInfinity;
using test::kNan;
using test::OwnedMap;

// Heights and noises on both sides of UDP's clamps at 0.001 and 50, and noise that leaves negative
// blurred cells around the maximum.
struct Level {
  std::string id;
  float score, noise;
};
void PrintTo(const Level& level, std::ostream* out) { *out << level.id; }

class DarkAgainstWholeMap : public testing::TestWithParam<Level> {};

TEST_P(DarkAgainstWholeMap, GivesTheSameShift) {
  const Level& level = GetParam();
  for (const int size : {5, 11, 17}) {
    const BlurKernel kernel = blur_kernel_of(size);
    for (unsigned seed = 0; seed < 12; ++seed) {
      const float x = 1.3F + 2.7F * static_cast<float>(seed);
      const float y = 20.4F - 1.6F * static_cast<float>(seed);
      const OwnedMap map = test::bump_map(36, 24, x, y, level.score, level.noise, seed);
      const Cell cell = map_argmax(map.view());
      if (!(cell.score > 0.0F)) continue;
      const auto udp_log = test::log_map(map.view(), kernel, cell.score, 1e-3, 50.0);
      const Shift udp = udp_shift(map.view(), cell, kernel);
      const Shift udp_wanted = test::udp_reference(udp_log, cell.x, cell.y);
      const double udp_bound = 1e-3 * (1.0 + std::abs(udp_wanted.x) + std::abs(udp_wanted.y));
      if (std::abs(udp_wanted.x) < 5 && std::abs(udp_wanted.y) < 5) {
        EXPECT_NEAR(udp.x, udp_wanted.x, udp_bound) << size << " " << seed;
        EXPECT_NEAR(udp.y, udp_wanted.y, udp_bound) << size << " " << seed;
      }
      if (cell.x < 2 || cell.y < 2 || cell.x >= 34 || cell.y >= 22) continue;
      const auto dark_log = test::log_map(map.view(), kernel, cell.score, 1e-10, 1e30);
      const Shift dark = dark_shift(map.view(), cell, kernel);
      const Shift dark_wanted = test::dark_reference(dark_log, cell.x, cell.y);
      if (std::abs(dark_wanted.x) < 5 && std::abs(dark_wanted.y) < 5) {
        EXPECT_NEAR(dark.x, dark_wanted.x, 1e-3) << size << " " << seed;
        EXPECT_NEAR(dark.y, dark_wanted.y, 1e-3) << size << " " << seed;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Table, DarkAgainstWholeMap,
                         testing::Values(Level{"plain", 1.0F, 0.01F}, Level{"noisy", 1.0F, 0.3F},
                                         Level{"low", 0.01F, 0.0005F},
                                         Level{"below_the_clamp", 0.0005F, 0.00001F},
                                         Level{"grey_levels", 255.0F, 2.0F},
                                         Level{"at_the_upper_clamp", 51.0F, 0.1F},
                                         Level{"noise_alone", 0.0F, 1.0F}),
                         [](const auto& level) { return level.param.id; });

TEST(Dark, FindsTheCentreOfAGaussian) {
  const OwnedMap map = test::bump_map(48, 64, 20.37F, 30.81F, 0.9F, 0.0F, 1);
  const BlurKernel kernel = blur_kernel_of(11);
  const Cell cell = map_argmax(map.view());
  const Shift dark = dark_shift(map.view(), cell, kernel);
  EXPECT_NEAR(cell.x + dark.x, 20.37F, 2e-3);
  EXPECT_NEAR(cell.y + dark.y, 30.81F, 2e-3);
  const Shift udp = udp_shift(map.view(), cell, kernel);
  EXPECT_NEAR(cell.x + udp.x, 20.37F, 2e-3);
  EXPECT_NEAR(cell.y + udp.y, 30.81F, 2e-3);
}

TEST(Dark, GivesNoShiftWithoutAPositiveFinitePeak) {
  const BlurKernel kernel = blur_kernel_of(11);
  OwnedMap poisoned = test::bump_map(48, 64, 20, 30, 0.9F, 0.0F, 1);
  poisoned.at(22, 31) = kNan;
  OwnedMap infinite = test::bump_map(48, 64, 20, 30, 0.9F, 0.0F, 1);
  infinite.at(20, 30) = kInfinity;
  OwnedMap sunk = test::bump_map(48, 64, 20, 30, 0.9F, 0.0F, 1);
  sunk.at(22, 31) = -kInfinity;
  const OwnedMap maps[] = {
      OwnedMap(48, 64), OwnedMap(48, 64, -1.0F), OwnedMap(1, 1, 1.0F), poisoned, infinite, sunk};
  for (const OwnedMap& map : maps) {
    const Cell cell = map_argmax(map.view());
    for (const Shift shift :
         {dark_shift(map.view(), cell, kernel), udp_shift(map.view(), cell, kernel)}) {
      EXPECT_EQ(shift.x, 0.0F);
      EXPECT_EQ(shift.y, 0.0F);
    }
  }
}

}  // namespace
}  // namespace edgepose
