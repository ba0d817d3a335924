// SPDX-License-Identifier: Apache-2.0
#include "core/metric/rescore.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/random_maps.h"

namespace edgepose {
namespace {

TEST(Rescore, NobodyIsNoWork) {
  EXPECT_EQ(rescore_people(nullptr, nullptr, 0, 3, 0.2, nullptr), Status::kOk);
}

TEST(Rescore, IsTheBoxTimesTheMeanAboveTheThreshold) {
  const double joints[8] = {0.9, 0.7, 0.2, test::kNan, 0.1, 0.2, 0.0, -1.0};
  const double box[2] = {0.5, 0.5};
  double out[2];
  ASSERT_EQ(rescore_people(joints, box, 2, 4, 0.2, out), Status::kOk);
  EXPECT_NEAR(out[0], 0.4, 1e-12);
  EXPECT_EQ(out[1], 0.0);
  ASSERT_EQ(rescore_people(nullptr, box, 2, 0, 0.2, out), Status::kOk);
  EXPECT_EQ(out[0], 0.0);
}

TEST(Rescore, RefusesBadArguments) {
  const double value = 1.0;
  double out;
  EXPECT_EQ(rescore_people(&value, &value, -1, 1, 0.2, &out), Status::kBadSize);
  EXPECT_EQ(rescore_people(&value, &value, 1, 1, test::kNan, &out), Status::kBadThreshold);
  EXPECT_EQ(rescore_people(nullptr, &value, 1, 1, 0.2, &out), Status::kNullPointer);
  EXPECT_EQ(rescore_people(&value, &value, 1, 1, 0.2, nullptr), Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
