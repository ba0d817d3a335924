// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/group/tags.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

constexpr py::ssize_t kFloat = sizeof(float);

// The array itself, or a copy where a stride is no whole number of floats or rows are not packed.
py::array whole_floats(const py::array& array, bool packed_rows) {
  bool good = !packed_rows || array.strides(array.ndim() - 1) == kFloat;
  for (py::ssize_t axis = 0; axis < array.ndim(); ++axis) {
    good = good && array.strides(axis) % kFloat == 0;
  }
  return good ? array : py::array(py::array_t<float, py::array::c_style>::ensure(array));
}

int count_of(py::ssize_t value) { return static_cast<int>(std::min<py::ssize_t>(value, 1 << 20)); }

TagMaps maps_of(const py::array& heat, const py::array& tag) {
  TagMaps maps;
  maps.heat = static_cast<const float*>(heat.data());
  maps.tag = static_cast<const float*>(tag.data());
  maps.joints = count_of(heat.shape(0));
  maps.height = side_of(heat.shape(1));
  maps.width = side_of(heat.shape(2));
  maps.tag_length = count_of(tag.shape(3));
  maps.heat_joint_stride = heat.strides(0) / kFloat;
  maps.heat_row_stride = heat.strides(1) / kFloat;
  maps.tag_joint_stride = tag.shape(0) == 1 ? 0 : tag.strides(0) / kFloat;
  maps.tag_row_stride = tag.strides(1) / kFloat;
  maps.tag_cell_stride = tag.strides(2) / kFloat;
  maps.tag_stride = tag.strides(3) / kFloat;
  return maps;
}

struct Buffers {
  std::unique_ptr<unsigned char[]> workspace;
  std::unique_ptr<float[]> floats;
  TagPeople people;

  Buffers(const TagMaps& maps, const TagOptions& options, std::size_t capacity) {
    const auto joints = static_cast<std::size_t>(maps.joints);
    const std::size_t rows = capacity * joints;
    workspace.reset(new unsigned char[tags_workspace_bytes(maps, options)]);
    floats.reset(new float[rows * static_cast<std::size_t>(3 + maps.tag_length) + capacity]);
    people.xy = floats.get();
    people.joint_score = people.xy + 2 * rows;
    people.score = people.joint_score + rows;
    people.tag = people.score + capacity;
  }
};

py::tuple group(const py::array& heat_in, const py::array& tag_in, float detection_threshold,
                float tag_threshold, int max_people, int nms_radius, bool use_detection_val,
                bool ignore_too_much, bool merge_equal_tags, bool adjust, bool refine,
                const std::vector<int>& joint_order, float person_threshold, bool by_score) {
  require<float>(heat_in, "heatmaps", "float32 [K,H,W]", {-1, -1, -1});
  const py::ssize_t joints = heat_in.shape(0);
  const char* wanted = "float32 [K,H,W,T] or [1,H,W,T] like the heatmaps, T of 1 to 1024";
  const bool shared = tag_in.ndim() == 4 && tag_in.shape(0) == 1;
  require<float>(tag_in, "tags", wanted,
                 {shared ? 1 : joints, heat_in.shape(1), heat_in.shape(2), -1});
  if (tag_in.shape(3) < 1 || tag_in.shape(3) > kMaxTagLength) fail_array("tags", wanted, tag_in);
  if (!joint_order.empty() && static_cast<py::ssize_t>(joint_order.size()) != joints) {
    fail("joint_order must name each of the " + std::to_string(joints) + " joints");
  }
  const py::array heat = whole_floats(heat_in, true);
  const py::array tag = whole_floats(tag_in, false);
  const TagMaps maps = maps_of(heat, tag);
  TagOptions options;
  options.detection_threshold = detection_threshold;
  options.tag_threshold = tag_threshold;
  options.max_people = max_people;
  options.nms_radius = nms_radius;
  options.use_detection_val = use_detection_val;
  options.ignore_too_much = ignore_too_much;
  options.merge_equal_tags = merge_equal_tags;
  options.adjust = adjust;
  options.refine = refine;
  options.joint_order = joint_order.empty() ? nullptr : joint_order.data();
  options.person_threshold = person_threshold;
  options.by_score = by_score;
  const int capacity = tags_capacity(maps.joints, max_people);
  Buffers buffers(maps, options, static_cast<std::size_t>(capacity));
  Result<int> count;
  {
    const py::gil_scoped_release release;
    count = tags_group(maps, options, capacity, buffers.workspace.get(), buffers.people);
  }
  require_ok(count.status, "tags_group");
  const py::ssize_t people = count.value;
  const py::ssize_t tag_length = maps.tag_length;
  return py::make_tuple(py::array_t<float>({people, joints, py::ssize_t{2}}, buffers.people.xy),
                        py::array_t<float>({people, joints}, buffers.people.joint_score),
                        py::array_t<float>({people, joints, tag_length}, buffers.people.tag),
                        py::array_t<float>(people, buffers.people.score));
}

}  // namespace

void register_tags(py::module_& module) {
  using py::literals::operator""_a;
  module.def("tags_group", &group, "heatmaps"_a, "tags"_a, "detection_threshold"_a = 0.1F,
             "tag_threshold"_a = 1.0F, "max_people"_a = 30, "nms_radius"_a = 2,
             "use_detection_val"_a = true, "ignore_too_much"_a = false, "merge_equal_tags"_a = true,
             "adjust"_a = true, "refine"_a = true, "joint_order"_a = std::vector<int>(),
             "person_threshold"_a = TagOptions().person_threshold, "by_score"_a = false,
             "People from heatmaps and tags: xy, joint scores, tags and scores.");
}

}  // namespace edgepose::python
