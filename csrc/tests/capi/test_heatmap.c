/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "check.h"

enum { WIDTH = 12, HEIGHT = 10 };

/* A Gaussian around (5.3, 4.6), of which both refinements find the middle. */
static void fill(float* cells) {
  int x, y;
  for (y = 0; y < HEIGHT; ++y) {
    for (x = 0; x < WIDTH; ++x) {
      const double dx = x - 5.3, dy = y - 4.6;
      cells[y * WIDTH + x] = (float)exp(-(dx * dx + dy * dy) / 8.0);
    }
  }
}

static void set(ep_heatmaps* maps, const float* cells) {
  ep_heatmaps_init(maps, sizeof *maps);
  ep_heatmaps_set_nchw(maps, cells, 1, 1, HEIGHT, WIDTH);
}

static void the_highest_cell_and_the_place_between_cells(void) {
  float cells[WIDTH * HEIGHT], before[WIDTH * HEIGHT], xy[2], score;
  ep_heatmaps maps;
  ep_decode_options options;
  fill(cells);
  memcpy(before, cells, sizeof cells);
  set(&maps, cells);
  CHECK(maps.row_stride == WIDTH && maps.joint_stride == WIDTH * HEIGHT);
  CHECK_STATUS(EP_OK, ep_heatmap_argmax(&maps, xy, &score, &error));
  CHECK(xy[0] == 5 && xy[1] == 5 && score == cells[5 * WIDTH + 5]);
  CHECK_STATUS(EP_OK, ep_heatmap_decode(&maps, NULL, xy, &score, &error));
  CHECK(xy[0] == 5 && xy[1] == 5);
  ep_decode_options_init(&options, sizeof options);
  CHECK(options.subpixel == EP_SUBPIXEL_NONE && options.blur_kernel == 11);
  CHECK(options.bounded == 0);
  options.subpixel = EP_SUBPIXEL_QUARTER;
  CHECK_STATUS(EP_OK, ep_heatmap_decode(&maps, &options, xy, &score, &error));
  CHECK(xy[0] == 5.25F && xy[1] == 4.75F);
  options.subpixel = EP_SUBPIXEL_DARK;
  options.blur_kernel = 1;
  CHECK_STATUS(EP_OK, ep_heatmap_decode(&maps, &options, xy, &score, &error));
  check_close(xy[0], 5.3, 1e-4, __FILE__, __LINE__);
  check_close(xy[1], 4.6, 1e-4, __FILE__, __LINE__);
  CHECK(same_bytes(before, cells, sizeof cells));
}

static void nothing_in_is_nothing_out(void) {
  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  CHECK_STATUS(EP_OK, ep_heatmap_argmax(&maps, NULL, NULL, &error));
  CHECK_STATUS(EP_OK, ep_heatmap_decode(&maps, NULL, NULL, NULL, &error));
}

