/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"

static void boxes_become_crops(void) {
  const double boxes[8] = {0, 0, 96, 128, 10, 20, 58, 84};
  double matrix[12];
  ep_box_crop crop;
  ep_box_crop_init(&crop, sizeof crop);
  crop.padding = 1.0;
  crop.warp = EP_WARP_LEGACY;
  CHECK_STATUS(EP_OK, ep_matrix_from_boxes(NULL, 0, 192, 256, NULL, NULL, &error));
  CHECK_STATUS(EP_OK, ep_matrix_from_boxes(boxes, 2, 192, 256, &crop, matrix, &error));
  CHECK(matrix[0] == 0.5 && matrix[1] == 0 && matrix[2] == 0);
  CHECK(matrix[3] == 0 && matrix[4] == 0.5 && matrix[5] == 0);
  CHECK(matrix[6] == 0.25 && matrix[8] == 10 && matrix[11] == 20);
  crop.rotation_deg = 90;
  CHECK_STATUS(EP_OK, ep_matrix_from_boxes(boxes, 1, 192, 256, &crop, matrix, &error));
  CHECK_CLOSE(matrix[1], -0.5);
  CHECK_CLOSE(matrix[3], 0.5);
  CHECK_STATUS(EP_OK, ep_matrix_from_boxes(boxes, 1, 192, 256, NULL, matrix, &error));
  CHECK(matrix[0] == 0.625);
}

static void bad_boxes_are_refused(void) {
  double matrix[6] = {7, 7, 7, 7, 7, 7};
  double box[4] = {0, 0, 10, 10};
  ep_box_crop crop;
  ep_box_crop_init(&crop, sizeof crop);
  CHECK_STATUS(EP_NULL_POINTER, ep_matrix_from_boxes(NULL, 1, 8, 8, NULL, matrix, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_matrix_from_boxes(box, 1, 8, 8, NULL, NULL, &error));
  CHECK_STATUS(EP_BAD_SIZE, ep_matrix_from_boxes(box, -1, 8, 8, NULL, matrix, &error));
  CHECK_STATUS(EP_BAD_SIZE, ep_matrix_from_boxes(box, 1, 0, 8, NULL, matrix, &error));
  crop.padding = 0;
  CHECK_STATUS(EP_BAD_OPTION, ep_matrix_from_boxes(box, 1, 8, 8, &crop, matrix, &error));
  crop.padding = 1;
  crop.rotation_deg = NAN;
  CHECK_STATUS(EP_BAD_OPTION, ep_matrix_from_boxes(box, 1, 8, 8, &crop, matrix, &error));
  crop.rotation_deg = 0;
  crop.warp = 3;
  CHECK_STATUS(EP_BAD_CHOICE, ep_matrix_from_boxes(box, 1, 8, 8, &crop, matrix, &error));
  crop.warp = EP_WARP_UDP;
  CHECK_STATUS(EP_BAD_SIZE, ep_matrix_from_boxes(box, 1, 1, 8, &crop, matrix, &error));
  box[2] = 0;
  CHECK_STATUS(EP_BAD_BOX, ep_matrix_from_boxes(box, 1, 8, 8, NULL, matrix, &error));
  box[2] = INFINITY;
  CHECK_STATUS(EP_BAD_BOX, ep_matrix_from_boxes(box, 1, 8, 8, NULL, matrix, &error));
  CHECK(matrix[0] == 7);
}

static void whole_pictures_become_inputs(void) {
  static const double center[6] = {2, 0, 0.5, 0, 2, -79.5};
  static const double corner[6] = {2, 0, 0.5, 0, 2, 0.5};
  static const double stretched[6] = {2, 0, 0.5, 0, 1, 0};
  double matrix[6];
  CHECK_STATUS(EP_OK, ep_matrix_letterbox(640, 480, 320, 320, EP_ANCHOR_CENTER, matrix, &error));
  CHECK(same_bytes(matrix, center, sizeof matrix));
  CHECK_STATUS(EP_OK, ep_matrix_letterbox(640, 480, 320, 320, EP_ANCHOR_TOP_LEFT, matrix, &error));
  CHECK(same_bytes(matrix, corner, sizeof matrix));
  CHECK_STATUS(EP_OK, ep_matrix_stretch(640, 320, 320, 320, matrix, &error));
  CHECK(same_bytes(matrix, stretched, sizeof matrix));
  CHECK_STATUS(EP_BAD_SIZE, ep_matrix_letterbox(640, 0, 320, 320, 0, matrix, &error));
  CHECK_STATUS(EP_BAD_CHOICE, ep_matrix_letterbox(640, 480, 320, 320, 2, matrix, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_matrix_stretch(640, 320, 320, 320, NULL, &error));
}

static void points_are_mapped_in_place(void) {
  const double matrix[6] = {2, 0, 1, 0.5, 2, 0};
  double xy[4] = {1, 1, 0, 3};
  CHECK_STATUS(EP_OK, ep_points_map(NULL, NULL, 0, NULL, &error));
  CHECK_STATUS(EP_OK, ep_points_map(matrix, xy, 2, xy, &error));
  CHECK(xy[0] == 3 && xy[1] == 2.5 && xy[2] == 1 && xy[3] == 6);
  CHECK_STATUS(EP_NULL_POINTER, ep_points_map(NULL, xy, 2, xy, &error));
  CHECK_STATUS(EP_BAD_SIZE, ep_points_map(matrix, xy, -1, xy, &error));
}

static void cells_become_input_pixels(void) {
  const float cell[2] = {0, 1};
  double xy[2];
  ep_cell_grid grid;
  ep_cell_grid_init(&grid, sizeof grid);
  CHECK_STATUS(EP_BAD_SIZE, ep_cells_to_input(cell, 1, &grid, xy, &error));
  grid.input_width = 192;
  grid.input_height = 256;
  grid.map_width = 48;
  grid.map_height = 64;
  CHECK_STATUS(EP_OK, ep_cells_to_input(NULL, 0, &grid, NULL, &error));
  CHECK_STATUS(EP_OK, ep_cells_to_input(cell, 1, &grid, xy, &error));
  CHECK(xy[0] == 1.5 && xy[1] == 5.5);
  grid.warp = EP_WARP_LEGACY;
  CHECK_STATUS(EP_OK, ep_cells_to_input(cell, 1, &grid, xy, &error));
  CHECK(xy[0] == 0 && xy[1] == 4);
  grid.warp = EP_WARP_UDP;
  CHECK_STATUS(EP_OK, ep_cells_to_input(cell, 1, &grid, xy, &error));
  CHECK(xy[0] == 0);
  CHECK_CLOSE(xy[1], 255.0 / 63.0);
  grid.map_width = 1;
  CHECK_STATUS(EP_OK, ep_cells_to_input(cell, 1, &grid, xy, &error));
  CHECK(xy[0] == 95.5);
  CHECK_STATUS(EP_NULL_POINTER, ep_cells_to_input(cell, 1, &grid, NULL, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_cells_to_input(cell, 1, NULL, xy, &error));
  grid.stride = 0;
  CHECK_STATUS(EP_BAD_STRIDE, ep_cells_to_input(cell, 1, &grid, xy, &error));
  grid.warp = -1;
  CHECK_STATUS(EP_BAD_CHOICE, ep_cells_to_input(cell, 1, &grid, xy, &error));
}

void test_geometry(void) {
  boxes_become_crops();
  bad_boxes_are_refused();
  whole_pictures_become_inputs();
  points_are_mapped_in_place();
  cells_become_input_pixels();
}
