// SPDX-License-Identifier: Apache-2.0
// Drawn people: heatmaps and fields of a skeleton, for the tests and benchmarks of PAF grouping.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "core/group/paf.h"
#include "core/view.h"

namespace edgepose::test {

// The limbs of OpenPose's COCO model in their order.
inline std::vector<PafLimb> coco_limbs() {
  constexpr int kPairs[19][2] = {{1, 2},   {1, 5},  {2, 3},   {3, 4},   {5, 6},   {6, 7}, {1, 8},
                                 {8, 9},   {9, 10}, {1, 11},  {11, 12}, {12, 13}, {1, 0}, {0, 14},
                                 {14, 16}, {0, 15}, {15, 17}, {2, 16},  {5, 17}};
  std::vector<PafLimb> limbs;
  limbs.reserve(19);
  for (int i = 0; i < 19; ++i) {
    limbs.push_back({kPairs[i][0], kPairs[i][1], 2 * i, 2 * i + 1, i >= 17});
  }
  return limbs;
}

// Maps of one picture that own their cells.
struct PafScene {
  int width;
  int height;
  int parts;
  std::vector<PafLimb> limbs;
  std::vector<float> heat;
  std::vector<float> field;

  PafScene(int w, int h, int part_count, std::vector<PafLimb> limb_list)
      : width(w), height(h), parts(part_count), limbs(std::move(limb_list)) {
    heat.assign(area() * static_cast<std::size_t>(parts), 0.0F);
    field.assign(area() * 2 * limbs.size(), 0.0F);
  }

  std::size_t area() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  }
  PafSkeleton skeleton() const {
    return {parts, static_cast<int>(limbs.size()), limbs.data(), nullptr};
  }
  MapBatch batch(const std::vector<float>& cells) const {
    const auto cells_of_map = static_cast<std::ptrdiff_t>(area());
    const auto channels = static_cast<std::int64_t>(cells.size() / area());
    return {cells.data(), 1, channels, width, height, 0, cells_of_map, width};
  }
  MapBatch heatmaps() const { return batch(heat); }
  MapBatch fields() const { return batch(field); }

  // A Gaussian of the given deviation; the higher of what is there and what is added.
  void draw_joint(int part, float x, float y, float deviation) {
    float* map = heat.data() + area() * static_cast<std::size_t>(part);
    const float reach = 5.0F * deviation;
    each_cell(x - reach, y - reach, x + reach, y + reach, [&](int column, int row) {
      const float dx = static_cast<float>(column) - x;
      const float dy = static_cast<float>(row) - y;
      const float value = std::exp(-(dx * dx + dy * dy) / (2.0F * deviation * deviation));
      float& cell = map[row * width + column];
      cell = std::max(cell, value);
    });
  }

  // The unit vector from a to b in all cells within `reach` of the line.
  void draw_limb(int index, float ax, float ay, float bx, float by, float reach) {
    const float length = std::max(std::hypot(bx - ax, by - ay), 1e-3F);
    const float ux = (bx - ax) / length;
    const float uy = (by - ay) / length;
    const PafLimb& limb = limbs[static_cast<std::size_t>(index)];
    float* field_x = field.data() + area() * static_cast<std::size_t>(limb.channel_x);
    float* field_y = field.data() + area() * static_cast<std::size_t>(limb.channel_y);
    const float margin = 2.0F * reach;
    each_cell(std::min(ax, bx) - margin, std::min(ay, by) - margin, std::max(ax, bx) + margin,
              std::max(ay, by) + margin, [&](int column, int row) {
                const float dx = static_cast<float>(column) - ax;
                const float dy = static_cast<float>(row) - ay;
                const float along = dx * ux + dy * uy;
                const bool beside = std::fabs(dx * uy - dy * ux) > reach;
                if (along < -reach || along > length + reach || beside) return;
                field_x[row * width + column] = ux;
                field_y[row * width + column] = uy;
              });
  }

