// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_options.h"

#include <cmath>

namespace edgepose {

PafOptions paf_openpose() {
  PafOptions options;
  options.near_score = 0.05F + 1e-6F;
  return options;
}

PafOptions paf_lightweight() {
  PafOptions options;
  options.peak_rule = PafPeakRule::kCross;
  options.peak_threshold = std::nextafter(0.1F, 0.0F);  // there 0.1 itself is a peak
  options.min_distance = 6.0F;
  options.centroid = false;
  options.peak_offset = 0.0F;
  options.min_samples = 10;
  options.max_samples = 10;
  options.sample_end = true;
  options.min_fraction = 0.8F;
  options.assembly = PafAssembly::kExtendAll;
  options.singles = false;
  options.min_joint_score = 0.2F;
  options.person_score = PafPersonScore::kTotal;
  return options;
}

PafOptions paf_tf_pose() {
  PafOptions options;
  options.interpolation = PafInterpolation::kRepeat;
  options.smoothing_size = 25;
  options.peak_rule = PafPeakRule::kPool;
  options.centroid = false;
  options.peak_offset = 0.0F;
  options.min_samples = 10;
  options.max_samples = 10;
  options.min_fraction = 0.8F;
  options.mean_of_all = true;
  options.length_prior = 0.5F;
  options.assembly = PafAssembly::kMerge;
  options.singles = false;
  options.min_joints = 4;
  options.person_score = PafPersonScore::kPerJoint;
  return options;
}

Status paf_check_options(const PafOptions& options) {
  const auto within = [](int value, int low, int high) { return value >= low && value <= high; };
  const bool counts = within(options.upscale, 1, kMaxPafUpscale) &&
                      within(options.smoothing_size, 0, kMaxPafSmoothing) &&
                      within(options.max_peaks, 0, kMaxPafPeaks) &&
                      within(options.min_samples, 2, options.max_samples) &&
                      options.max_samples <= kMaxPafSamples && options.min_joints >= 0 &&
                      options.min_joints_partly >= 0;
  const bool smoothing =
      options.smoothing_size == 0 ||
      (options.smoothing_size % 2 == 1 &&
       (options.upscale == 1 || options.interpolation == PafInterpolation::kRepeat));
  const bool numbers = options.min_distance >= 0.0F && std::fabs(options.peak_offset) <= 1.0F &&
                       !std::isnan(options.peak_threshold) &&
                       !std::isnan(options.sample_threshold) && options.min_fraction >= 0.0F &&
                       options.length_prior >= 0.0F && options.near_score >= 0.0F &&
                       !std::isnan(options.min_joint_score);
  return counts && smoothing && numbers ? Status::kOk : Status::kBadPafOption;
}

}  // namespace edgepose
