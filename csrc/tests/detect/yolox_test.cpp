// SPDX-License-Identifier: Apache-2.0
#include "core/detect/yolox.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

constexpr int kStrides[2] = {8, 16};
constexpr YoloxLayout kLayout{32, 16, kStrides, 2, 2, 1};  // 4x2 and 2x1 cells

struct Found {
  Result<std::int64_t> count;
  float boxes[40];
  float score[10];
};

Found decode(const std::vector<float>& rows, const YoloxLayout& layout = kLayout,
             float threshold = 0.3F) {
  Found found{};
  found.count = yolox_decode(rows.data(), static_cast<std::int64_t>(rows.size() / 7), layout,
                             threshold, found.boxes, found.score);
  return found;
}

TEST(Yolox, CountsTheRowsOfAllGrids) {
  EXPECT_EQ(yolox_rows(kLayout), 10);
  EXPECT_EQ(yolox_rows({416, 416, kStrides, 2, 80, 0}), 52 * 52 + 26 * 26);
}

TEST(Yolox, ReadsOneClassInEveryGrid) {
  std::vector<float> rows(70);
  const auto set = [&rows](std::size_t row, std::initializer_list<float> values) {
    std::copy(values.begin(), values.end(), rows.begin() + static_cast<std::ptrdiff_t>(7 * row));
  };
  set(6, {0.5F, 0.25F, 0.0F, 0.0F, 0.9F, 1.0F, 0.5F});  // grid 0, cell (2, 1)
  set(9, {0.0F, 0.0F, 0.0F, 0.0F, 0.8F, 0.0F, 1.0F});   // grid 1, cell (1, 0)
  set(0, {0.0F, 0.0F, 0.0F, 0.0F, 1.0F, 1.0F, 0.0F});   // the other class
  const Found found = decode(rows);
  ASSERT_EQ(found.count.value, 2);
  const float wanted[8] = {15.5F, 5.5F, 23.5F, 13.5F, 7.5F, -8.5F, 23.5F, 7.5F};
  for (int i = 0; i < 8; ++i) EXPECT_FLOAT_EQ(found.boxes[i], wanted[i]);
  EXPECT_FLOAT_EQ(found.score[0], 0.45F);
  EXPECT_FLOAT_EQ(found.score[1], 0.8F);
}

TEST(Yolox, DropsWhatIsNotFinite) {
  for (const float bad : {test::kNan, test::kInfinity, 1e30F}) {
    std::vector<float> rows(70);
    rows[2] = bad;  // log width
    rows[4] = rows[6] = 1.0F;
    EXPECT_EQ(decode(rows).count.value, 0);
  }
  std::vector<float> rows(70, test::kNan);
  EXPECT_EQ(decode(rows).count.value, 0);
}

TEST(Yolox, RefusesBadArguments) {
  const std::vector<float> rows(70);
  EXPECT_EQ(decode(std::vector<float>(63)).count.status, Status::kBadSize);
  EXPECT_EQ(decode(rows, kLayout, test::kNan).count.status, Status::kBadThreshold);
  const int zero[2] = {8, 0};
  const YoloxLayout layouts[] = {{0, 16, kStrides, 2, 2, 1},  {32, -1, kStrides, 2, 2, 1},
                                 {32, 16, nullptr, 2, 2, 1},  {32, 16, kStrides, 0, 2, 1},
                                 {32, 16, zero, 2, 2, 1},     {32, 16, kStrides, 2, 0, 0},
                                 {32, 16, kStrides, 2, 2, 2}, {32, 16, kStrides, 2, 2, -1}};
  for (const YoloxLayout& layout : layouts) {
    EXPECT_EQ(decode(rows, layout).count.status, Status::kBadSize);
    EXPECT_EQ(yolox_rows(layout), 0);
  }
  float boxes[40];
  EXPECT_EQ(yolox_decode(rows.data(), 10, kLayout, 0.3F, boxes, nullptr).status,
            Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
