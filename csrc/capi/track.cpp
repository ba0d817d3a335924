// SPDX-License-Identifier: Apache-2.0
// Who is who from frame to frame, and where.
#include "capi/call.h"
#include "core/group/assign.h"
#include "core/track/match.h"
#include "core/track/one_euro.h"
#include "core/track/roi.h"

using edgepose::OneEuroState;
using edgepose::capi::Call;

namespace {

static_assert(sizeof(ep_one_euro_state) == sizeof(OneEuroState) &&
              offsetof(ep_one_euro_state, raw) == offsetof(OneEuroState, raw) &&
              offsetof(ep_one_euro_state, smooth) == offsetof(OneEuroState, smooth) &&
              offsetof(ep_one_euro_state, speed) == offsetof(OneEuroState, speed));

}  // namespace

size_t ep_assign_workspace_size(int32_t rows, int32_t columns) {
  return edgepose::assign_workspace_bytes(rows, columns);
}

ep_status ep_assign_run(const double* cost, int32_t rows, int32_t columns, void* workspace,
                        size_t workspace_size, int32_t* column_of_row, int32_t* count,
                        ep_error* error) {
  Call call(__func__, error);
  const bool good = call.pointer("count", count) &&
                    call.workspace(workspace_size, edgepose::assign_workspace_bytes(rows, columns));
  if (!good) return call.status();
  return call.done(edgepose::assign({cost, rows, columns, columns}, workspace, column_of_row),
                   count);
}

ep_status ep_iou_matrix(const double* a, int64_t a_count, const double* b, int64_t b_count,
                        double* out, ep_error* error) {
  return Call(__func__, error).done(edgepose::iou_matrix(a, a_count, b, b_count, out));
}

size_t ep_match_workspace_size(int32_t rows, int32_t columns) {
  return edgepose::match_workspace_bytes(rows, columns);
}

ep_status ep_match_similar(const double* similarity, int32_t rows, int32_t columns, double gate,
                           void* workspace, size_t workspace_size, int32_t* column_of_row,
                           int32_t* count, ep_error* error) {
  Call call(__func__, error);
  const bool good = call.pointer("count", count) &&
                    call.workspace(workspace_size, edgepose::match_workspace_bytes(rows, columns));
  if (!good) return call.status();
  return call.done(
      edgepose::match_similar(similarity, rows, columns, gate, workspace, column_of_row), count);
}

void ep_one_euro_options_init(ep_one_euro_options* options, size_t struct_size) {
  const edgepose::OneEuroOptions core;
  ep_one_euro_options defaults{};
  defaults.min_cutoff_hz = core.min_cutoff_hz;
  defaults.beta = core.beta;
  defaults.derivative_cutoff_hz = core.derivative_cutoff_hz;
  edgepose::capi::init_struct(defaults, options, struct_size);
}

ep_status ep_one_euro_reset(ep_one_euro_state* states, int64_t keypoints, ep_error* error) {
  return Call(__func__, error)
      .done(edgepose::one_euro_reset(reinterpret_cast<OneEuroState*>(states), keypoints));
}

ep_status ep_one_euro_apply(const ep_one_euro_options* options, double seconds, double object_size,
                            const double* xy, int64_t keypoints, ep_one_euro_state* states,
                            double* out, ep_error* error) {
  Call call(__func__, error);
  ep_one_euro_options chosen;
  if (!call.read_options(options, "options", ep_one_euro_options_init, &chosen)) {
    return call.status();
  }
  return call.done(edgepose::one_euro_apply(
      {chosen.min_cutoff_hz, chosen.beta, chosen.derivative_cutoff_hz}, seconds, object_size, xy,
      keypoints, reinterpret_cast<OneEuroState*>(states), out));
}

void ep_one_euro_samples_init(ep_one_euro_samples* samples, size_t struct_size) {
  edgepose::capi::init_struct(ep_one_euro_samples{}, samples, struct_size);
}

ep_status ep_one_euro_apply_people(const ep_one_euro_options* options,
                                   const ep_one_euro_samples* samples, ep_one_euro_state* states,
                                   int64_t slot_count, double* out, ep_error* error) {
  Call call(__func__, error);
  ep_one_euro_options chosen;
  ep_one_euro_samples given;
  const bool good = call.read_options(options, "options", ep_one_euro_options_init, &chosen) &&
                    call.read(samples, "samples", ep_one_euro_samples_init, &given);
  if (!good) return call.status();
  const edgepose::OneEuroSamples core{given.seconds, given.object_size, given.xy,
                                      given.slot,    given.people,      given.keypoints};
  return call.done(edgepose::one_euro_apply_people(
      {chosen.min_cutoff_hz, chosen.beta, chosen.derivative_cutoff_hz}, core,
      reinterpret_cast<OneEuroState*>(states), slot_count, out));
}

void ep_roi_options_init(ep_roi_options* options, size_t struct_size) {
  const edgepose::RoiOptions core;
  ep_roi_options defaults{};
  defaults.min_keypoints = core.min_keypoints;
  defaults.min_score = core.min_score;
  defaults.padding = core.padding;
  edgepose::capi::init_struct(defaults, options, struct_size);
}

ep_status ep_roi_from_people(const ep_people* people, const ep_roi_options* options, double* boxes,
                             int64_t* count, ep_error* error) {
  Call call(__func__, error);
  ep_people given;
  ep_roi_options chosen;
  const bool good = call.read(people, "people", ep_people_init, &given) &&
                    call.read_options(options, "options", ep_roi_options_init, &chosen) &&
                    call.pointer("count", count);
  if (!good) return call.status();
  return call.done(
      edgepose::rois_of_keypoints(given.xy, given.joint_score, given.people, given.joints,
                                  {chosen.min_score, chosen.min_keypoints, chosen.padding}, boxes),
      count);
}
