/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"

static void keypoints_near_their_labels_are_counted(void) {
  const double predicted[8] = {0, 0, 10, 13, 0, 1, NAN, NAN}, labelled[8] = {0, 0, 10, 10};
  const uint8_t visible[4] = {1, 1, 1, 0};
  const double norm[2] = {10, 10};
  int64_t correct[2], all[2];
  double out;
  ep_keypoint_pairs pairs;
  ep_keypoint_pairs_init(&pairs, sizeof pairs);
  CHECK_STATUS(EP_OK, ep_keypoint_error(&pairs, &out, &error));
  CHECK(isnan(out));
  pairs.people = 2;
  pairs.joints = 2;
  pairs.predicted = predicted;
  pairs.labelled = labelled;
  pairs.visible = visible;
  pairs.norm = norm;
  CHECK_STATUS(EP_OK, ep_pck_count(&pairs, 0.2, correct, all, &error));
  CHECK(correct[0] == 2 && all[0] == 2 && correct[1] == 0 && all[1] == 1);
  CHECK_STATUS(EP_OK, ep_pck_auc(&pairs, 10, &out, &error));
  CHECK_CLOSE(out, ((0.9 + 0.8) / 2 + 0.6) / 2);
  CHECK_STATUS(EP_OK, ep_keypoint_error(&pairs, &out, &error));
  CHECK_CLOSE(out, (0.0 + 0.3 + 0.1) / 3);
  CHECK_STATUS(EP_BAD_SIZE, ep_pck_auc(&pairs, 0, &out, &error));
  CHECK_STATUS(EP_BAD_THRESHOLD, ep_pck_count(&pairs, NAN, correct, all, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_pck_count(&pairs, 0.2, NULL, all, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_pck_auc(&pairs, 10, NULL, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_keypoint_error(&pairs, NULL, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_keypoint_error(NULL, &out, &error));
}

static void poses_in_space_are_aligned_and_measured(void) {
  static const double labelled[12] = {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
  double predicted[12], aligned[12], distance = -1;
  int i;
  ep_poses3d poses;
  for (i = 0; i < 12; ++i) predicted[i] = 2 * labelled[i] + (i % 3 == 0 ? 5 : 0);
  ep_poses3d_init(&poses, sizeof poses);
  CHECK_STATUS(EP_OK, ep_mpjpe(&poses, EP_ALIGN_NONE, NULL, NULL, &error));
  poses.people = 1;
  poses.joints = 4;
  poses.predicted = predicted;
  poses.labelled = labelled;
  CHECK_STATUS(EP_OK, ep_mpjpe(&poses, EP_ALIGN_NONE, &distance, NULL, &error));
  CHECK(distance > 5);
  CHECK_STATUS(EP_OK, ep_mpjpe(&poses, EP_ALIGN_PROCRUSTES, &distance, aligned, &error));
  CHECK_CLOSE(distance, 0);
  for (i = 0; i < 12; ++i) CHECK_CLOSE(aligned[i], labelled[i]);
  CHECK_STATUS(EP_OK, ep_mpjpe(&poses, EP_ALIGN_SCALE, &distance, NULL, &error));
  CHECK_STATUS(EP_OK, ep_mpjpe(&poses, EP_ALIGN_RIGID, &distance, NULL, &error));
  CHECK(distance > 0.1);
  CHECK_STATUS(EP_BAD_CHOICE, ep_mpjpe(&poses, 4, &distance, NULL, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_mpjpe(&poses, EP_ALIGN_NONE, NULL, NULL, &error));
  poses.people = -1;
  CHECK_STATUS(EP_BAD_SIZE, ep_mpjpe(&poses, EP_ALIGN_NONE, &distance, NULL, &error));
}

void test_measure(void) {
  keypoints_near_their_labels_are_counted();
  poses_in_space_are_aligned_and_measured();
}
