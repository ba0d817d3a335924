/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"

/* Three people of two joints: the second stands on the first, the third far away. */
static const double xy[12] = {0, 0, 10, 10, 0, 0, 10, 10, 500, 500, 510, 510};
static const double joint_score[6] = {0.9, 0.9, 0.5, 0.7, 0.1, 0.8};
static const double score[3] = {0.8, 0.9, 0.3};
static const double area[3] = {100, 100, 100};
static const double sigmas[2] = {0.1, 0.1};

static ep_people everybody(void) {
  ep_people people;
  ep_people_init(&people, sizeof people);
  people.people = 3;
  people.joints = 2;
  people.xy = xy;
  people.joint_score = joint_score;
  people.score = score;
  people.area = area;
  people.sigmas = sigmas;
  return people;
}

static void similarity_of_everyone_with_everyone(void) {
  const uint8_t mask[6] = {1, 1, 0, 0, 1, 0};
  ep_people people = everybody();
  double out[9];
  CHECK_STATUS(EP_OK, ep_oks_matrix(&people, NULL, xy, 3, out, &error));
  CHECK(out[0] == 1 && out[1] == 1 && out[2] == 0 && out[8] == 1);
  CHECK_STATUS(EP_OK, ep_oks_matrix(&people, mask, xy, 3, out, &error));
  CHECK(out[0] == 1 && out[3] == 0 && out[8] == 1);
  CHECK_STATUS(EP_OK, ep_oks_matrix(&people, NULL, NULL, 0, NULL, &error));
  CHECK_STATUS(EP_BAD_SIZE, ep_oks_matrix(&people, NULL, xy, -1, out, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_oks_matrix(&people, NULL, xy, 3, NULL, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_oks_matrix(NULL, NULL, xy, 3, out, &error));
}

static void doubles_are_suppressed(void) {
  ep_people people = everybody(), nobody;
  int64_t kept[3], count = -1;
  ep_people_init(&nobody, sizeof nobody);
  CHECK_STATUS(EP_OK, ep_oks_nms(&nobody, 0.9, 0, NULL, &count, &error));
  CHECK(count == 0);
  CHECK_STATUS(EP_OK, ep_oks_nms(&people, 0.9, 0, kept, &count, &error));
  CHECK(count == 2 && kept[0] == 1 && kept[1] == 2);
  CHECK_STATUS(EP_BAD_THRESHOLD, ep_oks_nms(&people, NAN, 0, kept, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_oks_nms(&people, 0.9, 0, NULL, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_oks_nms(&people, 0.9, 0, kept, NULL, &error));
  people.joints = -1;
  CHECK_STATUS(EP_BAD_SIZE, ep_oks_nms(&people, 0.9, 0, kept, &count, &error));
}

static void scores_of_doubles_fall(void) {
  ep_people people = everybody();
  ep_soft_oks_nms_options options;
  double fallen[3];
  int64_t kept[3], count = -1;
  ep_soft_oks_nms_options_init(&options, sizeof options);
  CHECK(options.threshold == 0.9 && options.max_people == 20);
  CHECK(options.visible_threshold == -INFINITY);
  CHECK_STATUS(EP_OK, ep_soft_oks_nms(&people, NULL, fallen, kept, &count, &error));
  CHECK(count == 3 && kept[0] == 1 && fallen[1] == 0.9);
  CHECK_CLOSE(fallen[0], 0.8 * exp(-1 / 0.9));
  options.decay = EP_DECAY_LINEAR;
  options.max_people = 2;
  CHECK_STATUS(EP_OK, ep_soft_oks_nms(&people, &options, fallen, kept, &count, &error));
  CHECK(count == 2 && kept[1] == 2 && fallen[0] == 0);
  options.decay = 2;
  CHECK_STATUS(EP_BAD_CHOICE, ep_soft_oks_nms(&people, &options, fallen, kept, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_soft_oks_nms(&people, NULL, NULL, kept, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_soft_oks_nms(&people, NULL, fallen, kept, NULL, &error));
}

static void people_whose_joints_are_near_are_suppressed(void) {
  ep_people people = everybody();
  ep_nearby_joints_options options;
  uint8_t done[3];
  int64_t kept[3], count = -1;
  ep_nearby_joints_options_init(&options, sizeof options);
  CHECK(options.distance == 0.05 && options.max_people == INT64_MAX);
  CHECK_STATUS(EP_OK, ep_nearby_joints_nms(&people, NULL, done, kept, &count, &error));
  CHECK(count == 2 && kept[0] == 1 && kept[1] == 2);
  options.max_nearby = 2;
  CHECK_STATUS(EP_OK, ep_nearby_joints_nms(&people, &options, done, kept, &count, &error));
  CHECK(count == 3);
  CHECK_STATUS(EP_NULL_POINTER, ep_nearby_joints_nms(&people, NULL, NULL, kept, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_nearby_joints_nms(&people, NULL, done, kept, NULL, &error));
}

static void people_are_rated_by_their_joints(void) {
  ep_people people = everybody();
  double out[3];
  CHECK_STATUS(EP_OK, ep_people_rescore(&people, 0.2, out, &error));
  CHECK_CLOSE(out[0], 0.8 * 0.9);
  CHECK_CLOSE(out[1], 0.9 * 0.6);
  CHECK_CLOSE(out[2], 0.3 * 0.8);
  CHECK_STATUS(EP_BAD_THRESHOLD, ep_people_rescore(&people, NAN, out, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_people_rescore(&people, 0.2, NULL, &error));
}

void test_people(void) {
  similarity_of_everyone_with_everyone();
  doubles_are_suppressed();
  scores_of_doubles_fall();
  people_whose_joints_are_near_are_suppressed();
  people_are_rated_by_their_joints();
}
