/* SPDX-License-Identifier: Apache-2.0
 * Structs of callers that were built against an older or a newer header. */
#include <string.h>

#include "check.h"

/* A later version of ep_box_crop, with a field that this library does not know. */
typedef struct newer_box_crop {
  ep_box_crop known;
  double unknown;
} newer_box_crop;

static const double box[4] = {0, 0, 10, 10};

static ep_status run(const void* crop) {
  double matrix[6];
  return ep_matrix_from_boxes(box, 1, 8, 8, (const ep_box_crop*)crop, matrix, &error);
}

static void a_struct_that_was_not_initialised_is_refused(void) {
  ep_box_crop crop;
  memset(&crop, 0, sizeof crop);
  CHECK_STATUS(EP_BAD_STRUCT, run(&crop));
  crop.struct_size = 0xffffffffu;
  CHECK_STATUS(EP_BAD_STRUCT, run(&crop));
}

static void unknown_fields_are_fine_while_they_are_zero(void) {
  newer_box_crop crop;
  ep_box_crop_init(&crop.known, sizeof crop);
  CHECK(crop.known.struct_size == sizeof crop);
  CHECK(crop.unknown == 0.0 && crop.known.padding == 1.25);
  CHECK_STATUS(EP_OK, run(&crop));
  crop.unknown = 1.0;
  CHECK_STATUS(EP_BAD_STRUCT, run(&crop));
}

static void fields_that_an_older_header_lacks_have_their_defaults(void) {
  ep_box_crop crop;
  memset(&crop, 0x7f, sizeof crop);
  ep_box_crop_init(&crop, offsetof(ep_box_crop, padding));
  CHECK(((const unsigned char*)&crop.padding)[0] == 0x7f);
  CHECK_STATUS(EP_OK, run(&crop));
}

static void no_struct_is_no_crash(void) {
  ep_box_crop_init(NULL, sizeof(ep_box_crop));
  ep_heatmaps_set_nchw(NULL, NULL, 1, 1, 1, 1);
  ep_picture_set_packed3(NULL, NULL, 1, 1);
  CHECK(ep_yolox_rows(NULL) == 0);
}

static void sizes_that_no_memory_holds_are_refused(void) {
  const int64_t counts[3] = {INT64_MIN, INT64_MAX, 3};
  float xy[2], score[1];
  ep_heatmaps maps;
  ep_tag_maps tags;
  int32_t i, count;
  ep_heatmaps_init(&maps, sizeof maps);
  for (i = 0; i < 3; ++i) {
    ep_heatmaps_set_nchw(&maps, box, counts[i], counts[i], INT32_MIN, INT32_MIN);
    CHECK_STATUS(EP_BAD_SIZE, ep_heatmap_argmax(&maps, xy, score, &error));
    ep_heatmaps_set_nhwc(&maps, box, counts[i], counts[i], INT32_MIN, INT32_MAX);
    CHECK_STATUS(EP_BAD_SIZE, ep_heatmap_argmax(&maps, xy, score, &error));
  }
  ep_tag_maps_init(&tags, sizeof tags);
  ep_tag_maps_set(&tags, xy, xy, INT32_MIN, INT32_MIN, INT32_MIN, 1);
  CHECK(ep_tags_workspace_size(&tags, NULL) == 0);
  CHECK(ep_tags_group(&tags, NULL, xy, 0, NULL, &count, &error) != EP_OK);
}

void test_structs(void) {
  sizes_that_no_memory_holds_are_refused();
  a_struct_that_was_not_initialised_is_refused();
  unknown_fields_are_fine_while_they_are_zero();
  fields_that_an_older_header_lacks_have_their_defaults();
  no_struct_is_no_crash();
}
