// SPDX-License-Identifier: Apache-2.0
// Grouping by part affinity fields: any skeleton, any options, any strides.
#include <algorithm>
#include <cmath>
#include <memory>

#include "core/group/paf.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::MapBatch;
using edgepose::PafLimb;
using edgepose::PafOptions;
using edgepose::PafOutput;
using edgepose::PafSkeleton;
using edgepose::Result;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

namespace {

PafOptions read_options(Reader& reader) {
  const std::uint8_t preset = reader.byte();
  PafOptions options = preset % 3 == 0   ? edgepose::paf_openpose()
                       : preset % 3 == 1 ? edgepose::paf_lightweight()
                                         : edgepose::paf_tf_pose();
  options.upscale = reader.between(1, 5);
  options.min_joints = reader.between(0, 3);  // few parts make no person of the presets
  options.max_peaks = reader.between(0, 20);
  options.matching = reader.choice(edgepose::PafMatching::kOptimal);
  options.assembly = reader.choice(edgepose::PafAssembly::kMerge);
  if (preset < 128) return options;
  options.interpolation = reader.choice(edgepose::PafInterpolation::kRepeat);
  options.smoothing_size = reader.hostile(0, 9);
  options.peak_rule = reader.choice(edgepose::PafPeakRule::kOpenPose);
  options.peak_threshold = reader.option(0.1F);
  options.min_distance = reader.option(1.0F);
  options.centroid = reader.flag();
  options.peak_offset = reader.option(0.5F);
  options.min_samples = reader.hostile(2, 10);
  options.max_samples = reader.hostile(5, 64);
  options.sample_end = reader.flag();
  options.sample_threshold = reader.option(0.05F);
  options.min_fraction = reader.option(0.8F);
  options.mean_of_all = reader.flag();
  options.length_prior = reader.option(0.5F);
  options.near_score = reader.option(0.1F);
  options.singles = reader.flag();
  options.min_joints_partly = reader.hostile(0, 3);
  options.min_joint_score = reader.option(0.2F);
  options.person_score = reader.choice(edgepose::PafPersonScore::kPerPartAndLimb);
  return options;
}

std::vector<PafLimb> read_limbs(Reader& reader, int parts, int channels) {
  std::vector<PafLimb> limbs(static_cast<std::size_t>(reader.between(0, 8)));
  for (PafLimb& limb : limbs) {
    limb.a = reader.hostile(0, std::max(parts - 1, 0));
    limb.b = reader.hostile(0, std::max(parts - 1, 0));
    limb.channel_x = reader.hostile(0, std::max(channels - 1, 0));
    limb.channel_y = reader.hostile(0, std::max(channels - 1, 0));
    limb.redundant = reader.flag();
  }
  return limbs;
}

// One picture of so many channels, its rows forwards or backwards.
MapBatch picture_of(const Input<float>& values, int channels, int width, int height, bool turned) {
  const std::ptrdiff_t area = std::ptrdiff_t{width} * height;
  const float* start = values.data();
  if (turned && start != nullptr) start += area - width;
  return {start, 1, channels, width, height, channels * area, area, turned ? -width : width};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const PafOptions options = read_options(reader);
  const int width = reader.between(1, 24);
  const int height = reader.between(1, 16);
  const int parts = reader.between(0, 6);
  const int channels = reader.between(0, 8);
  const Input<PafLimb> limbs(read_limbs(reader, parts, channels));
  const Input<std::uint8_t> uncounted(reader.bytes(static_cast<std::size_t>(parts)));
  const PafSkeleton skeleton{parts, static_cast<int>(limbs.size()), limbs.data(),
                             reader.flag() ? uncounted.data() : nullptr};
  const int people = reader.between(0, 12);
  const bool turned = reader.flag();
  const auto area = static_cast<std::size_t>(width * height);
  const Input<float> heat(reader.numbers<float>(area * static_cast<std::size_t>(parts)));
  const Input<float> field(reader.numbers<float>(area * static_cast<std::size_t>(channels)));

  const std::size_t bytes = paf_workspace_bytes(width, height, skeleton, options);
  edgepose::fuzz::Workspace workspace(bytes);
  const auto joints = static_cast<std::size_t>(people * parts);
  std::vector<float> xy(2 * joints);
  std::vector<float> joint_score(joints);
  const std::unique_ptr<bool[]> found(new bool[joints]());
  std::vector<float> score(static_cast<std::size_t>(people));
  const PafOutput out{xy.data(), joint_score.data(), found.get(), score.data()};
  const Result<int> count = paf_group(picture_of(heat, parts, width, height, turned),
                                      picture_of(field, channels, width, height, turned), skeleton,
                                      options, people, bytes > 0 ? workspace.data() : nullptr, out);
  if (count.status != Status::kOk) return 0;
  require(count.value >= 0 && count.value <= people, "no more people than there is room for");
  const auto rows = static_cast<std::size_t>(count.value);
  for (std::size_t i = 1; i < rows; ++i) {
    require(score[i] <= score[i - 1], "people come by falling score");
  }
  for (std::size_t i = 0; i < rows * static_cast<std::size_t>(parts); ++i) {
    require(std::isfinite(xy[2 * i]) && std::isfinite(xy[2 * i + 1]), "every place is finite");
    const bool blank = xy[2 * i] == 0.0F && xy[2 * i + 1] == 0.0F && joint_score[i] == 0.0F;
    require(found[i] || blank, "a missing joint is (0, 0) with a score of 0");
    require(!found[i] || joint_score[i] > options.peak_threshold || options.smoothing_size > 0,
            "a peak is above the threshold");
  }
  return 0;
}
