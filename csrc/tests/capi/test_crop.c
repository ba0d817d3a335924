/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "check.h"

static const double identity[6] = {1, 0, 0, 0, 1, 0};
static const uint8_t pixels[2 * 2 * 3] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

static ep_tensor tensor_of(void* data) {
  ep_tensor tensor;
  ep_tensor_init(&tensor, sizeof tensor);
  tensor.width = 2;
  tensor.height = 2;
  tensor.data = data;
  return tensor;
}

static void a_crop_is_normalised_and_laid_out_by_channel(void) {
  float out[12];
  ep_tensor tensor = tensor_of(out);
  ep_picture picture;
  ep_crop_options options;
  ep_picture_init(&picture, sizeof picture);
  ep_picture_set_packed3(&picture, pixels, 2, 2);
  CHECK(picture.row_stride[0] == 6 && picture.channel[2] == 2);
  CHECK_STATUS(EP_OK, ep_crop_run(&picture, NULL, 0, NULL, &tensor, &error));
  CHECK_STATUS(EP_OK, ep_crop_run(&picture, identity, 1, NULL, &tensor, &error));
  CHECK(out[0] == 1 && out[1] == 4 && out[3] == 10 && out[4] == 2 && out[11] == 12);
  ep_crop_options_init(&options, sizeof options);
  CHECK(options.antialias == 1 && options.std[2] == 1);
  options.swap_rb = 1;
  options.mean[0] = 1;
  options.std[0] = 2;
  CHECK_STATUS(EP_OK, ep_crop_run(&picture, identity, 1, &options, &tensor, &error));
  CHECK(out[0] == 1 && out[1] == 2.5F && out[8] == 1);
}

static void a_crop_is_quantised_and_laid_out_by_pixel(void) {
  int8_t out[12];
  ep_tensor tensor = tensor_of(out);
  ep_picture picture;
  ep_picture_init(&picture, sizeof picture);
  ep_picture_set_packed3(&picture, pixels, 2, 2);
  tensor.element = EP_ELEMENT_INT8;
  tensor.layout = EP_LAYOUT_NHWC;
  tensor.scale = 0.5F;
  tensor.zero_point = -10;
  CHECK_STATUS(EP_OK, ep_crop_run(&picture, identity, 1, NULL, &tensor, &error));
  CHECK(out[0] == -8 && out[1] == -6 && out[11] == 14);
  tensor.zero_point = 200;
  CHECK_STATUS(EP_BAD_TARGET, ep_crop_run(&picture, identity, 1, NULL, &tensor, &error));
}

static void a_camera_picture_is_read_as_it_lies(void) {
  const uint8_t luma[4] = {10, 20, 30, 40}, chroma[2] = {128, 128}; /* NV12, grey */
  const double turned[6] = {0, 1, 0, -1, 0, 1};
  double matrix[6];
  float out[12];
  ep_tensor tensor = tensor_of(out);
  ep_picture picture;
  ep_picture_init(&picture, sizeof picture);
  picture.format = EP_PIXEL_YUV420;
  picture.width = 2;
  picture.height = 2;
  picture.plane[0] = luma;
  picture.plane[1] = chroma;
  picture.plane[2] = chroma + 1;
  picture.row_stride[0] = picture.row_stride[1] = picture.row_stride[2] = 2;
  picture.pixel_stride[0] = 1;
  picture.pixel_stride[1] = picture.pixel_stride[2] = 2;
  CHECK_STATUS(EP_OK, ep_crop_run(&picture, identity, 1, NULL, &tensor, &error));
  CHECK(out[0] == 10 && out[3] == 40 && out[4] == 10 && out[11] == 40);
  CHECK_STATUS(EP_OK, ep_matrix_orient(identity, 1, 2, 2, 1, 0, matrix, &error));
  CHECK(same_bytes(matrix, turned, sizeof matrix));
  CHECK_STATUS(EP_OK, ep_crop_run(&picture, matrix, 1, NULL, &tensor, &error));
  CHECK(out[0] == 30 && out[1] == 10 && out[2] == 40 && out[3] == 20);
  CHECK_STATUS(EP_BAD_SIZE, ep_matrix_orient(identity, 1, 0, 2, 1, 0, matrix, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_matrix_orient(NULL, 1, 2, 2, 1, 0, matrix, &error));
  picture.row_stride[0] = 1;
  CHECK_STATUS(EP_BAD_PICTURE, ep_crop_run(&picture, identity, 1, NULL, &tensor, &error));
}

static void the_parts_of_a_crop_are_the_whole(void) {
  float whole[12], parts[12] = {0};
  const ep_tensor all = tensor_of(whole), some = tensor_of(parts);
  ep_picture picture;
  ep_picture_init(&picture, sizeof picture);
  ep_picture_set_packed3(&picture, pixels, 2, 2);
  CHECK(ep_crop_part_count(3, 2) == 3 && ep_crop_part_count(-1, 2) == 0);
  CHECK_STATUS(EP_OK, ep_crop_run(&picture, identity, 1, NULL, &all, &error));
  CHECK_STATUS(EP_OK, ep_crop_run_parts(&picture, identity, 1, NULL, 0, 1, &some, &error));
  CHECK(same_bytes(whole, parts, sizeof whole));
  CHECK_STATUS(EP_BAD_SIZE, ep_crop_run_parts(&picture, identity, 1, NULL, 0, 2, &some, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_crop_run_parts(&picture, identity, 1, NULL, 0, 1, NULL, &error));
}

static void bad_crops_are_refused(void) {
  double matrix[6];
  float out[12] = {9};
  ep_tensor tensor = tensor_of(out);
  ep_picture picture;
  ep_crop_options options;
  memcpy(matrix, identity, sizeof matrix);
  ep_picture_init(&picture, sizeof picture);
  CHECK_STATUS(EP_BAD_SIZE, ep_crop_run(&picture, matrix, 1, NULL, &tensor, &error));
  ep_picture_set_packed3(&picture, pixels, 2, 2);
  CHECK_STATUS(EP_NULL_POINTER, ep_crop_run(NULL, matrix, 1, NULL, &tensor, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_crop_run(&picture, matrix, 1, NULL, NULL, &error));
  tensor.width = 0;
  CHECK_STATUS(EP_BAD_SIZE, ep_crop_run(&picture, matrix, 1, NULL, &tensor, &error));
  tensor = tensor_of(NULL);
  CHECK_STATUS(EP_NULL_POINTER, ep_crop_run(&picture, matrix, 1, NULL, &tensor, &error));
  tensor = tensor_of(out);
  tensor.layout = 2;
  CHECK_STATUS(EP_BAD_CHOICE, ep_crop_run(&picture, matrix, 1, NULL, &tensor, &error));
  tensor = tensor_of(out);
  ep_crop_options_init(&options, sizeof options);
  options.std[1] = 0;
  CHECK_STATUS(EP_BAD_COLOR, ep_crop_run(&picture, matrix, 1, &options, &tensor, &error));
  matrix[0] = 0;
  CHECK_STATUS(EP_BAD_MATRIX, ep_crop_run(&picture, matrix, 1, NULL, &tensor, &error));
  picture.format = 99;
  CHECK_STATUS(EP_BAD_CHOICE, ep_crop_run(&picture, identity, 1, NULL, &tensor, &error));
  CHECK(out[0] == 9);
}

void test_crop(void) {
  a_crop_is_normalised_and_laid_out_by_channel();
  a_crop_is_quantised_and_laid_out_by_pixel();
  a_camera_picture_is_read_as_it_lies();
  the_parts_of_a_crop_are_the_whole();
  bad_crops_are_refused();
}
