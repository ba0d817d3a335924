// SPDX-License-Identifier: Apache-2.0
// Seeded joint and tag maps with a known number of people.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "core/group/tags.h"

namespace edgepose::test {

// Bumps of sigma 2 over weak noise; a tag per person on the cells around each joint, noise
// elsewhere; a share of the joints left out.
struct TagScene {
  int joints, width, height, tag_length;
  std::vector<float> heat, tag;

  TagScene(int people, int joints_in, int width_in, int height_in, int tag_length_in,
           double missing = 0.1, unsigned seed = 1)
      : joints(joints_in), width(width_in), height(height_in), tag_length(tag_length_in) {
    std::mt19937 generator(seed);
    std::normal_distribution<float> noise(0.0F, 1.0F);
    std::uniform_real_distribution<float> unit(0.0F, 1.0F);
    const std::size_t area = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    for (std::size_t i = 0; i < area * static_cast<std::size_t>(joints); ++i) {
      heat.push_back(std::max(0.0F, 0.006F * noise(generator)));
    }
    for (std::size_t i = 0; i < heat.size() * static_cast<std::size_t>(tag_length); ++i) {
      tag.push_back(0.03F * noise(generator));
    }
    for (int person = 0; person < people; ++person) {
      for (int joint = 0; joint < joints; ++joint) {
        const float x = unit(generator) * static_cast<float>(width - 1);
        const float y = unit(generator) * static_cast<float>(height - 1);
        const bool out = static_cast<double>(unit(generator)) < missing;
        const int side = person - people / 2;
        if (!out) {
          paint(joint, x, y, 1.5F * static_cast<float>(side), 0.6F + 0.4F * unit(generator));
        }
      }
    }
  }

  TagMaps maps() const {
    const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(width) * height;
    return {heat.data(), tag.data(),        joints, width, height, tag_length, area,
            width,       area * tag_length, width,  1,     area};
  }

 private:
  void paint(int joint, float x, float y, float value, float score) {
    for (int row = std::max(0, static_cast<int>(y) - 6);
         row < std::min(height, static_cast<int>(y) + 7); ++row) {
      for (int column = std::max(0, static_cast<int>(x) - 6);
           column < std::min(width, static_cast<int>(x) + 7); ++column) {
        const float dx = static_cast<float>(column) - x;
        const float dy = static_cast<float>(row) - y;
        const std::size_t at = static_cast<std::size_t>((joint * height + row) * width + column);
        heat[at] = std::max(heat[at], score * std::exp(-(dx * dx + dy * dy) / 8.0F));
        for (int t = 0; t < tag_length; ++t) {
          const std::size_t plane =
              static_cast<std::size_t>(((joint * tag_length + t) * height + row) * width + column);
          tag[plane] = value + 0.03F * static_cast<float>(t);
        }
      }
    }
  }
};

// A workspace and room for every person.
struct TagRoom {
  std::vector<unsigned char> workspace;
  std::vector<float> xy, joint_score, tag, score;
  int capacity;

  TagRoom(const TagMaps& maps, const TagOptions& options)
      : workspace(tags_workspace_bytes(maps, options)),
        capacity(tags_capacity(maps.joints, options.max_people)) {
    const auto rows = static_cast<std::size_t>(capacity * maps.joints);
    xy.resize(2 * rows);
    joint_score.resize(rows);
    tag.resize(rows * static_cast<std::size_t>(maps.tag_length));
    score.resize(static_cast<std::size_t>(capacity));
  }
  TagPeople people() { return {xy.data(), joint_score.data(), tag.data(), score.data()}; }
};

}  // namespace edgepose::test
