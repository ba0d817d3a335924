// SPDX-License-Identifier: Apache-2.0
// The C ABI over grouping, called carelessly.
#include "fuzz/abi.h"

using edgepose::fuzz::AbiWorkspace;
using edgepose::fuzz::Caller;
using edgepose::fuzz::disturbed;
using edgepose::fuzz::Given;
using edgepose::fuzz::Reader;

namespace {

constexpr int kMostPeople = 8;

void init_paf_options(ep_paf_options* options, std::size_t struct_size) {
  ep_paf_options_init(options, struct_size, EP_PAF_LIGHTWEIGHT);
}

Given<ep_heatmaps> picture(Caller& caller, int channels, int height, int width) {
  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  ep_heatmaps_set_nchw(&maps, caller.floats(), 1, channels, height, width);
  return {caller.reader(), maps};
}

void group_by_fields(Caller& caller, ep_error* error) {
  Reader& reader = caller.reader();
  const int height = caller.size(12);
  const int width = caller.size(12);
  const int parts = caller.size(5);
  const Given<ep_heatmaps> heat = picture(caller, parts, height, width);
  const Given<ep_heatmaps> paf = picture(caller, caller.size(6), height, width);
  ep_paf_limb limbs[4] = {};
  for (ep_paf_limb& limb : limbs) {
    limb = {reader.hostile(0, 4), reader.hostile(0, 4), reader.hostile(0, 5), reader.hostile(0, 5),
            reader.byte() % 2};
  }
  ep_paf_skeleton skeleton;
  ep_paf_skeleton_init(&skeleton, sizeof skeleton);
  skeleton.parts = parts;
  skeleton.limb_count = caller.size(4);
  skeleton.limbs = caller.bytes() == nullptr ? nullptr : limbs;
  skeleton.uncounted = caller.bytes();
  const Given<ep_paf_skeleton> given(reader, skeleton);
  const Given<ep_paf_options> options(reader, disturbed(reader, init_paf_options));
  ep_paf_people people;
  ep_paf_people_init(&people, sizeof people);
  people.max_people = caller.size(kMostPeople);
  people.xy = caller.out<float>();
  people.joint_score = caller.out<float>();
  people.found = caller.out<uint8_t>();
  people.score = caller.out<float>();
  const Given<ep_paf_people> out(reader, people);
  AbiWorkspace workspace(reader, ep_paf_workspace_size(width, height, given.get(), options.get()));
  caller.check(ep_paf_group(heat.get(), paf.get(), given.get(), options.get(), workspace.data(),
                            workspace.size(), out.get(), caller.out<int32_t>(), error),
               error);
}

void group_by_tags(Caller& caller, ep_error* error) {
  Reader& reader = caller.reader();
  ep_tag_maps maps;
  ep_tag_maps_init(&maps, sizeof maps);
  const int joints = caller.size(4);
  const int height = caller.size(12);
  const int width = caller.size(12);
  ep_tag_maps_set(&maps, caller.floats(), caller.floats(), joints, height, width, caller.size(2));
  const Given<ep_tag_maps> given(reader, maps);
  ep_tag_options options;
  ep_tag_options_init(&options, sizeof options);
  options.detection_threshold = reader.option(0.1F);
  options.tag_threshold = reader.option(1.0F);
  options.max_people = reader.hostile(0, 6);
  options.nms_radius = reader.hostile(0, 3);
  options.refine = reader.byte() % 2;
  options.joint_order = reader.flag() ? caller.counts() : nullptr;
  const Given<ep_tag_options> chosen(reader, options);
  ep_tag_people people;
  ep_tag_people_init(&people, sizeof people);
  people.capacity = caller.size(kMostPeople);
  people.xy = caller.out<float>();
  people.joint_score = caller.out<float>();
  people.tag = caller.out<float>();
  people.score = caller.out<float>();
  const Given<ep_tag_people> out(reader, people);
  AbiWorkspace workspace(reader, ep_tags_workspace_size(given.get(), chosen.get()));
  ep_tags_capacity(maps.joints, options.max_people);
  caller.check(ep_tags_group(given.get(), chosen.get(), workspace.data(), workspace.size(),
                             out.get(), caller.out<int32_t>(), error),
               error);
}

void match(Caller& caller, ep_error* error) {
  Reader& reader = caller.reader();
  const int rows = caller.size(12);
  const int columns = caller.size(12);
  AbiWorkspace assign(reader, ep_assign_workspace_size(rows, columns));
  caller.check(ep_assign_run(caller.doubles(), rows, columns, assign.data(), assign.size(),
                             caller.out<int32_t>(), caller.out<int32_t>(), error),
               error);
  AbiWorkspace similar(reader, ep_match_workspace_size(rows, columns));
  caller.check(
      ep_match_similar(caller.doubles(), rows, columns, reader.option(0.5), similar.data(),
                       similar.size(), caller.out<int32_t>(), caller.out<int32_t>(), error),
      error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  Caller caller(reader);
  ep_error* const error = caller.error();
  switch (reader.byte() % 3) {
    case 0:
      group_by_fields(caller, error);
      break;
    case 1:
      group_by_tags(caller, error);
      break;
    default:
      match(caller, error);
  }
  return 0;
}
