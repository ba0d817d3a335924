/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"

enum { WIDTH = 24, HEIGHT = 20, AREA = WIDTH * HEIGHT, BYTES = 1 << 22 };

static char memory[BYTES];
static float heat[2 * AREA], field[2 * AREA];

/* One person of two joints at (5, 10) and (15, 10), with a field to the right along the row. */
static void fill(void) {
  int x, y;
  for (y = 0; y < HEIGHT; ++y) {
    for (x = 0; x < WIDTH; ++x) {
      const int i = y * WIDTH + x, dx = x - 5, dy = y - 10;
      heat[i] = (float)exp(-(dx * dx + dy * dy) / 2.0);
      heat[AREA + i] = (float)exp(-((dx - 10) * (dx - 10) + dy * dy) / 2.0);
      field[i] = dy >= -1 && dy <= 1 && x >= 4 && x <= 16 ? 1.0F : 0.0F;
    }
  }
}

static void joints_along_a_field_are_one_person(void) {
  const ep_paf_limb limb = {0, 1, 0, 1, 0}, wrong = {0, 0, 0, 1, 0};
  float xy[8], joint_score[4], score[2];
  uint8_t found[4];
  int32_t count = -1;
  size_t bytes;
  ep_heatmaps heat_maps, fields;
  ep_paf_skeleton skeleton;
  ep_paf_options options;
  ep_paf_people people;
  fill();
  ep_heatmaps_init(&heat_maps, sizeof heat_maps);
  ep_heatmaps_init(&fields, sizeof fields);
  ep_heatmaps_set_nchw(&heat_maps, heat, 1, 2, HEIGHT, WIDTH);
  ep_heatmaps_set_nchw(&fields, field, 1, 2, HEIGHT, WIDTH);
  ep_paf_skeleton_init(&skeleton, sizeof skeleton);
  skeleton.parts = 2;
  skeleton.limb_count = 1;
  skeleton.limbs = &limb;
  ep_paf_options_init(&options, sizeof options, EP_PAF_LIGHTWEIGHT);
  ep_paf_options_init(&options, sizeof options, EP_PAF_TF_POSE);
  ep_paf_options_init(&options, sizeof options, EP_PAF_OPENPOSE);
  options.upscale = 1;
  options.min_joints = 2;
  options.min_joint_score = 0;
  options.peak_offset = 0;
  ep_paf_people_init(&people, sizeof people);
  people.max_people = 2;
  people.xy = xy;
  people.joint_score = joint_score;
  people.found = found;
  people.score = score;
  bytes = ep_paf_workspace_size(WIDTH, HEIGHT, &skeleton, &options);
  CHECK(bytes > 0 && bytes <= BYTES);
  CHECK(ep_paf_workspace_size(0, HEIGHT, &skeleton, &options) == 0);
  CHECK(ep_paf_workspace_size(WIDTH, HEIGHT, NULL, &options) == 0);

#define GROUP() \
  ep_paf_group(&heat_maps, &fields, &skeleton, &options, memory, bytes, &people, &count, &error)
  CHECK_STATUS(EP_OK, GROUP());
  CHECK(count == 1 && found[0] == 1 && found[1] == 1);
  check_close(xy[0], 5, 1e-3, __FILE__, __LINE__);
  check_close(xy[2], 15, 1e-3, __FILE__, __LINE__);
  check_close(xy[3], 10, 1e-3, __FILE__, __LINE__);
  CHECK(joint_score[0] == 1.0F && score[0] > 0);

  bytes -= 1;
  CHECK_STATUS(EP_SMALL_WORKSPACE, GROUP());
  bytes += 1;
  skeleton.limbs = &wrong;
  CHECK_STATUS(EP_BAD_SKELETON, GROUP());
  skeleton.limbs = NULL;
  CHECK_STATUS(EP_NULL_POINTER, GROUP());
  skeleton.limbs = &limb;
  skeleton.limb_count = -1;
  CHECK_STATUS(EP_BAD_SKELETON, GROUP());
  CHECK(ep_paf_workspace_size(WIDTH, HEIGHT, &skeleton, &options) == 0);
  skeleton.limb_count = 1;
  options.min_fraction = NAN;
  CHECK_STATUS(EP_BAD_OPTION, GROUP());
  options.matching = 2;
  CHECK_STATUS(EP_BAD_CHOICE, GROUP());
  ep_paf_options_init(&options, sizeof options, EP_PAF_OPENPOSE);
  options.upscale = 1;
  people.score = NULL;
  CHECK_STATUS(EP_NULL_POINTER, GROUP());
  people.score = score;
  fields.cell_stride = 2;
  CHECK_STATUS(EP_BAD_STRIDE, GROUP());
  fields.cell_stride = 1;
  fields.element = EP_ELEMENT_INT8;
  CHECK_STATUS(EP_BAD_CHOICE, GROUP());
  fields.element = EP_ELEMENT_FLOAT32;
  fields.width = WIDTH - 1;
  CHECK_STATUS(EP_BAD_SIZE, GROUP());
#undef GROUP
}

void test_paf(void) { joints_along_a_field_are_one_person(); }
