// SPDX-License-Identifier: Apache-2.0
// Keypoints over time, and where to look for them next.
#include <algorithm>
#include <cmath>

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
  if (reader.flag()) {
    smooth(reader, joints);
  } else {
    look_for(reader, static_cast<std::size_t>(reader.between(0, 4)), joints);
  }
  return 0;
}
