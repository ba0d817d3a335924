// SPDX-License-Identifier: Apache-2.0
// A C program that follows a bottom-up contract finds the people that Python finds, bit for bit:
// grouped_people.json holds contracts, maps and what Python answers (tests/reference writes it).
#include <edgepose.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/contract/json_text.h"
#include "core/contract/json_value.h"

namespace edgepose {
namespace {

using contract::JsonItems;
using contract::JsonValue;

std::string record() {
  std::ifstream file(EDGEPOSE_GROUPED_PEOPLE);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the lists of our own file
std::vector<double> numbers(const JsonValue& list) {
  std::vector<double> found;
  JsonItems items(list);
  for (JsonValue item; items.next(&item);) {
    if (item.kind() == contract::JsonKind::kList) {
      const std::vector<double> inner = numbers(item);
      found.insert(found.end(), inner.begin(), inner.end());
    } else {
      found.push_back(contract::json_number(item));
    }
  }
  return found;
}

// [channels, height, width]
struct Maps {
  int channels = 0, height = 0, width = 0;
  std::vector<float> values;

  explicit Maps(const JsonValue& given) {
    if (!given.there()) return;
    const std::vector<double> shape = numbers(json_member(given, "shape"));
    channels = static_cast<int>(shape.at(0));
    height = static_cast<int>(shape.at(1));
    width = static_cast<int>(shape.at(2));
    values.resize(static_cast<std::size_t>(channels * height * width));
    const std::vector<double> cells = numbers(json_member(given, "cells"));
    for (std::size_t i = 0; i < cells.size(); i += 4) {
      const double at = (cells[i] * height + cells[i + 1]) * width + cells[i + 2];
      values.at(static_cast<std::size_t>(at)) = static_cast<float>(cells[i + 3]);
    }
  }
};

struct People {
  std::vector<float> xy, score, person_score;
  int count = 0;
};

People by_fields(const ep_contract& contract, const Maps& heat, const Maps& fields) {
  ep_heatmaps heat_maps, field_maps;
  ep_heatmaps_init(&heat_maps, sizeof heat_maps);
  ep_heatmaps_set_nchw(&heat_maps, heat.values.data(), 1, heat.channels, heat.height, heat.width);
  ep_heatmaps_init(&field_maps, sizeof field_maps);
  ep_heatmaps_set_nchw(&field_maps, fields.values.data(), 1, fields.channels, fields.height,
                       fields.width);
  ep_paf_options options;
  ep_paf_options_init(&options, sizeof options, EP_PAF_OPENPOSE);
  ep_paf_options_set_contract(&options, &contract);
  ep_paf_skeleton skeleton;
  ep_paf_skeleton_init(&skeleton, sizeof skeleton);
  std::vector<ep_paf_limb> limbs(static_cast<std::size_t>(contract.limb_count));
  std::vector<std::uint8_t> uncounted(static_cast<std::size_t>(contract.keypoint_count));
  ep_paf_skeleton_set_contract(&skeleton, &contract, limbs.data(), uncounted.data());
  const auto most = static_cast<std::size_t>(contract.max_people);
  const std::size_t joints = most * static_cast<std::size_t>(contract.keypoint_count);
  People found{std::vector<float>(2 * joints), std::vector<float>(joints),
               std::vector<float>(most)};
  std::vector<std::uint8_t> there(joints);
  ep_paf_people people;
  ep_paf_people_init(&people, sizeof people);
  people.max_people = contract.max_people;
  people.xy = found.xy.data();
  people.joint_score = found.score.data();
  people.found = there.data();
  people.score = found.person_score.data();
  std::vector<char> memory(ep_paf_workspace_size(heat.width, heat.height, &skeleton, &options));
  EXPECT_EQ(ep_paf_group(&heat_maps, &field_maps, &skeleton, &options, memory.data(), memory.size(),
                         &people, &found.count, nullptr),
            EP_OK);
  return found;
}

People by_tags(const ep_contract& contract, const Maps& heat, const Maps& tags) {
  ep_tag_maps maps;
  ep_tag_maps_init(&maps, sizeof maps);
  ep_tag_maps_set(&maps, heat.values.data(), tags.values.data(), heat.channels, heat.height,
                  heat.width, contract.tag_dimensions);
  ep_tag_options options;
  ep_tag_options_init(&options, sizeof options);
  ep_tag_options_set_contract(&options, &contract);
  const int capacity = ep_tags_capacity(heat.channels, contract.max_people);
  const auto joints = static_cast<std::size_t>(capacity * heat.channels);
  People found{std::vector<float>(2 * joints), std::vector<float>(joints),
               std::vector<float>(static_cast<std::size_t>(capacity))};
  std::vector<float> tag(joints * static_cast<std::size_t>(contract.tag_dimensions));
  ep_tag_people people;
  ep_tag_people_init(&people, sizeof people);
  people.capacity = capacity;
  people.xy = found.xy.data();
  people.joint_score = found.score.data();
  people.tag = tag.data();
  people.score = found.person_score.data();
  std::vector<char> memory(ep_tags_workspace_size(&maps, &options));
  EXPECT_EQ(
      ep_tags_group(&maps, &options, memory.data(), memory.size(), &people, &found.count, nullptr),
      EP_OK);
  return found;
}

void expect_recorded(const ep_contract& contract, const People& found, const JsonValue& wanted) {
  const std::vector<double> xy = numbers(json_member(wanted, "xy"));
  const std::vector<double> score = numbers(json_member(wanted, "keypoint_score"));
  const std::vector<double> person_score = numbers(json_member(wanted, "score"));
  ASSERT_EQ(static_cast<std::size_t>(found.count), person_score.size());
  ep_cell_grid grid;
  ep_cell_grid_init(&grid, sizeof grid);
  ep_cell_grid_set_contract(&grid, &contract);
  std::vector<double> pixels(xy.size());
  ASSERT_EQ(ep_cells_to_input(found.xy.data(), static_cast<std::int64_t>(score.size()), &grid,
                              pixels.data(), nullptr),
            EP_OK);
  for (std::size_t i = 0; i < person_score.size(); ++i) {
    EXPECT_EQ(static_cast<double>(found.person_score[i]), person_score[i]);
  }
  for (std::size_t i = 0; i < score.size(); ++i) {
    EXPECT_EQ(static_cast<double>(found.score[i]), score[i]);
    if (score[i] == 0.0) continue;  // not found
    EXPECT_EQ(pixels[2 * i], xy[2 * i]);
    EXPECT_EQ(pixels[2 * i + 1], xy[2 * i + 1]);
  }
}

TEST(GroupedPeople, AreThoseThatPythonFinds) {
  const std::string text = record();
  ASSERT_EQ(contract::check_json(text.data(), text.size(), nullptr), Status::kOk);
  JsonItems cases(contract::json_document(text.data(), text.data() + text.size()));
  int read = 0;
  for (JsonValue row; cases.next(&row); ++read) {
    const JsonValue name = json_member(row, "name");
    SCOPED_TRACE(std::string(name.begin, name.end));
    const JsonValue document = json_member(row, "contract");
    const auto size = static_cast<std::size_t>(document.end - document.begin);
    std::vector<char> memory(ep_contract_memory_size(size));
    ep_contract contract;
    ep_contract_init(&contract, sizeof contract);
    ep_error error;
    ASSERT_EQ(
        ep_contract_read(document.begin, size, memory.data(), memory.size(), &contract, &error),
        EP_OK)
        << error.message;
    const Maps heat(json_member(row, "heatmap"));
    const bool fields = contract.codec == EP_CODEC_PAF;
    const Maps second(json_member(row, fields ? "paf" : "tags"));
    const People found =
        fields ? by_fields(contract, heat, second) : by_tags(contract, heat, second);
    expect_recorded(contract, found, json_member(row, "people"));
  }
  EXPECT_GE(read, 9);
}

}  // namespace
}  // namespace edgepose
