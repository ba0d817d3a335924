/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "check.h"

static const double identity[6] = {1, 0, 0, 0, 1, 0};
static const uint8_t pixels[2 * 2 * 3] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

static void a_crop_is_normalised_and_laid_out_by_channel(void) {
  float out[12];
  ep_picture picture;
  ep_crop_options options;
  ep_picture_init(&picture, sizeof picture);
  ep_picture_set_packed3(&picture, pixels, 2, 2);
  CHECK(picture.row_stride[0] == 6);
  CHECK_STATUS(EP_OK, ep_crop_run(&picture, NULL, 0, NULL, 2, 2, NULL, &error));
  CHECK_STATUS(EP_OK, ep_crop_run(&picture, identity, 1, NULL, 2, 2, out, &error));
  CHECK(out[0] == 1 && out[1] == 4 && out[3] == 10 && out[4] == 2 && out[11] == 12);
  ep_crop_options_init(&options, sizeof options);
  options.swap_rb = 1;
  options.mean[0] = 1;
  options.std[0] = 2;
  CHECK_STATUS(EP_OK, ep_crop_run(&picture, identity, 1, &options, 2, 2, out, &error));
  CHECK(out[0] == 1 && out[1] == 2.5F && out[8] == 1);
}

static void bad_crops_are_refused(void) {
  double matrix[6];
  float out[12] = {9};
  ep_picture picture;
  ep_crop_options options;
  memcpy(matrix, identity, sizeof matrix);
  ep_picture_init(&picture, sizeof picture);
  CHECK_STATUS(EP_BAD_SIZE, ep_crop_run(&picture, matrix, 1, NULL, 2, 2, out, &error));
  ep_picture_set_packed3(&picture, pixels, 2, 2);
  CHECK_STATUS(EP_NULL_POINTER, ep_crop_run(NULL, matrix, 1, NULL, 2, 2, out, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_crop_run(&picture, matrix, 1, NULL, 2, 2, NULL, &error));
  CHECK_STATUS(EP_BAD_SIZE, ep_crop_run(&picture, matrix, 1, NULL, 0, 2, out, &error));
  ep_crop_options_init(&options, sizeof options);
  options.std[1] = 0;
  CHECK_STATUS(EP_BAD_COLOR, ep_crop_run(&picture, matrix, 1, &options, 2, 2, out, &error));
  matrix[0] = 0;
  CHECK_STATUS(EP_BAD_MATRIX, ep_crop_run(&picture, matrix, 1, NULL, 2, 2, out, &error));
  picture.format = 99;
  CHECK_STATUS(EP_BAD_CHOICE, ep_crop_run(&picture, identity, 1, NULL, 2, 2, out, &error));
  CHECK(out[0] == 9);
}

void test_crop(void) {
  a_crop_is_normalised_and_laid_out_by_channel();
  bad_crops_are_refused();
}
