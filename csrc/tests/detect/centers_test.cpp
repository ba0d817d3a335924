// SPDX-License-Identifier: Apache-2.0
#include "core/detect/centers.h"

#include <gtest/gtest.h>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

struct Maps {
  test::OwnedMap heatmap{6, 5};
  test::OwnedMap size{6, 10, 16.0F};
  test::OwnedMap offset{6, 10};

  CenterMaps view() const {
    return {heatmap.cells.data(), size.cells.data(), offset.cells.data(), 6, 5};
  }
};

struct Found {
  Result<int> count;
  float boxes[12];
  float score[3];
};

Found decode(const Maps& maps, float stride = 8.0F, int max_boxes = 3) {
  Found found{};
  Peak workspace[3];
  found.count =
      centers_decode(maps.view(), stride, 0.3F, max_boxes, workspace, found.boxes, found.score);
  return found;
}

TEST(Centers, AnEmptyMapHasNoBoxes) {
  EXPECT_EQ(decode(Maps()).count.status, Status::kOk);
  EXPECT_EQ(decode(Maps()).count.value, 0);
}

TEST(Centers, ReadsCentreSizeAndOffset) {
  Maps maps;
  maps.heatmap.at(2, 3) = 0.9F;
  maps.offset.at(2, 3) = 0.25F;      // x
  maps.offset.at(2, 5 + 3) = -0.5F;  // y
  maps.size.at(2, 5 + 3) = 32.0F;    // height
  const Found found = decode(maps);
  ASSERT_EQ(found.count.value, 1);
  EXPECT_EQ(found.score[0], 0.9F);
  const float wanted[4] = {21.5F - 8, 23.5F - 16, 21.5F + 8, 23.5F + 16};
  for (int i = 0; i < 4; ++i) EXPECT_FLOAT_EQ(found.boxes[i], wanted[i]);
}

TEST(Centers, DropsWhatIsNoBoxAndOrdersTheRest) {
  Maps maps;
  maps.heatmap.at(0, 0) = 0.4F;
  maps.heatmap.at(4, 0) = 0.9F;
  maps.size.at(4, 0) = 0.0F;
  maps.heatmap.at(2, 4) = 0.6F;
  EXPECT_EQ(decode(maps).count.value, 2);
  EXPECT_EQ(decode(maps).score[0], 0.6F);
  for (const float bad : {test::kNan, test::kInfinity, -1.0F}) {
    maps.size.at(2, 4) = bad;
    EXPECT_EQ(decode(maps).count.value, 1);
  }
  maps.offset.at(0, 0) = test::kNan;
  EXPECT_EQ(decode(maps).count.value, 0);
}

TEST(Centers, RefusesBadArguments) {
  const Maps maps;
  for (const float stride : {0.0F, -8.0F, test::kNan, test::kInfinity}) {
    EXPECT_EQ(decode(maps, stride).count.status, Status::kBadStride);
  }
  EXPECT_EQ(decode(maps, 8.0F, -1).count.status, Status::kBadSize);
  Peak workspace[1];
  float boxes[4], score[1];
  CenterMaps view = maps.view();
  view.size = nullptr;
  EXPECT_EQ(centers_decode(view, 8, 0.3F, 1, workspace, boxes, score).status, Status::kNullPointer);
  EXPECT_EQ(centers_decode(maps.view(), 8, 0.3F, 1, workspace, nullptr, score).status,
            Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
