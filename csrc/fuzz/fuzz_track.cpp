// SPDX-License-Identifier: Apache-2.0
// Keypoints over time, and where to look for them next.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/track/one_euro.h"
#include "core/track/roi.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::OneEuroState;
using edgepose::Result;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

namespace {

void smooth(Reader& reader, std::size_t joints) {
  edgepose::OneEuroOptions options;
  options.min_cutoff_hz = reader.option(options.min_cutoff_hz);
  options.beta = reader.option(options.beta);
  options.derivative_cutoff_hz = reader.option(options.derivative_cutoff_hz);
  std::vector<OneEuroState> states(joints);
  const auto keypoints = static_cast<std::int64_t>(joints);
  one_euro_reset(states.data(), keypoints);
  double seconds = 0.0;
  for (int frame = reader.between(1, 8); frame > 0; --frame) {
    seconds = reader.byte() >= 64 ? seconds + 0.03 : reader.number<double>();
    const double object_size = reader.option(100.0);
    const Input<double> xy(reader.numbers<double>(2 * joints));
    std::vector<double> out(2 * joints);
    const Status status = one_euro_apply(options, seconds, object_size, xy.data(), keypoints,
                                         states.data(), out.data());
    if (status != Status::kOk) return;
    for (std::size_t k = 0; k < joints; ++k) {
      const bool seen = std::isfinite(xy[2 * k]) && std::isfinite(xy[2 * k + 1]);
      for (std::size_t i = 2 * k; i < 2 * k + 2; ++i) {
        require(seen ? std::isfinite(out[i]) : std::isnan(out[i]),
                "finite where the keypoint is there, NaN where it is missing");
      }
    }
  }
}

// In one call what one after the other gives.
void smooth_people(Reader& reader, std::size_t joints) {
  constexpr std::int64_t kSlots = 4;
  const auto people = static_cast<std::size_t>(reader.between(0, 4));
  const auto keypoints = static_cast<std::int64_t>(joints);
  std::vector<OneEuroState> states(kSlots * joints);
  one_euro_reset(states.data(), kSlots * keypoints);
  std::vector<OneEuroState> alone = states;
  for (int frame = reader.between(1, 5); frame > 0; --frame) {
    std::vector<std::int64_t> slots(people);
    for (std::int64_t& slot : slots) slot = reader.hostile(0, 3);
    const bool all_there = std::all_of(
        slots.begin(), slots.end(), [](std::int64_t slot) { return slot >= 0 && slot < kSlots; });
    const Input<std::int64_t> slot(std::move(slots));
    const Input<double> seconds(reader.numbers<double>(people));
    const Input<double> size(reader.numbers<double>(people));
    const Input<double> xy(reader.numbers<double>(2 * people * joints));
    std::vector<double> out(2 * people * joints);
    const Status status =
        one_euro_apply_people({},
                              {seconds.data(), size.data(), xy.data(), slot.data(),
                               static_cast<std::int64_t>(people), keypoints},
                              states.data(), kSlots, out.data());
    require(joints == 0 || all_there == (status == Status::kOk), "slots that are there are taken");
    if (status != Status::kOk || joints == 0) return;
    for (std::size_t i = 0; i < people; ++i) {
      std::vector<double> wanted(2 * joints);
      one_euro_apply({}, seconds[i], size[i], xy.data() + 2 * i * joints, keypoints,
                     alone.data() + slot[i] * keypoints, wanted.data());
      require(std::memcmp(wanted.data(), out.data() + 2 * i * joints, 16 * joints) == 0,
              "people are smoothed as one by one");
    }
  }
}

void look_for(Reader& reader, std::size_t people, std::size_t joints) {
  edgepose::RoiOptions options;
  options.min_score = reader.option(options.min_score);
  options.min_keypoints = reader.hostile(0, 4);
  options.padding = reader.option(options.padding);
  const Input<double> xy(reader.numbers<double>(2 * people * joints));
  const Input<double> score(reader.numbers<double>(people * joints));
  std::vector<double> boxes(4 * people);
  const Result<std::int64_t> found =
      rois_of_keypoints(xy.data(), score.data(), static_cast<std::int64_t>(people),
                        static_cast<std::int64_t>(joints), options, boxes.data());
  if (found.status != Status::kOk) return;
  std::int64_t count = 0;
  for (std::size_t i = 0; i < people; ++i) {
    const double* box = boxes.data() + 4 * i;
    const bool none =
        std::isnan(box[0]) && std::isnan(box[1]) && std::isnan(box[2]) && std::isnan(box[3]);
    const bool finite = std::all_of(box, box + 4, [](double side) { return std::isfinite(side); });
    require(none || (finite && box[2] >= box[0] && box[3] >= box[1]),
            "a finite box in order or a row of NaN");
    count += none ? 0 : 1;
  }
  require(count == found.value, "the boxes are counted");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const auto joints = static_cast<std::size_t>(reader.between(0, 5));
  switch (reader.byte() % 3) {
    case 0:
      look_for(reader, static_cast<std::size_t>(reader.between(0, 4)), joints);
      break;
    case 1:
      smooth(reader, joints);
      break;
    default:
      smooth_people(reader, joints);
  }
  return 0;
}
