// SPDX-License-Identifier: Apache-2.0
#include "core/metric/coco_evaluate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/metric/coco_accumulate.h"
#include "tests/random_maps.h"

namespace edgepose {
namespace {

// Three people of one joint in images 4 and 8, and four predictions: two exact, a miss, a double.
struct Scene {
  std::vector<std::int64_t> label_image = {8, 4, 8};
  std::vector<double> label_xy = {10, 10, 20, 20, 300, 300};
  std::vector<std::uint8_t> visible = {2, 1, 1};
  std::vector<double> box = {0, 0, 50, 100, 0, 0, 50, 100, 0, 0, 200, 100};
  std::vector<double> area = {2500, 2500, 10000};
  std::vector<std::uint8_t> crowd = {0, 0, 0}, ignore = {0, 0, 0};
  std::vector<std::int64_t> id = {0, 1, 2};
  std::vector<std::int64_t> image = {8, 4, 4, 8};
  std::vector<double> xy = {10, 10, 20, 20, 900, 900, 10, 10};
  std::vector<double> score = {0.9, 0.8, 0.7, 0.6};
  std::vector<double> prediction_area = {2500, 2500, 2500, 2500};
  std::vector<std::int64_t> images = {4, 8};
  std::vector<double> similarity;
  std::vector<double> sigmas = {0.1};
  CocoProtocol protocol;

  std::vector<double> precision = std::vector<double>(3030), recall = std::vector<double>(30),
                      at_score = std::vector<double>(3030);
  std::vector<std::int64_t> persons = std::vector<std::int64_t>(3);
  std::vector<double> stats = std::vector<double>(kCocoStatCount);

