// SPDX-License-Identifier: Apache-2.0
// Picture to people with the C ABI: crop, network, decode, back to the picture.
#pragma once

#include <vector>

#include "network.h"
#include "picture.h"

struct Box {
  double x1, y1, x2, y2;
  double score;
};

struct Person {
  Box box;
  double score = 0;                    // of the box times the mean of the keypoints
  std::vector<double> xy;              // [K, 2] image px
  std::vector<double> keypoint_score;  // [K]
};

// Boxes of people, cut to the picture's edges, best first.
std::vector<Box> find_boxes(Network& detector, const Picture& picture);

// The person in each box; people found twice are given once, best first.
std::vector<Person> find_people(Network& pose, const Picture& picture,
                                const std::vector<Box>& boxes);
