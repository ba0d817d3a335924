/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "check.h"

enum { JOINTS = 2, WIDTH = 16, HEIGHT = 12, AREA = WIDTH * HEIGHT, CAPACITY = 4, BYTES = 1 << 17 };

static char memory[BYTES];
static float heat[JOINTS * AREA], tag[JOINTS * AREA];

/* Two people with a tag each: both joints of the first on the left, of the second on the right. */
static void fill(void) {
  const int column[2] = {3, 12}, row[2] = {3, 8};
  int person, joint, i;
  for (i = 0; i < JOINTS * AREA; ++i) heat[i] = tag[i] = 0;
  for (person = 0; person < 2; ++person) {
    for (joint = 0; joint < JOINTS; ++joint) {
      i = joint * AREA + row[joint] * WIDTH + column[person];
      heat[i] = 0.9F - 0.1F * (float)person;
      tag[i] = 5.0F * (float)person;
    }
  }
}

static void joints_of_one_tag_are_one_person(void) {
  float xy[CAPACITY * JOINTS * 2], joint_score[CAPACITY * JOINTS], tags[CAPACITY * JOINTS];
  float score[CAPACITY];
  int32_t count = -1;
  size_t bytes;
  ep_tag_maps maps;
  ep_tag_options options;
  ep_tag_people people;
  fill();
  ep_tag_maps_init(&maps, sizeof maps);
  CHECK(maps.tag_length == 1);
  ep_tag_maps_set(&maps, heat, tag, JOINTS, HEIGHT, WIDTH, 1);
  ep_tag_options_init(&options, sizeof options);
  CHECK(options.max_people == 30 && options.adjust == 1 && options.refine == 1);
  options.max_people = 2;
  options.adjust = 0;
  options.refine = 0;
  ep_tag_people_init(&people, sizeof people);
  people.capacity = CAPACITY;
  people.xy = xy;
  people.joint_score = joint_score;
  people.tag = tags;
  people.score = score;
  CHECK(ep_tags_capacity(JOINTS, 2) == CAPACITY && ep_tags_capacity(-1, 2) == 0);
  bytes = ep_tags_workspace_size(&maps, &options);
  CHECK(bytes > 0 && bytes <= BYTES);
  CHECK(ep_tags_workspace_size(NULL, NULL) == 0);

  CHECK_STATUS(EP_OK, ep_tags_group(&maps, &options, memory, bytes, &people, &count, &error));
  CHECK(count == 2);
  CHECK(xy[0] == 3 && xy[1] == 3 && xy[2] == 3 && xy[3] == 8);
  CHECK(xy[4] == 12 && xy[6] == 12 && tags[2] == 5 && joint_score[0] == 0.9F);
  CHECK_CLOSE(score[1], 0.8F);

  CHECK(options.person_threshold < 0 && options.by_score == 0);
  options.person_threshold = 0.85F;
  options.by_score = 1;
  CHECK_STATUS(EP_OK, ep_tags_group(&maps, &options, memory, bytes, &people, &count, &error));
  CHECK(count == 1 && xy[0] == 3);
  options.person_threshold = NAN;
  CHECK_STATUS(EP_BAD_THRESHOLD,
               ep_tags_group(&maps, &options, memory, bytes, &people, &count, &error));
  options.person_threshold = 0;

  people.capacity = 1;
  CHECK_STATUS(EP_NO_CAPACITY,
               ep_tags_group(&maps, &options, memory, bytes, &people, &count, &error));
  people.capacity = CAPACITY;
  CHECK_STATUS(EP_SMALL_WORKSPACE,
               ep_tags_group(&maps, &options, memory, bytes - 1, &people, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER,
               ep_tags_group(&maps, &options, NULL, bytes, &people, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER,
               ep_tags_group(&maps, &options, memory, bytes, NULL, &count, &error));
  CHECK_STATUS(EP_NULL_POINTER,
               ep_tags_group(&maps, &options, memory, bytes, &people, NULL, &error));
  options.tag_threshold = NAN;
  CHECK_STATUS(EP_BAD_THRESHOLD,
               ep_tags_group(&maps, &options, memory, bytes, &people, &count, &error));
  maps.width = 0;
  CHECK_STATUS(EP_BAD_SIZE, ep_tags_group(&maps, &options, memory, bytes, &people, &count, &error));
  ep_tag_maps_set(NULL, heat, tag, 1, 1, 1, 1);
}

void test_tags(void) { joints_of_one_tag_are_one_person(); }