  CocoInput input() {
    CocoInput result;
    result.labels = {label_image.data(), label_xy.data(), visible.data(),
                     box.data(),         area.data(),     crowd.data(),
                     ignore.data(),      id.data(),       static_cast<std::int64_t>(id.size())};
    result.predictions = {image.data(), xy.data(), score.data(), prediction_area.data(),
                          static_cast<std::int64_t>(image.size())};
    result.images = images.data();
    result.image_count = static_cast<std::int64_t>(images.size());
    if (!similarity.empty()) result.similarity = similarity.data();
    result.similarity_count = static_cast<std::int64_t>(similarity.size());
    return result;
  }
  CocoCurves curves() { return {precision.data(), recall.data(), at_score.data(), persons.data()}; }
  Status run(const CocoInput& given) {
    protocol.sigmas = sigmas.data();
    protocol.joints = 1;
    // Odd start, exact size: the sanitizer watches both ends.
    std::vector<char> workspace(coco_evaluate_bytes(given, protocol) + 1);
    const Status status = coco_evaluate(given, protocol, workspace.data() + 1, curves());
    if (status == Status::kOk) {
      EXPECT_EQ(coco_stats(curves(), protocol, stats.data()), Status::kOk);
    }
    return status;
  }
  Status run() { return run(input()); }
};

TEST(CocoEvaluate, NobodyIsUndefined) {
  Scene scene;
  ASSERT_EQ(scene.run({}), Status::kOk);
  for (const double number : scene.stats) EXPECT_TRUE(std::isnan(number));
  EXPECT_EQ(scene.persons, (std::vector<std::int64_t>{0, 0, 0}));
}

TEST(CocoEvaluate, NothingFoundIsZero) {
  Scene scene;
  CocoInput input = scene.input();
  input.predictions.count = 0;
  ASSERT_EQ(scene.run(input), Status::kOk);
  for (const double number : scene.stats) EXPECT_EQ(number, 0.0);
}

TEST(CocoEvaluate, CountsHitsMissesAndRanges) {
  Scene scene;
  ASSERT_EQ(scene.run(), Status::kOk);
  EXPECT_EQ(scene.persons, (std::vector<std::int64_t>{3, 2, 1}));
  // All: two of three found before the first false alarm: precision 1 up to a recall of 0.66.
  EXPECT_NEAR(scene.stats[0], 67.0 / 101, 1e-12);
  EXPECT_NEAR(scene.stats[3], 1.0, 1e-12);  // medium: both found
  EXPECT_EQ(scene.stats[4], 0.0);           // large: missed
  EXPECT_NEAR(scene.stats[5], 2.0 / 3, 1e-12);
  EXPECT_EQ(scene.at_score[0], 0.9);
  EXPECT_EQ(scene.at_score[3 * 50], 0.8);
  EXPECT_EQ(scene.at_score[3 * 70], 0.0);
}

TEST(CocoEvaluate, WhoDoesNotCountIsNeitherFoundNorMissed) {
  for (const int kind : {0, 1, 2}) {
    Scene scene;
    if (kind == 0) scene.crowd[0] = 1;
    if (kind == 1) scene.ignore[0] = 1;
    if (kind == 2) scene.visible[0] = 0;
    ASSERT_EQ(scene.run(), Status::kOk);
    EXPECT_EQ(scene.persons[0], 2);
    // The best prediction matches somebody who does not count: recall is 1 of 2.
    EXPECT_NEAR(scene.stats[5], 0.5, 1e-12) << kind;
  }
}

TEST(CocoEvaluate, TheAnnotationOfIdZeroMayBeAMiss) {
  Scene scene;
  scene.protocol.zero_id = ZeroId::kMiss;
  ASSERT_EQ(scene.run(), Status::kOk);
  EXPECT_NEAR(scene.stats[5], 1.0 / 3, 1e-12);
  CocoInput input = scene.input();
  input.labels.id = nullptr;
  EXPECT_EQ(scene.run(input), Status::kNullPointer);
}

TEST(CocoEvaluate, OnlyTheBestPredictionsOfAnImageCount) {
  Scene scene;
  scene.protocol.max_detections = 1;
  scene.score = {0.5, 0.8, 0.7, 0.6};  // the double of image 8 goes first now, just as good
  ASSERT_EQ(scene.run(), Status::kOk);
  EXPECT_NEAR(scene.stats[0], 67.0 / 101, 1e-12);
  EXPECT_EQ(scene.at_score[3 * 50], 0.6);
  scene.protocol.max_detections = 0;
  ASSERT_EQ(scene.run(), Status::kOk);
  EXPECT_EQ(scene.stats[5], 0.0);
}

TEST(CocoEvaluate, OtherImagesTakeNoPart) {
  Scene scene;
  scene.images = {4};
  ASSERT_EQ(scene.run(), Status::kOk);
  EXPECT_EQ(scene.persons[0], 1);
  EXPECT_NEAR(scene.stats[0], 1.0, 1e-12);
}

TEST(CocoEvaluate, NanScoresGoLastAndNanPointsMatchNobody) {
  Scene scene;
  scene.score[0] = test::kNan;
  scene.xy[2] = test::kNan;
  ASSERT_EQ(scene.run(), Status::kOk);
  EXPECT_NEAR(scene.stats[5], 1.0 / 3, 1e-12);
  EXPECT_EQ(scene.at_score[3 * 20], 0.6);
}

TEST(CocoEvaluate, TakesSimilaritiesOfTheCaller) {
  Scene scene;
  // Image 4: predictions 1 and 2 with one label; image 8: predictions 0 and 3 with two labels.
  scene.similarity = {0.6, 0.0, 0.0, 0.96, 0.6, 0.0};
  ASSERT_EQ(scene.run(), Status::kOk);
  EXPECT_NEAR(scene.stats[6], 1.0, 1e-12);
  EXPECT_NEAR(scene.stats[7], 1.0 / 3, 1e-12);
  for (const std::size_t size : {5U, 7U}) {
    scene.similarity.resize(size);
    EXPECT_EQ(scene.run(), Status::kBadSize);
  }
}

TEST(CocoEvaluate, WithoutAreasTheExtentDecides) {
  Scene scene;
  CocoInput input = scene.input();
  input.predictions.area = nullptr;  // single points: an extent of 0
  ASSERT_EQ(scene.run(input), Status::kOk);
  EXPECT_NEAR(scene.stats[3], 1.0, 1e-12);
}

TEST(CocoEvaluate, RefusesBadArguments) {
  Scene scene;
  CocoInput input = scene.input();
  input.labels.count = -1;
  EXPECT_EQ(scene.run(input), Status::kBadSize);
  EXPECT_EQ(coco_evaluate_bytes(input, scene.protocol), 0U);
  input = scene.input();
  input.predictions.score = nullptr;
  EXPECT_EQ(scene.run(input), Status::kNullPointer);
  scene.images = {8, 4};
  EXPECT_EQ(scene.run(), Status::kBadSize);
  scene.images = {4, 8};
  EXPECT_EQ(coco_evaluate(scene.input(), scene.protocol, nullptr, scene.curves()),
            Status::kNullPointer);
  scene.protocol.threshold_count = kMaxCocoThresholds + 1;
  EXPECT_EQ(scene.run(), Status::kBadSize);
  const double nan = test::kNan;
  scene.protocol.threshold_count = 1;
  scene.protocol.thresholds = &nan;
  EXPECT_EQ(scene.run(), Status::kBadThreshold);
}

TEST(CocoStats, AreNanForWhatTheProtocolLacks) {
  const double precision[2] = {0.2, 0.4};
  const double recall = 0.7;
  const double threshold = 0.6;
  CocoProtocol protocol;
  protocol.thresholds = &threshold;
  protocol.threshold_count = 1;
  protocol.recall_count = 2;
  protocol.range_count = 1;
  CocoCurves curves;
  double stats[kCocoStatCount];
  EXPECT_EQ(coco_stats(curves, protocol, stats), Status::kNullPointer);
  curves.precision = const_cast<double*>(precision);
  curves.recall = const_cast<double*>(&recall);
  ASSERT_EQ(coco_stats(curves, protocol, stats), Status::kOk);
  EXPECT_NEAR(stats[0], 0.3, 1e-12);
  EXPECT_EQ(stats[5], 0.7);
  for (const int absent : {1, 2, 3, 4, 6, 7, 8, 9}) EXPECT_TRUE(std::isnan(stats[absent]));
  protocol.range_count = -1;
  EXPECT_EQ(coco_stats(curves, protocol, stats), Status::kBadSize);
}

}  // namespace
}  // namespace edgepose