  template <typename Visit>
  void each_cell(float left, float top, float right, float bottom, Visit visit) const {
    for (int row = std::max(0, static_cast<int>(top));
         row < std::min(height, static_cast<int>(bottom) + 2); ++row) {
      for (int column = std::max(0, static_cast<int>(left));
           column < std::min(width, static_cast<int>(right) + 2); ++column) {
        visit(column, row);
      }
    }
  }

  void add_noise(float deviation, unsigned seed) {
    std::mt19937 generator(seed);
    std::normal_distribution<float> noise(0.0F, deviation);
    for (float& cell : heat) cell += noise(generator);
    for (float& cell : field) cell += noise(generator);
  }
};

// People in COCO order on a grid that fills the maps, joints spread over a cell of the grid.
inline PafScene crowd(int width, int height, int people, float noise, unsigned seed) {
  constexpr float kPose[18][2] = {
      {.50F, .12F}, {.50F, .25F}, {.36F, .26F}, {.30F, .42F}, {.28F, .56F}, {.64F, .26F},
      {.70F, .42F}, {.72F, .56F}, {.42F, .56F}, {.40F, .74F}, {.40F, .92F}, {.58F, .56F},
      {.60F, .74F}, {.60F, .92F}, {.46F, .08F}, {.54F, .08F}, {.40F, .10F}, {.60F, .10F}};
  PafScene scene(width, height, 18, coco_limbs());
  if (people == 0) return scene;
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> jitter(-0.03F, 0.03F);
  const float aspect = static_cast<float>(width) / static_cast<float>(height);
  const int columns = std::max(
      1, static_cast<int>(std::ceil(std::sqrt(static_cast<float>(people) * aspect * 2.0F))));
  const int rows = (people + columns - 1) / columns;
  const float cell_w = static_cast<float>(width) / static_cast<float>(columns);
  const float cell_h = static_cast<float>(height) / static_cast<float>(rows);
  for (int person = 0; person < people; ++person) {
    float x[18];
    float y[18];
    for (int part = 0; part < 18; ++part) {
      const float column = static_cast<float>(person % columns);
      const int line = person / columns;
      const float row = static_cast<float>(line);
      x[part] = (column + kPose[part][0] + jitter(generator)) * cell_w;
      y[part] = (row + kPose[part][1] + jitter(generator)) * cell_h;
      scene.draw_joint(part, x[part], y[part], std::max(0.8F, cell_h / 40.0F));
    }
    for (int limb = 0; limb < 19; ++limb) {
      const PafLimb& ends = scene.limbs[static_cast<std::size_t>(limb)];
      scene.draw_limb(limb, x[ends.a], y[ends.a], x[ends.b], y[ends.b], 1.6F);
    }
  }
  scene.add_noise(noise, seed + 1);
  return scene;
}

// What paf_group gave, with arrays of its own.
struct PafFound {
  Status status = Status::kOk;
  int count = 0;
  std::vector<float> xy;
  std::vector<float> joint_score;
  std::vector<unsigned char> found;
  std::vector<float> score;
};

inline PafFound group(const PafScene& scene, const PafOptions& options, int max_people = 128) {
  PafFound out;
  const auto rows = static_cast<std::size_t>(max_people);
  const std::size_t joints = rows * static_cast<std::size_t>(scene.parts);
  out.xy.resize(2 * joints);
  out.joint_score.resize(joints);
  out.found.resize(joints);
  out.score.resize(rows);
  static_assert(sizeof(bool) == sizeof(unsigned char));
  std::vector<unsigned char> workspace(
      paf_workspace_bytes(scene.width, scene.height, scene.skeleton(), options));
  const Result<int> people = paf_group(
      scene.heatmaps(), scene.fields(), scene.skeleton(), options, max_people, workspace.data(),
      {out.xy.data(), out.joint_score.data(), reinterpret_cast<bool*>(out.found.data()),
       out.score.data()});
  out.status = people.status;
  out.count = people.value;
  return out;
}

}  // namespace edgepose::test
