// SPDX-License-Identifier: Apache-2.0
#include "capi/call.h"
#include "core/metric/coco_accumulate.h"
#include "core/metric/coco_evaluate.h"

using edgepose::CocoCurves;
using edgepose::CocoInput;
using edgepose::CocoProtocol;
using edgepose::capi::Call;

namespace {

static_assert(EP_COCO_STAT_COUNT == edgepose::kCocoStatCount);

bool read_labels(Call& call, const ep_coco_labels* labels, CocoInput* out) {
  ep_coco_labels given;
  if (!call.read(labels, "labels", ep_coco_labels_init, &given)) return false;
  out->labels = {given.image_id, given.xy,     given.visible, given.box,  given.area,
                 given.crowd,    given.ignore, given.id,      given.count};
  return true;
}

bool read_predictions(Call& call, const ep_coco_predictions* predictions, CocoInput* out) {
  ep_coco_predictions given;
  if (!call.read(predictions, "predictions", ep_coco_predictions_init, &given)) return false;
  out->predictions = {given.image_id, given.xy, given.score, given.area, given.count};
  return true;
}

bool read_protocol(Call& call, const ep_coco_protocol* protocol, CocoProtocol* out) {
  ep_coco_protocol given;
  if (!call.read(protocol, "protocol", ep_coco_protocol_init, &given)) return false;
  out->sigmas = given.sigmas;
  out->joints = given.joints;
  out->thresholds = given.thresholds;
  out->threshold_count = given.threshold_count;
  out->recall_points = given.recall_points;
  out->recall_count = given.recall_count;
  out->area_ranges = given.area_ranges;
  out->range_count = given.range_count;
  out->max_detections = given.max_detections;
  out->zero_id = given.zero_id_is_miss != 0 ? edgepose::ZeroId::kMiss : edgepose::ZeroId::kMatch;
  return true;
}

bool read_curves(Call& call, const ep_coco_curves* curves, CocoCurves* out) {
  ep_coco_curves given;
  if (!call.read(curves, "curves", ep_coco_curves_init, &given)) return false;
  *out = {given.precision, given.recall, given.score, given.persons};
  return true;
}

}  // namespace

void ep_coco_labels_init(ep_coco_labels* labels, size_t struct_size) {
  edgepose::capi::init_struct(ep_coco_labels{}, labels, struct_size);
}

void ep_coco_predictions_init(ep_coco_predictions* predictions, size_t struct_size) {
  edgepose::capi::init_struct(ep_coco_predictions{}, predictions, struct_size);
}

void ep_coco_protocol_init(ep_coco_protocol* protocol, size_t struct_size) {
  const CocoProtocol core;
  ep_coco_protocol defaults{};
  defaults.thresholds = core.thresholds;
  defaults.threshold_count = core.threshold_count;
  defaults.recall_points = core.recall_points;
  defaults.recall_count = core.recall_count;
  defaults.area_ranges = core.area_ranges;
  defaults.range_count = core.range_count;
  defaults.max_detections = core.max_detections;
  edgepose::capi::init_struct(defaults, protocol, struct_size);
}

void ep_coco_curves_init(ep_coco_curves* curves, size_t struct_size) {
  edgepose::capi::init_struct(ep_coco_curves{}, curves, struct_size);
}

size_t ep_coco_workspace_size(const ep_coco_labels* labels, const ep_coco_predictions* predictions,
                              int64_t image_count, const ep_coco_protocol* protocol) {
  Call call(__func__, nullptr);
  CocoInput input;
  CocoProtocol chosen;
  const bool good = read_labels(call, labels, &input) &&
                    read_predictions(call, predictions, &input) &&
                    read_protocol(call, protocol, &chosen);
  input.image_count = image_count;
  return good ? edgepose::coco_evaluate_bytes(input, chosen) : 0;
}

ep_status ep_coco_evaluate(const ep_coco_labels* labels, const ep_coco_predictions* predictions,
                           const int64_t* images, int64_t image_count,
                           const ep_coco_protocol* protocol, void* workspace, size_t workspace_size,
                           const ep_coco_curves* curves, ep_error* error) {
  Call call(__func__, error);
  CocoInput input;
  CocoProtocol chosen;
  CocoCurves out;
  const bool good = read_labels(call, labels, &input) &&
                    read_predictions(call, predictions, &input) &&
                    read_protocol(call, protocol, &chosen) && read_curves(call, curves, &out);
  if (!good) return call.status();
  input.images = images;
  input.image_count = image_count;
  if (!call.workspace(workspace_size, edgepose::coco_evaluate_bytes(input, chosen))) {
    return call.status();
  }
  return call.done(edgepose::coco_evaluate(input, chosen, workspace, out));
}

ep_status ep_coco_stats(const ep_coco_curves* curves, const ep_coco_protocol* protocol,
                        double* stats, ep_error* error) {
  Call call(__func__, error);
  CocoCurves given;
  CocoProtocol chosen;
  const bool good = read_curves(call, curves, &given) && read_protocol(call, protocol, &chosen);
  return good ? call.done(edgepose::coco_stats(given, chosen, stats)) : call.status();
}
