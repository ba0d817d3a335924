// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "check.h"
#include "input.h"
#include "people.h"

namespace {

constexpr double kSamePerson = 0.9;  // OKS above which two are one

Person find_person(Network& pose, const Picture& picture, const Box& box) {
  const Contract& contract = pose.contract();
  ep_box_crop crop;
  ep_box_crop_init(&crop, sizeof crop);
  ep_box_crop_set_contract(&crop, contract.get());
  ep_cell_grid grid;
  ep_cell_grid_init(&grid, sizeof grid);
  ep_cell_grid_set_contract(&grid, contract.get());

  double matrix[6];
  const double corners[4] = {box.x1, box.y1, box.x2, box.y2};
  Checked check;
  check(
      ep_matrix_from_boxes(corners, 1, grid.input_width, grid.input_height, &crop, matrix, check));
  const Tensors outputs = pose.run(crop_input(contract, picture, matrix));
  const Tensor& heat = output(outputs, contract, 0, 4);
  const std::int64_t joints = heat.shape[1];
  if (joints != contract->keypoint_count || heat.shape[2] != grid.map_height ||
      heat.shape[3] != grid.map_width) {
    throw std::runtime_error("the heatmaps have another shape than their contract says");
  }

  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_set_nchw(&maps, heat.data.data(), 1, joints, grid.map_height, grid.map_width);
  ep_decode_options options;
  ep_decode_options_init(&options, sizeof options);
  ep_decode_options_set_contract(&options, contract.get());
  const auto count = static_cast<std::size_t>(joints);
  std::vector<float> cell(2 * count);
  std::vector<float> score(count);
  Person person{box, 0, std::vector<double>(2 * count), {}};
  check(ep_heatmap_decode(&maps, &options, cell.data(), score.data(), check));
  check(ep_cells_to_input(cell.data(), joints, &grid, person.xy.data(), check));
  check(ep_points_map(matrix, person.xy.data(), joints, person.xy.data(), check));
  person.keypoint_score.assign(score.begin(), score.end());
  for (const float value : score) person.score += box.score * value / static_cast<double>(count);
  return person;
}

}  // namespace

std::vector<Person> find_people(Network& pose, const Picture& picture,
                                const std::vector<Box>& boxes) {
  std::vector<Person> found;
  std::vector<double> xy;
  std::vector<double> score;
  std::vector<double> area;
  const Contract& contract = pose.contract();
  if (contract->task != EP_TASK_TOP_DOWN || contract->codec != EP_CODEC_HEATMAP ||
      contract->sigmas == nullptr) {
    throw std::runtime_error(std::string(contract->name) +
                             " must have task top_down, codec heatmap and OKS sigmas");
  }
  for (const Box& box : boxes) {
    found.push_back(find_person(pose, picture, box));
    const Person& person = found.back();
    xy.insert(xy.end(), person.xy.begin(), person.xy.end());
    score.push_back(person.score);
    area.push_back((box.x2 - box.x1) * (box.y2 - box.y1));
  }
  ep_people people;
  ep_people_init(&people, sizeof people);
  people.people = static_cast<std::int64_t>(found.size());
  people.joints = contract->keypoint_count;
  people.xy = xy.data();
  people.score = score.data();
  people.area = area.data();
  people.sigmas = contract->sigmas;
  std::vector<std::int64_t> kept(found.size());
  std::int64_t count = 0;
  Checked check;
  check(ep_oks_nms(&people, kSamePerson, -std::numeric_limits<double>::infinity(), kept.data(),
                   &count, check));
  std::vector<Person> once;
  for (std::int64_t i = 0; i < count; ++i) {
    once.push_back(found[static_cast<std::size_t>(kept[static_cast<std::size_t>(i)])]);
  }
  return once;
}
