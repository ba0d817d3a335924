// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/blur.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/heatmap/whole_map_reference.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using test::OwnedMap;

TEST(Blur, WeightsAddUpToOneAndAreSymmetric) {
  for (int size = 1; size <= kMaxBlurKernel; size += 2) {
    const BlurKernel kernel = blur_kernel_of(size);
    double sum = 0;
    for (int i = 0; i < size; ++i) {
      sum += kernel.weight[i];
      EXPECT_GT(kernel.weight[i], 0.0F);
      EXPECT_EQ(kernel.weight[i], kernel.weight[size - 1 - i]);
    }
    EXPECT_NEAR(sum, 1.0, 1e-6) << size;
  }
}

TEST(Blur, WindowAgreesWithTheDefinitionEverywhere) {
  for (const int size : {1, 3, 9, 11, 17, 63}) {
    const BlurKernel kernel = blur_kernel_of(size);
    const OwnedMap map = test::noise_map(21, 18, static_cast<unsigned>(size), -1.0F, 1.0F);
    for (int y = 0; y < 18; ++y) {
      for (int x = 0; x < 21; ++x) {
        float window[kWindow][kWindow];
        blur_window(map.view(), kernel, x, y, window);
        for (int dy = -2; dy <= 2; ++dy) {
          for (int dx = -2; dx <= 2; ++dx) {
            ASSERT_NEAR(window[2 + dy][2 + dx],
                        test::blurred_at(map.view(), kernel, x + dx, y + dy), 1e-6);
          }
        }
      }
    }
  }
}

TEST(Blur, MaximumIsExactWhateverIsKnown) {
  for (const int size : {1, 5, 11, 17, 63}) {
    const BlurKernel kernel = blur_kernel_of(size);
    for (unsigned seed = 0; seed < 6; ++seed) {
      const float low = seed % 2 == 0 ? -0.2F : -2.0F;
      const OwnedMap map = test::noise_map(150, 23, seed, low, 1.0F);
      const double expected = test::log_map(map.view(), kernel, 1.0F, 1e-10, 1e10).blurred_maximum;
      const auto known = static_cast<float>(test::blurred_at(map.view(), kernel, 75, 11));
      EXPECT_NEAR(blurred_maximum(map.view(), kernel, known), expected, 1e-6);
      EXPECT_NEAR(blurred_maximum(map.view(), kernel, -5.0F), expected, 1e-6);
      const auto itself = static_cast<float>(expected);
      EXPECT_NEAR(blurred_maximum(map.view(), kernel, itself), expected, 1e-6);
    }
  }
}

}  // namespace
}  // namespace edgepose
