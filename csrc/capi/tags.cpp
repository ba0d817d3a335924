// SPDX-License-Identifier: Apache-2.0
#include "core/group/tags.h"

#include "capi/call.h"

using edgepose::TagMaps;
using edgepose::TagOptions;
using edgepose::TagPeople;
using edgepose::capi::Call;

namespace {

bool read_maps(Call& call, const ep_tag_maps* maps, TagMaps* out) {
  ep_tag_maps given;
  if (!call.read(maps, "maps", ep_tag_maps_init, &given)) return false;
  out->heat = given.heat;
  out->tag = given.tag;
  out->joints = given.joints;
  out->width = given.width;
  out->height = given.height;
  out->tag_length = given.tag_length;
  out->heat_joint_stride = static_cast<std::ptrdiff_t>(given.heat_joint_stride);
  out->heat_row_stride = static_cast<std::ptrdiff_t>(given.heat_row_stride);
  out->tag_joint_stride = static_cast<std::ptrdiff_t>(given.tag_joint_stride);
  out->tag_row_stride = static_cast<std::ptrdiff_t>(given.tag_row_stride);
  out->tag_cell_stride = static_cast<std::ptrdiff_t>(given.tag_cell_stride);
  out->tag_stride = static_cast<std::ptrdiff_t>(given.tag_stride);
  return true;
}

bool read_options(Call& call, const ep_tag_options* options, TagOptions* out) {
  ep_tag_options given;
  if (!call.read_options(options, "options", ep_tag_options_init, &given)) return false;
  out->detection_threshold = given.detection_threshold;
  out->tag_threshold = given.tag_threshold;
  out->max_people = given.max_people;
  out->nms_radius = given.nms_radius;
  out->use_detection_val = given.use_detection_val != 0;
  out->ignore_too_much = given.ignore_too_much != 0;
  out->merge_equal_tags = given.merge_equal_tags != 0;
  out->adjust = given.adjust != 0;
  out->refine = given.refine != 0;
  out->joint_order = given.joint_order;
  out->person_threshold = given.person_threshold;
  out->by_score = given.by_score != 0;
  return true;
}

}  // namespace

void ep_tag_maps_init(ep_tag_maps* maps, size_t struct_size) {
  ep_tag_maps defaults{};
  defaults.tag_length = TagMaps{}.tag_length;
  edgepose::capi::init_struct(defaults, maps, struct_size);
}

void ep_tag_maps_set(ep_tag_maps* maps, const float* heat, const float* tag, int32_t joints,
                     int32_t height, int32_t width, int32_t tag_length) {
  if (maps == nullptr) return;
  const int64_t area = edgepose::capi::stride(width, height);
  maps->heat = heat;
  maps->tag = tag;
  maps->joints = joints;
  maps->height = height;
  maps->width = width;
  maps->tag_length = tag_length;
  maps->heat_joint_stride = maps->tag_joint_stride = area;
  maps->heat_row_stride = maps->tag_row_stride = width;
  maps->tag_cell_stride = 1;
  maps->tag_stride = edgepose::capi::stride(joints, area);
}

void ep_tag_options_init(ep_tag_options* options, size_t struct_size) {
  const TagOptions core;
  ep_tag_options defaults{};
  defaults.detection_threshold = core.detection_threshold;
  defaults.tag_threshold = core.tag_threshold;
  defaults.max_people = core.max_people;
  defaults.nms_radius = core.nms_radius;
  defaults.use_detection_val = core.use_detection_val ? 1 : 0;
  defaults.ignore_too_much = core.ignore_too_much ? 1 : 0;
  defaults.merge_equal_tags = core.merge_equal_tags ? 1 : 0;
  defaults.adjust = core.adjust ? 1 : 0;
  defaults.refine = core.refine ? 1 : 0;
  defaults.person_threshold = core.person_threshold;
  defaults.by_score = core.by_score ? 1 : 0;
  edgepose::capi::init_struct(defaults, options, struct_size);
}

void ep_tag_people_init(ep_tag_people* people, size_t struct_size) {
  edgepose::capi::init_struct(ep_tag_people{}, people, struct_size);
}

int32_t ep_tags_capacity(int32_t joints, int32_t max_people) {
  return edgepose::tags_capacity(joints, max_people);
}

size_t ep_tags_workspace_size(const ep_tag_maps* maps, const ep_tag_options* options) {
  Call call(__func__, nullptr);
  TagMaps core;
  TagOptions chosen;
  const bool good = read_maps(call, maps, &core) && read_options(call, options, &chosen);
  return good ? edgepose::tags_workspace_bytes(core, chosen) : 0;
}

ep_status ep_tags_group(const ep_tag_maps* maps, const ep_tag_options* options, void* workspace,
                        size_t workspace_size, const ep_tag_people* people, int32_t* count,
                        ep_error* error) {
  Call call(__func__, error);
  TagMaps core;
  TagOptions chosen;
  ep_tag_people out;
  const bool good = read_maps(call, maps, &core) && read_options(call, options, &chosen) &&
                    call.read(people, "people", ep_tag_people_init, &out) &&
                    call.pointer("count", count) &&
                    call.workspace(workspace_size, edgepose::tags_workspace_bytes(core, chosen));
  if (!good) return call.status();
  const TagPeople found{out.xy, out.joint_score, out.tag, out.score};
  return call.done(edgepose::tags_group(core, chosen, out.capacity, workspace, found), count);
}
