// SPDX-License-Identifier: Apache-2.0
#include "core/metric/mpjpe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/metric/similarity3.h"
#include "core/metric/svd3.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

using Points = std::vector<double>;
const Points kPose = {0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 1, 1, 1};

Points turned(const Points& points, double scale, double shift, bool mirrored) {
  const double cosine = std::cos(0.7);
  const double sine = std::sin(0.7);
  Points result;
  for (std::size_t k = 0; k < points.size(); k += 3) {
    const double x = mirrored ? -points[k] : points[k];
    result.push_back(scale * (cosine * x - sine * points[k + 1]) + shift);
    result.push_back(scale * (sine * x + cosine * points[k + 1]) - shift);
    result.push_back(scale * points[k + 2] + 2 * shift);
  }
  return result;
}

double error_of(const Points& predicted, const Points& labelled, Alignment alignment) {
  double error = -1;
  const Poses3d poses{predicted.data(),
                      labelled.data(),
                      nullptr,
                      nullptr,
                      1,
                      static_cast<std::int64_t>(predicted.size() / 3)};
  EXPECT_EQ(mpjpe(poses, alignment, &error, nullptr), Status::kOk);
  return error;
}

TEST(Mpjpe, NobodyIsNoWorkAndNoJointsAreUndefined) {
  EXPECT_EQ(mpjpe({}, Alignment::kNone, nullptr, nullptr), Status::kOk);
  double error = 1;
  EXPECT_EQ(mpjpe({nullptr, nullptr, nullptr, nullptr, 1, 0}, Alignment::kNone, &error, nullptr),
            Status::kOk);
  EXPECT_TRUE(std::isnan(error));
}

TEST(Mpjpe, AlignmentTakesOutWhatItSays) {
  const Points moved = turned(kPose, 1.0, 5.0, false);
  const Points grown = turned(kPose, 3.0, 5.0, false);
  Points scaled = kPose;
  for (double& value : scaled) value *= 4;
  EXPECT_NEAR(error_of(scaled, kPose, Alignment::kScale), 0.0, 1e-12);
  EXPECT_NEAR(error_of(moved, kPose, Alignment::kRigid), 0.0, 1e-12);
  EXPECT_GT(error_of(grown, kPose, Alignment::kRigid), 0.5);
  EXPECT_NEAR(error_of(grown, kPose, Alignment::kProcrustes), 0.0, 1e-12);
  EXPECT_GT(error_of(grown, kPose, Alignment::kNone), 5.0);
  EXPECT_GT(error_of(turned(kPose, 1.0, 0.0, true), kPose, Alignment::kProcrustes), 0.1);
}

TEST(Mpjpe, MasksAreForTheErrorAndForTheFit) {
  Points predicted = turned(kPose, 2.0, 1.0, false);
  predicted[12] += 100;
  const std::uint8_t all_but_last[5] = {1, 1, 1, 1, 0};
  const std::uint8_t none[5] = {};
  double error;
  Points aligned(15);
  Poses3d poses{predicted.data(), kPose.data(), all_but_last, all_but_last, 1, 5};
  ASSERT_EQ(mpjpe(poses, Alignment::kProcrustes, &error, aligned.data()), Status::kOk);
  EXPECT_NEAR(error, 0.0, 1e-12);
  EXPECT_NEAR(aligned[7], 2.0, 1e-12);
  EXPECT_GT(aligned[12], 10.0);
  poses.counted = none;
  ASSERT_EQ(mpjpe(poses, Alignment::kProcrustes, &error, nullptr), Status::kOk);
  EXPECT_TRUE(std::isnan(error));
}

TEST(Mpjpe, DegeneratePosesAreDefined) {
  const Points point(15, 2.0);
  const Points zeros(15, 0.0);
  EXPECT_NEAR(error_of(point, point, Alignment::kProcrustes), 0.0, 1e-12);
  const double about_mean = error_of(zeros, kPose, Alignment::kProcrustes);
  EXPECT_NEAR(error_of(point, kPose, Alignment::kProcrustes), about_mean, 1e-12);
  EXPECT_NEAR(error_of(zeros, kPose, Alignment::kScale), error_of(zeros, kPose, Alignment::kNone),
              1e-12);
  const Points line = {0, 0, 0, 1, 1, 1, 2, 2, 2, 5, 5, 5, 9, 9, 9};
  EXPECT_NEAR(error_of(turned(line, 2.0, 1.0, false), line, Alignment::kProcrustes), 0.0, 1e-12);
  Points flat = kPose;
  for (std::size_t k = 2; k < 15; k += 3) flat[k] = 0;
  // A mirrored flat pose can be turned over through space.
  EXPECT_NEAR(error_of(turned(flat, 2.0, 1.0, true), flat, Alignment::kProcrustes), 0.0, 1e-12);
  Points broken = kPose;
  broken[4] = test::kNan;
  for (const Alignment alignment :
       {Alignment::kNone, Alignment::kScale, Alignment::kProcrustes, Alignment::kRigid}) {
    EXPECT_TRUE(std::isnan(error_of(broken, kPose, alignment)));
  }
}

TEST(Similarity3, NeverMirrorsAndIsTheIdentityWithoutPoints) {
  const Points mirrored = turned(kPose, 1.0, 0.0, true);
  const Similarity3 fit = fit_similarity(kPose.data(), mirrored.data(), nullptr, 5, true);
  EXPECT_NEAR(determinant3(fit.rotation), 1.0, 1e-12);
  const Similarity3 none = fit_similarity(nullptr, nullptr, nullptr, 0, true);
  EXPECT_EQ(none.scale, 1.0);
  EXPECT_EQ(none.rotation[4], 1.0);
}

TEST(Mpjpe, RefusesBadArguments) {
  double error;
  Poses3d poses{kPose.data(), kPose.data(), nullptr, nullptr, 1, 5};
  EXPECT_EQ(mpjpe(poses, Alignment::kNone, nullptr, nullptr), Status::kNullPointer);
  poses.labelled = nullptr;
  EXPECT_EQ(mpjpe(poses, Alignment::kNone, &error, nullptr), Status::kNullPointer);
  poses.people = -1;
  EXPECT_EQ(mpjpe(poses, Alignment::kNone, &error, nullptr), Status::kBadSize);
}

}  // namespace
}  // namespace edgepose
