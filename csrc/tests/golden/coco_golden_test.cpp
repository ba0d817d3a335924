// SPDX-License-Identifier: Apache-2.0
// COCO evaluation of the C ABI beside the numbers of pycocotools and xtcocotools.
#include <edgepose.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/golden/vectors.h"

namespace edgepose::golden {
namespace {

struct Reference {
  const char *scenario, *name;
  std::int32_t zero_id_is_miss;
};
void PrintTo(const Reference& run, std::ostream* out) { *out << run.scenario << " " << run.name; }

class Evaluation : public GoldenTestOf<Reference> {};
INSTANTIATE_TEST_SUITE_P(
    Golden, Evaluation,
    ::testing::Values(
        Reference{"coco_plain", "pycocotools", 0}, Reference{"coco_plain", "xtcocotools", 0},
        Reference{"coco_edge", "pycocotools", 0}, Reference{"coco_edge", "xtcocotools", 0},
        // They differ in what a label of id 0 is.
        Reference{"coco_gt_id0", "pycocotools", 1}, Reference{"coco_gt_id0", "xtcocotools", 0},
        Reference{"custom14", "xtcocotools_no_area", 0},
        Reference{"custom14", "xtcocotools_area", 0}, Reference{"custom14", "pycocotools_area", 0},
        Reference{"crowdpose14", "xtcocotools_keypoints_no_area", 0},
        Reference{"wholebody133", "xtcocotools_wholebody", 0}),
    [](const auto& info) {
      return test_name(std::string(info.param.scenario) + "_" + info.param.name);
    });

// What a scenario's file holds, as the C ABI reads it.
struct Scenario {
  std::vector<std::int64_t> images, label_image, label_id, image;
  std::vector<double> label_xy, box, area, xy, score;
  std::vector<std::uint8_t> visible, crowd, ignore;

  Scenario(const File& file, bool annotated_area)
      : images(file["images"].integers()),
        label_image(file["label_image"].integers()),
        label_id(file["label_id"].integers()),
        image(file["image"].integers()),
        label_xy(file["label_xy"].values),
        box(file["label_box"].values),
        area(file["label_area"].values),
        xy(file["xy"].values),
        score(file["score"].values),
        visible(file["label_visible"].flags()),
        crowd(file["label_crowd"].flags()),
        ignore(file["label_ignore"].flags()) {
    for (std::size_t i = 0; i < area.size() && !annotated_area; ++i) {
      area[i] = 0.53 * (box[4 * i + 2] - box[4 * i]) * (box[4 * i + 3] - box[4 * i + 1]);
    }
  }

  ep_coco_labels labels() const {
    ep_coco_labels view;
    ep_coco_labels_init(&view, sizeof view);
    view.count = static_cast<std::int64_t>(label_image.size());
    view.image_id = label_image.data();
    view.xy = label_xy.data();
    view.visible = visible.data();
    view.box = box.data();
    view.area = area.data();
    view.crowd = crowd.data();
    view.ignore = ignore.data();
    view.id = label_id.data();
    return view;
  }

  ep_coco_predictions predictions() const {
    ep_coco_predictions view;
    ep_coco_predictions_init(&view, sizeof view);
    view.count = static_cast<std::int64_t>(image.size());
    view.image_id = image.data();
    view.xy = xy.data();
    view.score = score.data();
    return view;
  }
};

// The references write -1 where there is nothing to count.
std::vector<double> marked(std::vector<double> values) {
  for (double& value : values) value = std::isnan(value) ? -1.0 : value;
  return values;
}

TEST_P(Evaluation, TenNumbersAndCurves) {
  const Reference& run = GetParam();
  const File file(std::string("eval_") + run.scenario), curves_file("eval_arrays");
  const std::string name = std::string(run.name) + "/";
  const std::vector<double> sigmas = file[name + "sigmas"].values;
  const Scenario scenario(file, file[name + "use_area"].values.at(0) != 0);
  const ep_coco_labels labels = scenario.labels();
  const ep_coco_predictions predictions = scenario.predictions();
  ep_coco_protocol protocol;
  ep_coco_protocol_init(&protocol, sizeof protocol);
  protocol.zero_id_is_miss = run.zero_id_is_miss;
  protocol.joints = static_cast<std::int64_t>(sigmas.size());
  protocol.sigmas = sigmas.data();
  const auto rows = static_cast<std::size_t>(protocol.threshold_count * protocol.range_count);
  std::vector<double> recall(rows);
  std::vector<double> precision(rows * static_cast<std::size_t>(protocol.recall_count));
  std::vector<double> score(precision.size());
  std::vector<std::int64_t> persons(static_cast<std::size_t>(protocol.range_count));
  ep_coco_curves curves;
  ep_coco_curves_init(&curves, sizeof curves);
  curves.precision = precision.data();
  curves.recall = recall.data();
  curves.score = score.data();
  curves.persons = persons.data();
  const auto images = static_cast<std::int64_t>(scenario.images.size());
  std::vector<char> workspace(ep_coco_workspace_size(&labels, &predictions, images, &protocol));
  ep_error error;
  ASSERT_EQ(ep_coco_evaluate(&labels, &predictions, scenario.images.data(), images, &protocol,
                             workspace.data(), workspace.size(), &curves, &error),
            EP_OK)
      << error.message;
  std::vector<double> stats(EP_COCO_STAT_COUNT);
  ASSERT_EQ(ep_coco_stats(&curves, &protocol, stats.data(), nullptr), EP_OK);
  expect_close(marked(stats), file[name + "stats"].values, 1e-10);
  const std::string of = std::string(run.scenario) + "/" + name;
  expect_close(marked(precision), curves_file[of + "precision"].values, 1e-10);
  expect_close(marked(recall), curves_file[of + "recall"].values, 1e-10);
  expect_close(marked(score), curves_file[of + "scores"].values, 1e-10);
}

}  // namespace
}  // namespace edgepose::golden
