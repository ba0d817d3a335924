/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"

static void two_vectors_are_a_place(void) {
  const float across[6] = {0, 0, 0, 0.9F, 0, 0}, down[4] = {0, 0.5F, 0, 0};
  float xy[2], score;
  ep_heatmaps x, y;
  ep_simcc_options options;
  ep_heatmaps_init(&x, sizeof x);
  ep_heatmaps_init(&y, sizeof y);
  CHECK_STATUS(EP_OK, ep_simcc_decode(&x, &y, NULL, NULL, NULL, &error));
  ep_heatmaps_set_nchw(&x, across, 1, 1, 1, 6);
  ep_heatmaps_set_nchw(&y, down, 1, 1, 1, 4);
  ep_simcc_options_init(&options, sizeof options);
  CHECK(options.split_ratio == 2 && options.blur_kernel[1] == 21);
  CHECK_STATUS(EP_OK, ep_simcc_decode(&x, &y, NULL, xy, &score, &error));
  CHECK(xy[0] == 1.5F && xy[1] == 0.5F && score == 0.5F);
  options.larger = 1;
  options.split_ratio = 1;
  CHECK_STATUS(EP_OK, ep_simcc_decode(&x, &y, &options, xy, &score, &error));
  CHECK(xy[0] == 3 && xy[1] == 1 && score == 0.9F);
  options.split_ratio = 0;
  CHECK_STATUS(EP_BAD_OPTION, ep_simcc_decode(&x, &y, &options, xy, &score, &error));
  options.score = 3;
  CHECK_STATUS(EP_BAD_CHOICE, ep_simcc_decode(&x, &y, &options, xy, &score, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_simcc_decode(&x, &y, NULL, NULL, &score, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_simcc_decode(&x, NULL, NULL, xy, &score, &error));
  y.joints = 2;
  CHECK_STATUS(EP_BAD_SIZE, ep_simcc_decode(&x, &y, NULL, xy, &score, &error));
}

static void volumes_have_a_place_in_three_axes(void) {
  float cells[2 * 3 * 4] = {0}, xyz[3], score; /* [D = 2, H = 3, W = 4] */
  ep_heatmaps slice;
  cells[(1 * 3 + 2) * 4 + 3] = 50;
  ep_heatmaps_init(&slice, sizeof slice);
  ep_heatmaps_set_nchw(&slice, cells, 1, 1, 3, 4);
  CHECK_STATUS(EP_OK, ep_volume_argmax(&slice, 2, 12, xyz, &score, &error));
  CHECK(xyz[0] == 3 && xyz[1] == 2 && xyz[2] == 1 && score == 50);
  CHECK_STATUS(EP_OK, ep_volume_integral(&slice, 2, 12, 1, xyz, &score, &error));
  CHECK_CLOSE(xyz[0], 3);
  CHECK_CLOSE(xyz[2], 1);
  CHECK_STATUS(EP_BAD_OPTION, ep_volume_integral(&slice, 2, 12, NAN, xyz, &score, &error));
  CHECK_STATUS(EP_BAD_SIZE, ep_volume_argmax(&slice, 0, 12, xyz, &score, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_volume_argmax(&slice, 2, 12, NULL, &score, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_volume_argmax(NULL, 2, 12, xyz, &score, &error));
}

void test_simcc(void) {
  two_vectors_are_a_place();
  volumes_have_a_place_in_three_axes();
}
