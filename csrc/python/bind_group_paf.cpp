// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/group/paf.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

constexpr py::ssize_t kFloat = sizeof(float);

template <typename Enum>
using Names = std::vector<std::pair<const char*, Enum>>;

Names<PafInterpolation> names_of(PafInterpolation) {
  return {{"cubic", PafInterpolation::kCubic}, {"repeat", PafInterpolation::kRepeat}};
}
Names<PafPeakRule> names_of(PafPeakRule) {
  return {{"pool", PafPeakRule::kPool},
          {"cross", PafPeakRule::kCross},
          {"openpose", PafPeakRule::kOpenPose}};
}
Names<PafMatching> names_of(PafMatching) {
  return {{"greedy", PafMatching::kGreedy}, {"optimal", PafMatching::kOptimal}};
}
Names<PafAssembly> names_of(PafAssembly) {
  return {{"extend_first", PafAssembly::kExtendFirst},
          {"extend_all", PafAssembly::kExtendAll},
          {"merge", PafAssembly::kMerge}};
}
Names<PafPersonScore> names_of(PafPersonScore) {
  return {{"total", PafPersonScore::kTotal},
          {"per_joint", PafPersonScore::kPerJoint},
          {"per_part_and_limb", PafPersonScore::kPerPartAndLimb}};
}

// Every option with its name, to read and to write.
template <typename Options, typename Visit>
void each_option(Options& options, Visit&& visit) {
  visit("upscale", options.upscale);
  visit("interpolation", options.interpolation);
  visit("smoothing_size", options.smoothing_size);
  visit("peak_rule", options.peak_rule);
  visit("peak_threshold", options.peak_threshold);
  visit("min_distance", options.min_distance);
  visit("centroid", options.centroid);
  visit("peak_offset", options.peak_offset);
  visit("max_peaks", options.max_peaks);
  visit("min_samples", options.min_samples);
  visit("max_samples", options.max_samples);
  visit("sample_end", options.sample_end);
  visit("sample_threshold", options.sample_threshold);
  visit("min_fraction", options.min_fraction);
  visit("mean_of_all", options.mean_of_all);
  visit("length_prior", options.length_prior);
  visit("near_score", options.near_score);
  visit("matching", options.matching);
  visit("assembly", options.assembly);
  visit("singles", options.singles);
  visit("min_joints", options.min_joints);
  visit("min_joints_partly", options.min_joints_partly);
  visit("min_joint_score", options.min_joint_score);
  visit("person_score", options.person_score);
}

template <typename Enum>
Enum named(const char* option, const std::string& name) {
  std::string known;
  for (const auto& [word, value] : names_of(Enum{})) {
    if (name == word) return value;
    known += known.empty() ? word : std::string(", ") + word;
  }
  fail(std::string(option) + " must be one of " + known + "; got '" + name + "'");
}

PafOptions options_of(const py::dict& given) {
  PafOptions options;
  each_option(options, [&](const char* name, auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if constexpr (std::is_enum_v<Value>) {
      value = named<Value>(name, given[name].cast<std::string>());
    } else {
      value = given[name].cast<Value>();
    }
  });
  return options;
}

py::dict preset(const std::string& name) {
  const std::pair<const char*, PafOptions> presets[] = {
      {"openpose", paf_openpose()}, {"lightweight", paf_lightweight()}, {"tf_pose", paf_tf_pose()}};
  const auto* found = std::find_if(std::begin(presets), std::end(presets),
                                   [&](const auto& known) { return name == known.first; });
  if (found == std::end(presets)) {
    fail("preset must be openpose, lightweight or tf_pose; got '" + name + "'");
  }
  py::dict options;
  each_option(found->second, [&](const char* option, const auto& value) {
    using Value = std::decay_t<decltype(value)>;
    if constexpr (std::is_enum_v<Value>) {
      for (const auto& [word, known] : names_of(value)) {
        if (known == value) options[option] = word;
      }
    } else {
      options[option] = value;
    }
  });
  return options;
}

// The maps as they lie in memory, or a copy where the cells of a row are not side by side.
py::array with_packed_rows(const py::array& maps) {
  const bool packed =
      maps.strides(2) == kFloat && maps.strides(1) % kFloat == 0 && maps.strides(0) % kFloat == 0;
  return packed ? maps : py::array(py::array_t<float, py::array::c_style>::ensure(maps));
}

