/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"

enum { BYTES = 4096 };
static char memory[BYTES];

static void rows_get_the_columns_that_cost_least(void) {
  const double cost[6] = {1, 2, 9, 1, 5, 9};
  int32_t column[2] = {-7, -7}, count = -1;
  const size_t bytes = ep_assign_workspace_size(2, 3);
  CHECK(bytes > 0 && bytes <= BYTES && ep_assign_workspace_size(-1, 3) == 0);
  CHECK_STATUS(EP_OK, ep_assign_run(cost, 2, 3, memory, bytes, column, &count, &error));
  CHECK(count == 2 && column[0] == 1 && column[1] == 0);
  CHECK_STATUS(EP_OK, ep_assign_run(NULL, 0, 3, memory, BYTES, NULL, &count, &error));
  CHECK(count == 0);
  CHECK_STATUS(EP_SMALL_WORKSPACE, ep_assign_run(cost, 2, 3, memory, 1, column, &count, &error));
  CHECK_STATUS(EP_BAD_SIZE, ep_assign_run(cost, -1, 3, memory, BYTES, column, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_assign_run(NULL, 2, 3, memory, bytes, column, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_assign_run(cost, 2, 3, memory, bytes, column, NULL, &error));
}

static void boxes_are_matched_by_their_overlap(void) {
  const double a[8] = {0, 0, 10, 10, 50, 50, 60, 60}, b[8] = {50, 50, 60, 60, 5, 0, 15, 10};
  double iou[4];
  int32_t column[2], count = -1;
  const size_t bytes = ep_match_workspace_size(2, 2);
  CHECK(bytes > 0 && bytes <= BYTES && ep_match_workspace_size(2, -1) == 0);
  CHECK_STATUS(EP_OK, ep_iou_matrix(NULL, 0, b, 2, NULL, &error));
  CHECK_STATUS(EP_OK, ep_iou_matrix(a, 2, b, 2, iou, &error));
  CHECK(iou[0] == 0 && iou[2] == 1);
  CHECK_CLOSE(iou[1], 1.0 / 3.0);
  CHECK_STATUS(EP_BAD_SIZE, ep_iou_matrix(a, -2, b, 2, iou, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_iou_matrix(a, 2, NULL, 2, iou, &error));
  CHECK_STATUS(EP_OK, ep_match_similar(iou, 2, 2, 0.3, memory, bytes, column, &count, &error));
  CHECK(count == 2 && column[0] == 1 && column[1] == 0);
  CHECK_STATUS(EP_OK, ep_match_similar(iou, 2, 2, 0.5, memory, bytes, column, &count, &error));
  CHECK(count == 1 && column[0] == -1);
  CHECK_STATUS(EP_BAD_THRESHOLD,
               ep_match_similar(iou, 2, 2, NAN, memory, bytes, column, &count, &error));
  CHECK_STATUS(EP_SMALL_WORKSPACE,
               ep_match_similar(iou, 2, 2, 0.5, memory, 1, column, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER,
               ep_match_similar(iou, 2, 2, 0.5, memory, bytes, column, NULL, &error));
}

static void keypoints_are_smoothed(void) {
  double xy[2] = {10, 20}, out[2];
  ep_one_euro_state state;
  ep_one_euro_options options;
  ep_one_euro_options_init(&options, sizeof options);
  CHECK(options.min_cutoff_hz == 0.05 && options.beta == 80);
  CHECK_STATUS(EP_OK, ep_one_euro_reset(&state, 1, &error));
  CHECK(isnan(state.seconds));
  CHECK_STATUS(EP_OK, ep_one_euro_apply(NULL, 0.0, 100, xy, 1, &state, out, &error));
  CHECK(out[0] == 10 && out[1] == 20);
  xy[0] = 12;
  CHECK_STATUS(EP_OK, ep_one_euro_apply(&options, 0.1, 100, xy, 1, &state, xy, &error));
  CHECK(xy[0] > 10 && xy[0] < 12 && xy[1] == 20);
  options.beta = -1;
  CHECK(ep_one_euro_apply(&options, 0.2, 100, xy, 1, &state, out, &error) != EP_OK);
  CHECK_STATUS(EP_BAD_SIZE, ep_one_euro_reset(&state, -1, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_one_euro_reset(NULL, 1, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_one_euro_apply(NULL, 0.2, 1, NULL, 1, &state, out, &error));
}

static void many_people_are_smoothed_at_once(void) {
  const double seconds[2] = {0, 0.5}, later[2] = {0.1, 0.75}, size[2] = {100, 50};
  const int64_t slot[2] = {2, 0};
  double xy[4] = {10, 20, 30, 40}, out[4];
  ep_one_euro_state states[3];
  ep_one_euro_samples samples;
  ep_one_euro_samples_init(&samples, sizeof samples);
  CHECK_STATUS(EP_OK, ep_one_euro_apply_people(NULL, &samples, NULL, 0, NULL, &error));
  CHECK_STATUS(EP_OK, ep_one_euro_reset(states, 3, &error));
  samples.people = 2;
  samples.keypoints = 1;
  samples.seconds = seconds;
  samples.object_size = size;
  samples.xy = xy;
  samples.slot = slot;
  CHECK_STATUS(EP_OK, ep_one_euro_apply_people(NULL, &samples, states, 3, out, &error));
  CHECK(out[0] == 10 && out[3] == 40 && states[2].seconds == 0 && states[0].seconds == 0.5);
  CHECK(isnan(states[1].seconds));
  xy[0] = 12;
  samples.seconds = later;
  CHECK_STATUS(EP_OK, ep_one_euro_apply_people(NULL, &samples, states, 3, out, &error));
  CHECK(out[0] > 10 && out[0] < 12 && out[1] == 20 && out[2] == 30);
  CHECK_STATUS(EP_BAD_INDEX, ep_one_euro_apply_people(NULL, &samples, states, 2, out, &error));
  samples.slot = NULL;
  CHECK_STATUS(EP_BAD_INDEX, ep_one_euro_apply_people(NULL, &samples, states, 1, out, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_one_euro_apply_people(NULL, &samples, NULL, 3, out, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_one_euro_apply_people(NULL, NULL, states, 3, out, &error));
  samples.people = -1;
  CHECK_STATUS(EP_BAD_SIZE, ep_one_euro_apply_people(NULL, &samples, states, 3, out, &error));
}

static void boxes_lie_around_visible_keypoints(void) {
  const double xy[8] = {0, 0, 10, 0, 0, 20, 99, 99}, score[4] = {1, 1, 1, 0};
  double box[4];
  int64_t count = -1;
  ep_people people;
  ep_roi_options options;
  ep_people_init(&people, sizeof people);
  CHECK_STATUS(EP_OK, ep_roi_from_people(&people, NULL, NULL, &count, &error));
  CHECK(count == 0);
  people.people = 1;
  people.joints = 4;
  people.xy = xy;
  people.joint_score = score;
  CHECK_STATUS(EP_OK, ep_roi_from_people(&people, NULL, box, &count, &error));
  CHECK(count == 0 && isnan(box[0]));
  ep_roi_options_init(&options, sizeof options);
  options.min_keypoints = 3;
  CHECK_STATUS(EP_OK, ep_roi_from_people(&people, &options, box, &count, &error));
  CHECK(count == 1 && box[0] == -5 && box[1] == -5 && box[2] == 15 && box[3] == 25);
  CHECK_STATUS(EP_NULL_POINTER, ep_roi_from_people(&people, &options, NULL, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_roi_from_people(&people, &options, box, NULL, &error));
  options.min_score = NAN;
  CHECK(ep_roi_from_people(&people, &options, box, &count, &error) != EP_OK);
}

void test_track(void) {
  rows_get_the_columns_that_cost_least();
  boxes_are_matched_by_their_overlap();
  keypoints_are_smoothed();
  many_people_are_smoothed_at_once();
  boxes_lie_around_visible_keypoints();
}
