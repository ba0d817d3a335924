// SPDX-License-Identifier: Apache-2.0
#include "core/detect/box_nms.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

std::vector<std::int64_t> kept_of(const std::vector<float>& boxes, const std::vector<float>& score,
                                  float threshold) {
  std::vector<std::int64_t> kept(score.size());
  const auto count = box_nms(boxes.data(), score.data(), static_cast<std::int64_t>(score.size()),
                             threshold, kept.data());
  EXPECT_EQ(count.status, Status::kOk);
  kept.resize(static_cast<std::size_t>(count.value));
  return kept;
}

using Indices = std::vector<std::int64_t>;

TEST(BoxNms, NoBoxesKeepsNone) { EXPECT_EQ(kept_of({}, {}, 0.5F), Indices{}); }

TEST(BoxNms, RefusesBadArguments) {
  const float box[4] = {0, 0, 1, 1};
  const float score = 1;
  std::int64_t kept;
  EXPECT_EQ(box_nms(box, &score, -1, 0.5F, &kept).status, Status::kBadSize);
  EXPECT_EQ(box_nms(box, &score, 1, test::kNan, &kept).status, Status::kBadThreshold);
  EXPECT_EQ(box_nms(nullptr, &score, 1, 0.5F, &kept).status, Status::kNullPointer);
  EXPECT_EQ(box_nms(box, nullptr, 1, 0.5F, &kept).status, Status::kNullPointer);
  EXPECT_EQ(box_nms(box, &score, 1, 0.5F, nullptr).status, Status::kNullPointer);
}

TEST(BoxNms, KeepsTheHighestOfEachHeap) {
  // The second pair shares 5 of 15 units.
  const std::vector<float> boxes = {0, 0, 10, 10, 1, 0, 11, 10, 50, 0, 60, 1, 55, 0, 65, 1};
  const std::vector<float> score = {0.5F, 0.9F, 0.7F, 0.8F};
  EXPECT_EQ(kept_of(boxes, score, 0.5F), (Indices{1, 3, 2}));
  EXPECT_EQ(kept_of(boxes, score, 0.3F), (Indices{1, 3}));
  EXPECT_EQ(kept_of(boxes, score, 1.0F), (Indices{1, 3, 2, 0}));
}

TEST(BoxNms, EqualScoresGoByIndex) {
  const std::vector<float> boxes = {0, 0, 4, 4, 0, 0, 4, 4, 9, 9, 12, 12};
  EXPECT_EQ(kept_of(boxes, {1, 1, 1}, 0.5F), (Indices{0, 2}));
}

TEST(BoxNms, NanIsDroppedAndEmptyBoxesOverlapNothing) {
  const float nan = test::kNan;
  const std::vector<float> boxes = {0, 0, 4, 4, nan, 0, 4, 4, 2, 2, 2, 2,
                                    2, 2, 2, 2, 4,   4, 0, 0, 0, 0, 4, 4};
  EXPECT_EQ(kept_of(boxes, {0.9F, 1, 0.8F, 0.7F, 0.6F, nan}, 0.5F), (Indices{0, 2, 3, 4}));
}

TEST(BoxNms, InfiniteBoxesAreDefined) {
  const float inf = test::kInfinity;
  const std::vector<float> boxes = {-inf, -inf, inf, inf, 0, 0, 4, 4};
  EXPECT_EQ(kept_of(boxes, {0.9F, 0.8F}, 0.5F).size(), 2U);
}

}  // namespace
}  // namespace edgepose
