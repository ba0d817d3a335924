// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/merge_flip.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/elements.h"

namespace edgepose {
namespace {

// One cell of the definition.
float reference(const HeatmapBatch& maps, const HeatmapBatch& flipped, const std::int64_t* joint_of,
                const FlipOptions& options, int person, int joint, int x, int y) {
  const int moved = x - options.shift;
  const int source = moved >= 0 && moved < maps.width ? moved : x;
  const int column = options.mirror ? maps.width - 1 - source : source;
  return 0.5F * (cell_value(maps.map(person, joint), x, y) +
                 cell_value(flipped.map(person, joint_of[joint]), column, y));
}

TEST(MergeFlip, AgreesWithTheDefinition) {
  const std::int64_t joint_of[] = {0, 2, 1};
  unsigned seed = 0;
  for (const Element element : test::kElements) {
    for (const int width : {1, 2, 48, 600}) {
      for (const int shift : {0, 1, -1, 300, -2000000000, 2000000000}) {
        for (const bool mirror : {true, false}) {
          const auto maps = test::stored_maps(element, 2, 3, 2, width, seed % 4 == 0, seed);
          const auto flipped = test::stored_maps(element, 2, 3, 2, width, false, seed + 1);
          seed += 2;
          const FlipOptions options{mirror, shift};
          std::vector<float> merged(maps.values.size());
          ASSERT_EQ(heatmap_merge_flip(maps.batch, flipped.batch, joint_of, options, merged.data()),
                    Status::kOk);
          std::size_t at = 0;
          const FlipOptions limited{mirror, std::min(std::max(shift, -width), width)};
          for (int i = 0; i < 6; ++i) {
            for (int y = 0; y < 2; ++y) {
              for (int x = 0; x < width; ++x, ++at) {
                ASSERT_EQ(merged[at], reference(maps.batch, flipped.batch, joint_of, limited, i / 3,
                                                i % 3, x, y));
              }
            }
          }
        }
      }
    }
  }
}

TEST(MergeFlip, RefusesBadArguments) {
  const auto maps = test::stored_maps(Element::kFloat32, 1, 2, 3, 4, false, 1);
  const auto wider = test::stored_maps(Element::kFloat32, 1, 2, 3, 5, false, 1);
  const auto more = test::stored_maps(Element::kFloat32, 1, 3, 3, 4, false, 1);
  const std::int64_t swap[] = {1, 0};
  float merged[24];
  const auto merge = [&](const HeatmapBatch& flipped, const std::int64_t* joint_of, float* out) {
    return heatmap_merge_flip(maps.batch, flipped, joint_of, {}, out);
  };
  EXPECT_EQ(merge(maps.batch, swap, merged), Status::kOk);
  EXPECT_EQ(merge(wider.batch, swap, merged), Status::kBadSize);
  EXPECT_EQ(merge(more.batch, swap, merged), Status::kBadSize);
  EXPECT_EQ(merge(maps.batch, nullptr, merged), Status::kNullPointer);
  EXPECT_EQ(merge(maps.batch, swap, nullptr), Status::kNullPointer);
  for (const std::int64_t joint : {-1, 2}) {
    const std::int64_t bad[] = {0, joint};
    EXPECT_EQ(merge(maps.batch, bad, merged), Status::kBadIndex);
  }
  EXPECT_EQ(heatmap_merge_flip({}, {}, nullptr, {}, nullptr), Status::kOk);
}

}  // namespace
}  // namespace edgepose
