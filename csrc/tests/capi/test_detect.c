/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"

static void centers_become_boxes(void) {
  float heat[12] = {0}, size[24] = {0}, offset[24] = {0}, boxes[8], score[2];
  ep_peak workspace[2];
  int32_t count = -1;
  ep_center_maps maps;
  heat[5] = 0.9F; /* cell (1, 1) of 4x3 */
  size[5] = 8;
  size[12 + 5] = 4;
  ep_center_maps_init(&maps, sizeof maps);
  maps.heatmap = heat;
  maps.size = size;
  maps.offset = offset;
  CHECK_STATUS(EP_BAD_SIZE,
               ep_centers_decode(&maps, 4, 0.5F, 2, workspace, boxes, score, &count, &error));
  maps.width = 4;
  maps.height = 3;
  CHECK_STATUS(EP_OK,
               ep_centers_decode(&maps, 4, 0.5F, 2, workspace, boxes, score, &count, &error));
  CHECK(count == 1 && score[0] == 0.9F);
  CHECK(boxes[0] == 1.5F && boxes[1] == 3.5F && boxes[2] == 9.5F && boxes[3] == 7.5F);
  CHECK_STATUS(EP_BAD_STRIDE,
               ep_centers_decode(&maps, 0, 0.5F, 2, workspace, boxes, score, &count, &error));
  CHECK_STATUS(EP_BAD_THRESHOLD,
               ep_centers_decode(&maps, 4, NAN, 2, workspace, boxes, score, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER,
               ep_centers_decode(&maps, 4, 0.5F, 2, workspace, boxes, score, NULL, &error));
  CHECK_STATUS(EP_NULL_POINTER,
               ep_centers_decode(&maps, 4, 0.5F, 2, NULL, boxes, score, &count, &error));
}

static void yolox_rows_become_boxes(void) {
  const int32_t strides[1] = {8};
  float rows[2 * 6] = {0.5F, 0.5F, 0, 0, 0.9F, 0.9F, 0.5F, 0.5F, 0, 0, 0.1F, 0.9F};
  float boxes[8], score[2];
  int64_t count = -1;
  ep_yolox_layout layout;
  ep_yolox_layout_init(&layout, sizeof layout);
  CHECK(ep_yolox_rows(&layout) == 0);
  layout.input_width = 16;
  layout.input_height = 8;
  layout.strides = strides;
  layout.stride_count = 1;
  layout.class_count = 1;
  CHECK(ep_yolox_rows(&layout) == 2);
  CHECK_STATUS(EP_OK, ep_yolox_decode(rows, 2, &layout, 0.5F, boxes, score, &count, &error));
  CHECK(count == 1);
  CHECK_CLOSE(score[0], 0.81F);
  CHECK(boxes[0] == -0.5F && boxes[2] == 7.5F);
  CHECK_STATUS(EP_BAD_SIZE, ep_yolox_decode(rows, 3, &layout, 0.5F, boxes, score, &count, &error));
  CHECK_STATUS(EP_BAD_THRESHOLD,
               ep_yolox_decode(rows, 2, &layout, NAN, boxes, score, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER,
               ep_yolox_decode(NULL, 2, &layout, 0.5F, boxes, score, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_yolox_decode(rows, 2, NULL, 0, boxes, score, &count, &error));
}

static void the_best_of_overlapping_boxes_is_kept(void) {
  const float boxes[12] = {0, 0, 10, 10, 1, 0, 11, 10, 50, 50, 60, 60};
  const float score[3] = {0.5F, 0.9F, 0.7F};
  int64_t kept[3], count = -1;
  CHECK_STATUS(EP_OK, ep_box_nms(NULL, NULL, 0, 0.5F, NULL, &count, &error));
  CHECK(count == 0);
  CHECK_STATUS(EP_OK, ep_box_nms(boxes, score, 3, 0.5F, kept, &count, &error));
  CHECK(count == 2 && kept[0] == 1 && kept[1] == 2);
  CHECK_STATUS(EP_BAD_THRESHOLD, ep_box_nms(boxes, score, 3, NAN, kept, &count, &error));
  CHECK_STATUS(EP_BAD_SIZE, ep_box_nms(boxes, score, -1, 0.5F, kept, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_box_nms(boxes, score, 3, 0.5F, NULL, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_box_nms(boxes, score, 3, 0.5F, kept, NULL, &error));
}

void test_detect(void) {
  centers_become_boxes();
  yolox_rows_become_boxes();
  the_best_of_overlapping_boxes_is_kept();
}
