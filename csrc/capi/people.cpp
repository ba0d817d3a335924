// SPDX-License-Identifier: Apache-2.0
// Similarity and suppression of people.
#include "capi/call.h"
#include "core/metric/nearby_joints.h"
#include "core/metric/oks.h"
#include "core/metric/oks_nms.h"
#include "core/metric/rescore.h"
#include "core/metric/soft_oks_nms.h"

using edgepose::OksNmsInput;
using edgepose::SoftDecay;
using edgepose::capi::Call;

namespace {

static_assert(EP_DECAY_LINEAR == static_cast<int>(SoftDecay::kLinear));

bool read_people(Call& call, const ep_people* people, const char* name, ep_people* out) {
  return call.read(people, name, ep_people_init, out);
}

OksNmsInput nms_input(const ep_people& people) {
  return {people.xy,     people.joint_score, people.score, people.area,
          people.sigmas, people.people,      people.joints};
}

}  // namespace

void ep_people_init(ep_people* people, size_t struct_size) {
  edgepose::capi::init_struct(ep_people{}, people, struct_size);
}

ep_status ep_oks_matrix(const ep_people* a, const uint8_t* mask, const double* b_xy,
                        int64_t b_count, double* out, ep_error* error) {
  Call call(__func__, error);
  ep_people given;
  if (!read_people(call, a, "a", &given)) return call.status();
  const edgepose::OksInput input{given.xy, b_xy,         given.area, given.sigmas,
                                 mask,     given.people, b_count,    given.joints};
  return call.done(edgepose::oks_matrix(input, out));
}

ep_status ep_oks_nms(const ep_people* people, double threshold, double visible_threshold,
                     int64_t* kept, int64_t* kept_count, ep_error* error) {
  Call call(__func__, error);
  ep_people given;
  if (!read_people(call, people, "people", &given)) return call.status();
  if (!call.pointer("kept_count", kept_count)) return call.status();
  return call.done(edgepose::oks_nms(nms_input(given), threshold, visible_threshold, kept),
                   kept_count);
}

void ep_soft_oks_nms_options_init(ep_soft_oks_nms_options* options, size_t struct_size) {
  const edgepose::SoftOksNms core;
  ep_soft_oks_nms_options defaults{};
  defaults.decay = static_cast<int32_t>(core.decay);
  defaults.threshold = core.threshold;
  defaults.max_people = core.max_people;
  defaults.visible_threshold = core.visible_threshold;
  edgepose::capi::init_struct(defaults, options, struct_size);
}

ep_status ep_soft_oks_nms(const ep_people* people, const ep_soft_oks_nms_options* options,
                          double* score, int64_t* kept, int64_t* kept_count, ep_error* error) {
  Call call(__func__, error);
  ep_people given;
  ep_soft_oks_nms_options chosen;
  if (!read_people(call, people, "people", &given)) return call.status();
  if (!call.read_options(options, "options", ep_soft_oks_nms_options_init, &chosen) ||
      !call.choice("options.decay", chosen.decay, EP_DECAY_LINEAR + 1) ||
      !call.pointer("kept_count", kept_count)) {
    return call.status();
  }
  const edgepose::SoftOksNms core{chosen.threshold, static_cast<SoftDecay>(chosen.decay),
                                  chosen.max_people, chosen.visible_threshold};
  return call.done(edgepose::soft_oks_nms(nms_input(given), core, score, kept), kept_count);
}

void ep_nearby_joints_options_init(ep_nearby_joints_options* options, size_t struct_size) {
  const edgepose::NearbyJoints core;
  ep_nearby_joints_options defaults{};
  defaults.distance = core.distance;
  defaults.max_nearby = core.max_nearby;
  defaults.max_people = core.max_people;
  edgepose::capi::init_struct(defaults, options, struct_size);
}

ep_status ep_nearby_joints_nms(const ep_people* people, const ep_nearby_joints_options* options,
                               uint8_t* done, int64_t* kept, int64_t* kept_count, ep_error* error) {
  Call call(__func__, error);
  ep_people given;
  ep_nearby_joints_options chosen;
  if (!read_people(call, people, "people", &given)) return call.status();
  if (!call.read_options(options, "options", ep_nearby_joints_options_init, &chosen) ||
      !call.pointer("kept_count", kept_count)) {
    return call.status();
  }
  return call.done(edgepose::nearby_joints_nms(
                       {given.xy, given.score, given.people, given.joints},
                       {chosen.distance, chosen.max_nearby, chosen.max_people}, done, kept),
                   kept_count);
}

ep_status ep_people_rescore(const ep_people* people, double visible_threshold, double* out,
                            ep_error* error) {
  Call call(__func__, error);
  ep_people given;
  if (!read_people(call, people, "people", &given)) return call.status();
  return call.done(edgepose::rescore_people(given.joint_score, given.score, given.people,
                                            given.joints, visible_threshold, out));
}
