// SPDX-License-Identifier: Apache-2.0
// Similarity of people and the four ways to suppress doubles.
#include <algorithm>
#include <cmath>

#include "core/metric/nearby_joints.h"
#include "core/metric/oks.h"
#include "core/metric/rescore.h"
#include "core/metric/soft_oks_nms.h"
#include "core/track/match.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::OksNmsInput;
using edgepose::Result;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;
using edgepose::fuzz::require_distinct;

namespace {

void check_kept(const Result<std::int64_t>& found, const std::vector<std::int64_t>& kept,
                const Input<double>& score, bool sorted) {
  if (found.status != Status::kOk) return;
  require_distinct(kept.data(), found.value, static_cast<std::int64_t>(kept.size()));
  for (std::size_t i = 0; i < static_cast<std::size_t>(found.value); ++i) {
    const double here = score[static_cast<std::size_t>(kept[i])];
    require(!std::isnan(here), "people with a NaN score are never kept");
    const bool falls = i == 0 || score[static_cast<std::size_t>(kept[i - 1])] >= here;
    require(falls || !sorted, "people come by falling score");
  }
}

void check_shares(const std::vector<double>& values) {
  const auto share = [](double value) { return value >= 0.0 && value <= 1.0; };
  require(std::all_of(values.begin(), values.end(), share), "similarities are 0 to 1");
}

void suppress(Reader& reader, const OksNmsInput& input, const Input<double>& score) {
  const double threshold = reader.option(0.9);
  const double visible = reader.option(0.2);
  std::vector<std::int64_t> kept(score.size());
  check_kept(oks_nms(input, threshold, visible, kept.data()), kept, score, true);

  edgepose::SoftOksNms soft;
  soft.threshold = threshold;
  soft.visible_threshold = visible;
  soft.decay = reader.choice(edgepose::SoftDecay::kLinear);
  soft.max_people = reader.hostile(0, 30);
  std::vector<double> lowered(score.size());
  const Result<std::int64_t> taken = soft_oks_nms(input, soft, lowered.data(), kept.data());
  check_kept(taken, kept, score, false);
  require(taken.status != Status::kOk || taken.value <= soft.max_people, "max_people is kept");

  edgepose::NearbyJoints nearby;
  nearby.distance = reader.option(0.05);
  nearby.max_nearby = reader.hostile(0, 3);
  nearby.max_people = reader.hostile(0, 30);
  std::vector<std::uint8_t> done(score.size());
  check_kept(nearby_joints_nms({input.xy, input.score, input.people, input.joints}, nearby,
                               done.data(), kept.data()),
             kept, score, false);

  std::vector<double> rated(score.size());
  edgepose::rescore_people(input.joint_score, input.score, input.people, input.joints, visible,
                           rated.data());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const int people = reader.between(0, 7);
  const int joints = reader.between(0, 70);
  const auto rows = static_cast<std::size_t>(people);
  const auto places = rows * static_cast<std::size_t>(joints);
  const Input<double> xy(reader.numbers<double>(2 * places));
  const Input<double> joint_score(reader.numbers<double>(places));
  const Input<double> score(reader.numbers<double>(rows));
  const Input<double> area(reader.numbers<double>(rows));
  const Input<double> sigmas(reader.numbers<double>(static_cast<std::size_t>(joints)));
  const Input<std::uint8_t> mask(reader.bytes(places));
  const Input<double> boxes(reader.numbers<double>(4 * rows));
  OksNmsInput input{xy.data(), joint_score.data(), score.data(), area.data(), sigmas.data(), people,
                    joints};
  std::vector<double> out(rows * rows);
  const Status status =
      edgepose::oks_matrix({xy.data(), xy.data(), area.data(), sigmas.data(),
                            reader.flag() ? mask.data() : nullptr, people, people, joints},
                           out.data());
  require(status == Status::kOk, "good sizes are taken");
  check_shares(out);
  require(
      edgepose::iou_matrix(boxes.data(), people, boxes.data(), people, out.data()) == Status::kOk,
      "good sizes are taken");
  check_shares(out);
  if (reader.flag()) input.joint_score = nullptr;
  if (input.joint_score != nullptr || joints == 0) suppress(reader, input, score);
  if (input.joint_score == nullptr) {
    std::vector<std::int64_t> kept(rows);
    check_kept(oks_nms(input, reader.option(0.9), 0.0, kept.data()), kept, score, true);
  }
  return 0;
}