static void bad_maps_are_refused(void) {
  float cells[WIDTH * HEIGHT], xy[2], score;
  ep_heatmaps maps;
  ep_decode_options options;
  fill(cells);
  set(&maps, cells);
  ep_decode_options_init(&options, sizeof options);
  CHECK_STATUS(EP_NULL_POINTER, ep_heatmap_argmax(NULL, xy, &score, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_heatmap_decode(&maps, NULL, NULL, &score, &error));
  options.subpixel = EP_SUBPIXEL_UDP;
  options.blur_kernel = 4;
  CHECK_STATUS(EP_BAD_BLUR_KERNEL, ep_heatmap_decode(&maps, &options, xy, &score, &error));
  options.subpixel = 100;
  CHECK_STATUS(EP_BAD_CHOICE, ep_heatmap_decode(&maps, &options, xy, &score, &error));
  maps.element = 100;
  CHECK_STATUS(EP_BAD_CHOICE, ep_heatmap_argmax(&maps, xy, &score, &error));
  set(&maps, cells);
  maps.width = 0;
  CHECK_STATUS(EP_BAD_SIZE, ep_heatmap_argmax(&maps, xy, &score, &error));
}

static void peaks_come_best_first(void) {
  float cells[WIDTH * HEIGHT] = {0};
  int32_t count = -1;
  ep_peak peaks[4];
  ep_heatmaps maps;
  cells[2 * WIDTH + 3] = 1.0F;
  cells[7 * WIDTH + 9] = 2.0F;
  set(&maps, cells);
  CHECK_STATUS(EP_OK, ep_heatmap_peaks(&maps, 0, 0, 0.5F, 1, 4, peaks, &count, &error));
  CHECK(count == 2 && peaks[0].x == 9 && peaks[0].y == 7 && peaks[0].score == 2.0F);
  CHECK(peaks[1].x == 3 && peaks[1].y == 2);
  CHECK_STATUS(EP_OK, ep_heatmap_peaks(&maps, 0, 0, 0.5F, 1, 0, NULL, &count, &error));
  CHECK(count == 0);
  CHECK_STATUS(EP_BAD_THRESHOLD, ep_heatmap_peaks(&maps, 0, 0, NAN, 1, 4, peaks, &count, &error));
  CHECK_STATUS(EP_BAD_SIZE, ep_heatmap_peaks(&maps, 0, 0, 0, -1, 4, peaks, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_heatmap_peaks(&maps, 0, 0, 0, 1, 4, NULL, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_heatmap_peaks(&maps, 0, 0, 0, 1, 4, peaks, NULL, &error));
  CHECK_STATUS(EP_BAD_INDEX, ep_heatmap_peaks(&maps, 0, 1, 0, 1, 4, peaks, &count, &error));
  CHECK_STATUS(EP_BAD_INDEX, ep_heatmap_peaks(&maps, -1, 0, 0, 1, 4, peaks, &count, &error));
}

static void quantised_maps_with_joints_innermost_are_read_as_they_are(void) {
  int8_t cells[2 * 3 * 2] = {0}; /* [1, H = 2, W = 3, K = 2] */
  float xy[4], score[2];
  ep_heatmaps maps;
  ep_decode_options options;
  cells[(1 * 3 + 2) * 2 + 0] = 20; /* joint 0 at (2, 1) */
  cells[(0 * 3 + 1) * 2 + 1] = 30; /* joint 1 at (1, 0) */
  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_set_nhwc(&maps, cells, 1, 2, 2, 3);
  maps.element = EP_ELEMENT_INT8;
  maps.scale = 0.5F;
  maps.zero_point = 10;
  CHECK_STATUS(EP_OK, ep_heatmap_argmax(&maps, xy, score, &error));
  CHECK(xy[0] == 2 && xy[1] == 1 && xy[2] == 1 && xy[3] == 0);
  CHECK(score[0] == 5.0F && score[1] == 10.0F);
  ep_decode_options_init(&options, sizeof options);
  options.subpixel = EP_SUBPIXEL_INTEGRAL;
  CHECK_STATUS(EP_OK, ep_heatmap_decode(&maps, &options, xy, score, &error));
  options.beta = 0;
  CHECK_STATUS(EP_BAD_OPTION, ep_heatmap_decode(&maps, &options, xy, score, &error));
  maps.zero_point = 1000;
  CHECK_STATUS(EP_BAD_QUANTIZATION, ep_heatmap_argmax(&maps, xy, score, &error));
  ep_heatmaps_set_nhwc(NULL, cells, 1, 1, 1, 1);
}

static void the_mirror_image_is_averaged_in(void) {
  const float cells[4] = {1, 2, 3, 4}, flipped[4] = {10, 20, 30, 40}; /* [1, 2, 1, 2] */
  const int64_t sides[2] = {1, 0}, wrong[2] = {1, 2};
  float merged[4];
  ep_heatmaps maps, mirror;
  ep_flip_options options;
  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_init(&mirror, sizeof mirror);
  CHECK_STATUS(EP_OK, ep_heatmap_merge_flip(&maps, &mirror, NULL, NULL, NULL, &error));
  ep_heatmaps_set_nchw(&maps, cells, 1, 2, 1, 2);
  ep_heatmaps_set_nchw(&mirror, flipped, 1, 2, 1, 2);
  CHECK_STATUS(EP_OK, ep_heatmap_merge_flip(&maps, &mirror, sides, NULL, merged, &error));
  CHECK(merged[0] == 20.5F && merged[1] == 16 && merged[2] == 11.5F && merged[3] == 7);
  ep_flip_options_init(&options, sizeof options);
  options.mirror = 0;
  CHECK_STATUS(EP_OK, ep_heatmap_merge_flip(&maps, &mirror, sides, &options, merged, &error));
  CHECK(merged[0] == 15.5F && merged[3] == 12);
  CHECK_STATUS(EP_BAD_INDEX, ep_heatmap_merge_flip(&maps, &mirror, wrong, NULL, merged, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_heatmap_merge_flip(&maps, NULL, sides, NULL, merged, &error));
  mirror.width = 1;
  CHECK_STATUS(EP_BAD_SIZE, ep_heatmap_merge_flip(&maps, &mirror, sides, NULL, merged, &error));
}

static void a_map_is_resized(void) {
  const float cells[4] = {0, 4, 8, 12};
  float out[8];
  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  CHECK_STATUS(EP_BAD_INDEX, ep_heatmap_resize(&maps, 0, 0, 2, 4, out, &error));
  ep_heatmaps_set_nchw(&maps, cells, 1, 1, 2, 2);
  CHECK_STATUS(EP_OK, ep_heatmap_resize(&maps, 0, 0, 2, 4, out, &error));
  CHECK(out[0] == 0 && out[1] == 1 && out[2] == 3 && out[3] == 4 && out[5] == 9);
  CHECK_STATUS(EP_BAD_SIZE, ep_heatmap_resize(&maps, 0, 0, 0, 4, out, &error));
  CHECK_STATUS(EP_NULL_POINTER, ep_heatmap_resize(&maps, 0, 0, 2, 4, NULL, &error));
  maps.element = EP_ELEMENT_UINT8;
  CHECK_STATUS(EP_BAD_CHOICE, ep_heatmap_resize(&maps, 0, 0, 2, 4, out, &error));
  maps.element = EP_ELEMENT_FLOAT32;
  maps.data = NULL;
  CHECK_STATUS(EP_NULL_POINTER, ep_heatmap_resize(&maps, 0, 0, 2, 4, out, &error));
}

void test_heatmap(void) {
  the_highest_cell_and_the_place_between_cells();
  nothing_in_is_nothing_out();
  bad_maps_are_refused();
  peaks_come_best_first();
  quantised_maps_with_joints_innermost_are_read_as_they_are();
  the_mirror_image_is_averaged_in();
  a_map_is_resized();
}
