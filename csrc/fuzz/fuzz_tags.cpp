// SPDX-License-Identifier: Apache-2.0
// Grouping by tags: tags of any length and layout, any order of joints.
#include <algorithm>
#include <cmath>

#include "core/group/tags.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::Result;
using edgepose::Status;
using edgepose::TagMaps;
using edgepose::TagOptions;
using edgepose::TagPeople;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

namespace {

TagOptions read_options(Reader& reader) {
  TagOptions options;
  options.detection_threshold = reader.option(0.1F);
  options.tag_threshold = reader.option(1.0F);
  options.max_people = reader.between(0, 12);
  options.nms_radius = reader.hostile(0, 3);
  const std::uint8_t flags = reader.byte();
  options.use_detection_val = (flags & 1) == 0;
  options.ignore_too_much = (flags & 2) != 0;
  options.merge_equal_tags = (flags & 4) == 0;
  options.adjust = (flags & 8) == 0;
  options.refine = (flags & 16) == 0;
  options.by_score = (flags & 32) != 0;
  if ((flags & 64) != 0) options.person_threshold = reader.option(0.3F);
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  TagOptions options = read_options(reader);
  TagMaps maps;
  maps.joints = reader.between(0, 5);
  maps.width = reader.between(1, 40);
  maps.height = reader.between(1, 20);
  maps.tag_length = reader.between(1, 3);
  std::vector<int> order(static_cast<std::size_t>(maps.joints));
  for (int& joint : order) joint = reader.hostile(0, std::max(maps.joints - 1, 0));
  const Input<int> joint_order(order);
  if (reader.flag()) options.joint_order = joint_order.data();
  const std::ptrdiff_t area = std::ptrdiff_t{maps.width} * maps.height;
  const bool beside = reader.flag();  // the components of a tag side by side
  const bool shared = reader.flag();  // one tag map for all joints
  maps.heat_joint_stride = area;
  maps.heat_row_stride = maps.width;
  maps.tag_cell_stride = beside ? maps.tag_length : 1;
  maps.tag_row_stride = maps.width * maps.tag_cell_stride;
  maps.tag_joint_stride = shared ? 0 : area * maps.tag_cell_stride;
  const int tag_maps = shared ? 1 : maps.joints;
  maps.tag_stride = beside ? 1 : tag_maps * area;
  const auto cells = static_cast<std::size_t>(area);
  const Input<float> heat(reader.numbers<float>(cells * static_cast<std::size_t>(maps.joints)));
  const Input<float> tag(
      reader.numbers<float>(cells * static_cast<std::size_t>(tag_maps * maps.tag_length)));
  maps.heat = heat.data();
  maps.tag = tag.data();

  const int most = edgepose::tags_capacity(maps.joints, options.max_people);
  const int capacity = reader.flag() ? most / 2 : most;
  const std::size_t bytes = tags_workspace_bytes(maps, options);
  edgepose::fuzz::Workspace workspace(bytes);
  const auto rows = static_cast<std::size_t>(capacity);
  const auto joints = rows * static_cast<std::size_t>(maps.joints);
  std::vector<float> xy(2 * joints);
  std::vector<float> joint_score(joints);
  std::vector<float> tags(joints * static_cast<std::size_t>(maps.tag_length));
  std::vector<float> score(rows);
  const TagPeople people{xy.data(), joint_score.data(), tags.data(), score.data()};
  const Result<int> count =
      tags_group(maps, options, capacity, bytes > 0 ? workspace.data() : nullptr, people);
  require(count.status != Status::kNoCapacity || capacity < most, "the capacity is always enough");
  if (count.status != Status::kOk) return 0;
  require(count.value >= 0 && count.value <= capacity, "no more people than there is room for");
  for (int i = 0; i < count.value; ++i) {
    const float here = score[static_cast<std::size_t>(i)];
    require(here >= options.person_threshold, "nobody below the threshold stays");
    require(!options.by_score || i == 0 || here <= score[static_cast<std::size_t>(i - 1)],
            "scores fall");
  }
  const auto used = static_cast<std::size_t>(count.value) * static_cast<std::size_t>(maps.joints);
  for (std::size_t i = 0; i < used; ++i) {
    const float x = xy[2 * i];
    const float y = xy[2 * i + 1];
    require(x >= -0.25F && x <= static_cast<float>(maps.width) &&  //
                y >= -0.25F && y <= static_cast<float>(maps.height),
            "joints lie in the map");
    require(!std::isnan(joint_score[i]), "NaN cells are never taken");
  }
  return 0;
}