MapBatch batch_of(const py::array& maps) {
  MapBatch batch;
  batch.data = static_cast<const float*>(maps.data());
  batch.people = 1;
  batch.joints = maps.shape(0);
  batch.height = side_of(maps.shape(1));
  batch.width = side_of(maps.shape(2));
  batch.joint_stride = maps.strides(0) / kFloat;
  batch.row_stride = maps.strides(1) / kFloat;
  return batch;
}

using Limb = std::tuple<int, int, int, int, bool>;

py::tuple group(const py::array& heat_in, const py::array& paf_in, int part_count,
                const std::vector<Limb>& limb_rows, const std::vector<int>& uncounted_parts,
                const py::dict& given, int max_people) {
  require<float>(heat_in, "heatmaps", "float32 [C,H,W]", {-1, -1, -1});
  require<float>(paf_in, "pafs", "float32 [D,H,W] like the heatmaps",
                 {-1, heat_in.shape(1), heat_in.shape(2)});
  const py::array heat = with_packed_rows(heat_in);
  const py::array paf = with_packed_rows(paf_in);
  const PafOptions options = options_of(given);
  std::vector<PafLimb> limbs;
  limbs.reserve(limb_rows.size());
  for (const auto& [a, b, x, y, redundant] : limb_rows) limbs.push_back({a, b, x, y, redundant});
  std::vector<std::uint8_t> uncounted(static_cast<std::size_t>(std::max(part_count, 0)));
  for (const int part : uncounted_parts) {
    if (part < 0 || part >= part_count) fail("uncounted must name parts of the skeleton");
    uncounted[static_cast<std::size_t>(part)] = 1;
  }
  PafSkeleton skeleton{part_count, static_cast<int>(limbs.size()), limbs.data(), uncounted.data()};
  if (max_people < 0) fail("max_people must not be negative; got " + std::to_string(max_people));
  if (heat.shape(0) < part_count) {
    fail_array("heatmaps",
               ("float32 [C,H,W] with C of at least " + std::to_string(part_count)).c_str(),
               heat_in);
  }
  const MapBatch heat_maps = batch_of(heat);
  const std::size_t bytes =
      paf_workspace_bytes(heat_maps.width, heat_maps.height, skeleton, options);
  const auto room = static_cast<std::size_t>(max_people);
  const std::size_t joints = room * static_cast<std::size_t>(std::max(part_count, 0));
  const std::unique_ptr<unsigned char[]> workspace(new unsigned char[bytes]);
  const std::unique_ptr<float[]> xy(new float[2 * joints]);
  const std::unique_ptr<float[]> joint_score(new float[joints]);
  const std::unique_ptr<bool[]> found(new bool[joints]);
  const std::unique_ptr<float[]> score(new float[room]);
  Result<int> people;
  {
    const py::gil_scoped_release release;
    people = paf_group(heat_maps, batch_of(paf), skeleton, options, max_people, workspace.get(),
                       {xy.get(), joint_score.get(), found.get(), score.get()});
  }
  if (people.status == Status::kBadSize) {
    fail_array("heatmaps", "float32 [C,H,W] with H and W of 1 to 1048576", heat_in);
  }
  require_ok(people.status, "group_paf");
  const py::ssize_t count = people.value;
  const py::ssize_t parts = part_count;
  return py::make_tuple(py::array_t<float>({count, parts, py::ssize_t{2}}, xy.get()),
                        py::array_t<float>({count, parts}, joint_score.get()),
                        py::array_t<bool>({count, parts}, found.get()),
                        py::array_t<float>(count, score.get()));
}

}  // namespace

void register_group_paf(py::module_& module) {
  using py::literals::operator""_a;
  module.def("group_paf", &group, "heatmaps"_a, "pafs"_a, "part_count"_a, "limbs"_a, "uncounted"_a,
             "options"_a, "max_people"_a,
             "People from heatmaps and part affinity fields: xy, joint score, found, score.");
  module.def("paf_preset", &preset, "name"_a, "The options of a published decoder.");
}

}  // namespace edgepose::python
