// SPDX-License-Identifier: Apache-2.0
#include "core/metric/soft_oks_nms.h"

#include <algorithm>
#include <cmath>

namespace edgepose {
namespace {

double factor_of(double oks, const SoftOksNms& options) {
  if (options.decay == SoftDecay::kLinear) return oks >= options.threshold ? 1.0 - oks : 1.0;
  if (oks == 0.0) return 1.0;
  return options.threshold > 0.0 ? std::exp(-oks * oks / options.threshold) : 0.0;
}

}  // namespace

Result<std::int64_t> soft_oks_nms(const OksNmsInput& input, const SoftOksNms& options,
                                  double* score, std::int64_t* kept) {
  if (input.people < 0 || input.joints < 0 || options.max_people < 0) return {Status::kBadSize};
  if (std::isnan(options.threshold) || std::isnan(options.visible_threshold)) {
    return {Status::kBadThreshold};
  }
  if (input.people == 0) return {};
  const bool missing = input.score == nullptr || input.area == nullptr || score == nullptr;
  if (missing || kept == nullptr) return {Status::kNullPointer};
  if (input.joints > 0 && (input.xy == nullptr || input.sigmas == nullptr)) {
    return {Status::kNullPointer};
  }
  std::int64_t valid = 0;
  for (std::int64_t i = 0; i < input.people; ++i) {
    score[i] = input.score[i];
    if (!std::isnan(score[i])) kept[valid++] = i;
  }
  const auto goes_first = [score](std::int64_t a, std::int64_t b) {
    return score[a] != score[b] ? score[a] > score[b] : a < b;
  };
  // kept[0 .. size) are taken, kept[size .. valid) wait in any order.
  std::int64_t size = 0;
  while (size < std::min(valid, options.max_people)) {
    std::swap(kept[size], *std::min_element(kept + size, kept + valid, goes_first));
    const std::int64_t person = kept[size++];
    for (std::int64_t i = size; i < valid; ++i) {
      const double oks = pair_oks(input, person, kept[i], options.visible_threshold);
      // An infinite score times 0 would be NaN, which has no place in an order.
      const double lowered = score[kept[i]] * factor_of(oks, options);
      score[kept[i]] = std::isnan(lowered) ? 0.0 : lowered;
    }
  }
  return {Status::kOk, size};
}

}  // namespace edgepose
