// SPDX-License-Identifier: Apache-2.0
// find_people: a picture in, people as JSON out, with no Python.
#include <cstdio>
#include <exception>

#include "people.h"

namespace {

void print_names(const Contract& contract) {
  for (std::int32_t k = 0; k < contract->keypoint_count; ++k) {
    std::printf("%s\"%s\"", k == 0 ? "" : ", ", contract->keypoint_names[k]);
  }
}

void print_person(const Person& person, bool first) {
  const Box& box = person.box;
  std::printf("%s\n    {\"box\": [%.2f, %.2f, %.2f, %.2f], \"score\": %.4f,\n     \"keypoints\": [",
              first ? "" : ",", box.x1, box.y1, box.x2, box.y2, person.score);
  for (std::size_t k = 0; k < person.keypoint_score.size(); ++k) {
    std::printf("%s[%.2f, %.2f, %.4f]", k == 0 ? "" : ", ", person.xy[2 * k], person.xy[2 * k + 1],
                person.keypoint_score[k]);
  }
  std::printf("]}");
}

void print_json(const Picture& picture, const Network& pose, const std::vector<Person>& people) {
  std::printf("{\n  \"width\": %d,\n  \"height\": %d,\n  \"keypoint_names\": [", picture.width,
              picture.height);
  print_names(pose.contract());
  std::printf("],\n  \"persons\": [");
  for (std::size_t i = 0; i < people.size(); ++i) print_person(people[i], i == 0);
  std::printf("%s]\n}\n", people.empty() ? "" : "\n  ");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr,
                 "usage: find_people PICTURE DETECTOR POSE\n"
                 "  PICTURE         binary PPM or PGM\n"
                 "  DETECTOR, POSE  a model file (where built with OpenVINO) or a folder of\n"
                 "                  recorded outputs\n");
    return 2;
  }
  try {
    const Picture picture = read_pnm(argv[1]);
    const auto detector = open_network(argv[2]);
    const auto pose = open_network(argv[3]);
    const std::vector<Box> boxes = find_boxes(*detector, picture);
    print_json(picture, *pose, find_people(*pose, picture, boxes));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "find_people: %s\n", error.what());
    return 1;
  }
  return 0;
}
