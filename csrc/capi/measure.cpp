// SPDX-License-Identifier: Apache-2.0
// Distances of keypoints from their labels, in the picture and in space.
#include "capi/call.h"
#include "core/metric/mpjpe.h"
#include "core/metric/pck.h"

using edgepose::Alignment;
using edgepose::PckInput;
using edgepose::capi::Call;

namespace {

static_assert(EP_ALIGN_SCALE == static_cast<int>(Alignment::kScale) &&
              EP_ALIGN_PROCRUSTES == static_cast<int>(Alignment::kProcrustes) &&
              EP_ALIGN_RIGID == static_cast<int>(Alignment::kRigid));

bool read_pairs(Call& call, const ep_keypoint_pairs* pairs, PckInput* out) {
  ep_keypoint_pairs given;
  if (!call.read(pairs, "pairs", ep_keypoint_pairs_init, &given)) return false;
  *out = {given.predicted, given.labelled, given.visible, given.norm, given.people, given.joints};
  return true;
}

}  // namespace

void ep_keypoint_pairs_init(ep_keypoint_pairs* pairs, size_t struct_size) {
  edgepose::capi::init_struct(ep_keypoint_pairs{}, pairs, struct_size);
}

ep_status ep_pck_count(const ep_keypoint_pairs* pairs, double threshold, int64_t* correct,
                       int64_t* labelled, ep_error* error) {
  Call call(__func__, error);
  PckInput input;
  if (!read_pairs(call, pairs, &input)) return call.status();
  return call.done(edgepose::pck_counts(input, threshold, correct, labelled));
}

ep_status ep_pck_auc(const ep_keypoint_pairs* pairs, int64_t thresholds, double* out,
                     ep_error* error) {
  Call call(__func__, error);
  PckInput input;
  if (!read_pairs(call, pairs, &input) || !call.pointer("out", out)) return call.status();
  return call.done(edgepose::keypoint_auc(input, thresholds), out);
}

ep_status ep_keypoint_error(const ep_keypoint_pairs* pairs, double* out, ep_error* error) {
  Call call(__func__, error);
  PckInput input;
  if (!read_pairs(call, pairs, &input) || !call.pointer("out", out)) return call.status();
  return call.done(edgepose::keypoint_error(input), out);
}

void ep_poses3d_init(ep_poses3d* poses, size_t struct_size) {
  edgepose::capi::init_struct(ep_poses3d{}, poses, struct_size);
}

ep_status ep_mpjpe(const ep_poses3d* poses, int32_t alignment, double* distance, double* aligned,
                   ep_error* error) {
  Call call(__func__, error);
  ep_poses3d given;
  if (!call.read(poses, "poses", ep_poses3d_init, &given)) return call.status();
  if (!call.choice("alignment", alignment, EP_ALIGN_RIGID + 1)) return call.status();
  const edgepose::Poses3d core{given.predicted, given.labelled, given.counted,
                               given.fitted,    given.people,   given.joints};
  return call.done(edgepose::mpjpe(core, static_cast<Alignment>(alignment), distance, aligned));
}
