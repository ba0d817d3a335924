// SPDX-License-Identifier: Apache-2.0
// The C ABI over people, tracking, measures and COCO, called carelessly.
#include "fuzz/abi.h"

using edgepose::fuzz::AbiWorkspace;
using edgepose::fuzz::Caller;
using edgepose::fuzz::disturbed;
using edgepose::fuzz::Given;
using edgepose::fuzz::Reader;

namespace {

Given<ep_people> people_of(Caller& caller) {
  ep_people people;
  ep_people_init(&people, sizeof people);
  people.people = caller.size(8);
  people.joints = caller.size(8);
  people.xy = caller.doubles();
  people.joint_score = caller.doubles();
  people.score = caller.doubles();
  people.area = caller.doubles();
  people.sigmas = caller.doubles();
  return {caller.reader(), people};
}

void suppress(Caller& caller, const ep_people* people, ep_error* error) {
  Reader& reader = caller.reader();
  caller.check(ep_oks_matrix(people, caller.bytes(), caller.doubles(), caller.size(8),
                             caller.out<double>(), error),
               error);
  caller.check(ep_oks_nms(people, reader.option(0.9), reader.option(0.2), caller.out<int64_t>(),
                          caller.out<int64_t>(), error),
               error);
  const Given<ep_soft_oks_nms_options> soft(reader,
                                            disturbed(reader, ep_soft_oks_nms_options_init));
  caller.check(ep_soft_oks_nms(people, soft.get(), caller.out<double>(), caller.out<int64_t>(),
                               caller.out<int64_t>(), error),
               error);
  const Given<ep_nearby_joints_options> nearby(reader,
                                               disturbed(reader, ep_nearby_joints_options_init));
  caller.check(ep_nearby_joints_nms(people, nearby.get(), caller.out<uint8_t>(),
                                    caller.out<int64_t>(), caller.out<int64_t>(), error),
               error);
  caller.check(ep_people_rescore(people, reader.option(0.2), caller.out<double>(), error), error);
}

void track(Caller& caller, const ep_people* people, ep_error* error) {
  Reader& reader = caller.reader();
  const Given<ep_roi_options> roi(reader, disturbed(reader, ep_roi_options_init));
  caller.check(
      ep_roi_from_people(people, roi.get(), caller.out<double>(), caller.out<int64_t>(), error),
      error);
  caller.check(ep_iou_matrix(caller.doubles(), caller.size(8), caller.doubles(), caller.size(8),
                             caller.out<double>(), error),
               error);
  const int keypoints = caller.size(8);
  auto* const states = caller.out<ep_one_euro_state>();
  caller.check(ep_one_euro_reset(states, keypoints, error), error);
  const Given<ep_one_euro_options> euro(reader, disturbed(reader, ep_one_euro_options_init));
  for (int frame = 0; frame < 2; ++frame) {
    caller.check(
        ep_one_euro_apply(euro.get(), reader.number<double>(), reader.option(100.0),
                          caller.doubles(), keypoints, states, caller.out<double>(), error),
        error);
  }
  ep_one_euro_samples samples;
  ep_one_euro_samples_init(&samples, sizeof samples);
  samples.people = caller.size(4);
  samples.keypoints = caller.size(8);
  samples.seconds = caller.doubles();
  samples.object_size = caller.doubles();
  samples.xy = caller.doubles();
  samples.slot = caller.ids();
  const Given<ep_one_euro_samples> given_samples(reader, samples);
  auto* const rows = caller.out<ep_one_euro_state>();
  caller.check(ep_one_euro_reset(rows, 5 * 8, error), error);
  caller.check(ep_one_euro_apply_people(euro.get(), given_samples.get(), rows, caller.size(5),
                                        caller.out<double>(), error),
               error);
}

void measure(Caller& caller, ep_error* error) {
  Reader& reader = caller.reader();
  ep_keypoint_pairs pairs;
  ep_keypoint_pairs_init(&pairs, sizeof pairs);
  pairs.people = caller.size(8);
  pairs.joints = caller.size(8);
  pairs.predicted = caller.doubles();
  pairs.labelled = caller.doubles();
  pairs.visible = caller.bytes();
  pairs.norm = caller.doubles();
  const Given<ep_keypoint_pairs> given(reader, pairs);
  caller.check(ep_pck_count(given.get(), reader.option(0.5), caller.out<int64_t>(),
                            caller.out<int64_t>(), error),
               error);
  caller.check(ep_pck_auc(given.get(), reader.hostile(0, 20), caller.out<double>(), error), error);
  caller.check(ep_keypoint_error(given.get(), caller.out<double>(), error), error);
  ep_poses3d poses;
  ep_poses3d_init(&poses, sizeof poses);
  poses.people = caller.size(8);
  poses.joints = caller.size(8);
  poses.predicted = caller.doubles();
  poses.labelled = caller.doubles();
  poses.counted = caller.bytes();
  poses.fitted = caller.bytes();
  const Given<ep_poses3d> space(reader, poses);
  caller.check(ep_mpjpe(space.get(), reader.hostile(0, 3), caller.out<double>(),
                        caller.out<double>(), error),
               error);
}

void evaluate(Caller& caller, ep_error* error) {
  Reader& reader = caller.reader();
  ep_coco_protocol protocol;
  ep_coco_protocol_init(&protocol, sizeof protocol);
  protocol.joints = caller.size(5);
  protocol.sigmas = caller.doubles();
  protocol.zero_id_is_miss = reader.byte() % 2;
  protocol.max_detections = reader.hostile(0, 20);
  if (reader.flag()) {
    protocol.thresholds = caller.doubles();
    protocol.threshold_count = caller.size(10);
    protocol.recall_points = caller.doubles();
    protocol.recall_count = caller.size(20);
    protocol.area_ranges = caller.doubles();
    protocol.range_count = caller.size(3);
  }
  ep_coco_labels labels;
  ep_coco_labels_init(&labels, sizeof labels);
  labels.count = caller.size(8);
  labels.image_id = caller.ids();
  labels.xy = caller.doubles();
  labels.visible = caller.bytes();
  labels.box = caller.doubles();
  labels.area = caller.doubles();
  labels.crowd = caller.bytes();
  labels.ignore = caller.bytes();
  labels.id = caller.ids();
  ep_coco_predictions predictions;
  ep_coco_predictions_init(&predictions, sizeof predictions);
  predictions.count = caller.size(8);
  predictions.image_id = caller.ids();
  predictions.xy = caller.doubles();
  predictions.score = caller.doubles();
  predictions.area = caller.doubles();
  ep_coco_curves curves;
  ep_coco_curves_init(&curves, sizeof curves);
  curves.precision = caller.out<double>();
  curves.recall = caller.out<double>();
  curves.score = caller.out<double>();
  curves.persons = caller.out<int64_t>();
  const Given<ep_coco_protocol> rules(reader, protocol);
  const Given<ep_coco_labels> truth(reader, labels);
  const Given<ep_coco_predictions> guesses(reader, predictions);
  const Given<ep_coco_curves> out(reader, curves);
  const int images = caller.size(4);
  AbiWorkspace workspace(reader,
                         ep_coco_workspace_size(truth.get(), guesses.get(), images, rules.get()));
  const ep_status status =
      ep_coco_evaluate(truth.get(), guesses.get(), caller.ids(), images, rules.get(),
                       workspace.data(), workspace.size(), out.get(), error);
  caller.check(status, error);
  if (status != EP_OK) return;
  caller.check(ep_coco_stats(out.get(), rules.get(), caller.out<double>(), error), error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  Caller caller(reader);
  ep_error* const error = caller.error();
  const Given<ep_people> people = people_of(caller);
  switch (reader.byte() % 4) {
    case 0:
      suppress(caller, people.get(), error);
      break;
    case 1:
      track(caller, people.get(), error);
      break;
    case 2:
      measure(caller, error);
      break;
    default:
      evaluate(caller, error);
  }
  return 0;
}
