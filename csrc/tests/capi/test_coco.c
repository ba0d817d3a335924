/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"

enum { THRESHOLDS = 10, RECALLS = 101, RANGES = 3, BYTES = 1 << 16 };

static double precision[THRESHOLDS * RECALLS * RANGES], scores[THRESHOLDS * RECALLS * RANGES];
static double recall[THRESHOLDS * RANGES];
static int64_t persons[RANGES];
static char memory[BYTES];

/* One picture with two people of one joint; the best prediction is right, the other is not. */
static const int64_t images[1] = {7}, image_id[2] = {7, 7};
static const double xy[4] = {10, 10, 200, 200}, predicted[4] = {10, 10, 300, 300};
static const uint8_t visible[2] = {2, 2};
static const double box[8] = {0, 0, 50, 50, 150, 150, 200, 200};
static const double area[2] = {2000, 2000}, score[2] = {0.9, 0.8}, sigmas[1] = {0.1};

static void half_of_the_people_are_found(void) {
  ep_coco_labels labels;
  ep_coco_predictions predictions;
  ep_coco_protocol protocol;
  ep_coco_curves curves;
  double stats[EP_COCO_STAT_COUNT];
  size_t bytes;

  ep_coco_labels_init(&labels, sizeof labels);
  labels.count = 2;
  labels.image_id = image_id;
  labels.xy = xy;
  labels.visible = visible;
  labels.box = box;
  labels.area = area;
  ep_coco_predictions_init(&predictions, sizeof predictions);
  predictions.count = 2;
  predictions.image_id = image_id;
  predictions.xy = predicted;
  predictions.score = score;
  predictions.area = area;
  ep_coco_protocol_init(&protocol, sizeof protocol);
  CHECK(protocol.threshold_count == THRESHOLDS && protocol.recall_count == RECALLS);
  CHECK(protocol.range_count == RANGES && protocol.thresholds[0] == 0.5);
  protocol.joints = 1;
  protocol.sigmas = sigmas;
  ep_coco_curves_init(&curves, sizeof curves);
  curves.precision = precision;
  curves.recall = recall;
  curves.score = scores;
  curves.persons = persons;

  bytes = ep_coco_workspace_size(&labels, &predictions, 1, &protocol);
  CHECK(bytes > 0 && bytes <= BYTES);
  CHECK_STATUS(EP_OK, ep_coco_evaluate(&labels, &predictions, images, 1, &protocol, memory, bytes,
                                       &curves, &error));
  CHECK(persons[0] == 2 && persons[1] == 2 && persons[2] == 0);
  CHECK_STATUS(EP_OK, ep_coco_stats(&curves, &protocol, stats, &error));
  CHECK_CLOSE(stats[0], 51.0 / 101.0);
  CHECK_CLOSE(stats[5], 0.5);
  CHECK(isnan(stats[4]));

  CHECK_STATUS(EP_SMALL_WORKSPACE, ep_coco_evaluate(&labels, &predictions, images, 1, &protocol,
                                                    memory, bytes - 1, &curves, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_coco_evaluate(&labels, &predictions, images, 1, &protocol, NULL,
                                                 bytes, &curves, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_coco_evaluate(NULL, &predictions, images, 1, &protocol, memory,
                                                 bytes, &curves, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_coco_stats(&curves, &protocol, NULL, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_coco_stats(NULL, &protocol, stats, &error));
  CHECK(ep_coco_workspace_size(&labels, &predictions, 1, NULL) == 0);
  labels.count = -1;
  CHECK(ep_coco_workspace_size(&labels, &predictions, 1, &protocol) == 0);
  CHECK_STATUS(EP_BAD_SIZE, ep_coco_evaluate(&labels, &predictions, images, 1, &protocol, memory,
                                             BYTES, &curves, &error));
}

void test_coco(void) { half_of_the_people_are_found(); }
