// SPDX-License-Identifier: Apache-2.0
// Suppression that lowers the scores of similar people instead of dropping them.
#pragma once

#include <cstdint>
#include <limits>

#include "core/metric/oks_nms.h"

namespace edgepose {

enum class SoftDecay {
  kGaussian,  // times exp(-oks^2 / threshold); at or below a threshold of 0 any overlap gives 0
  kLinear,    // times 1 - oks where oks >= threshold
};

struct SoftOksNms {
  double threshold = 0.9;
  SoftDecay decay = SoftDecay::kGaussian;
  std::int64_t max_people = 20;  // as in HRNet and mmpose
  double visible_threshold = -std::numeric_limits<double>::infinity();
};

// Takes the best person again and again; each lowers the scores of those that are left, by their
// OKS (see pair_oks). HRNet and mmpose call it soft_oks_nms.
//
// Shapes: score [N] the score of each person when it was taken (or after the last step, for those
//         that were not), kept [N].
// Gives:  the number kept, at most max_people; their indices in the order taken, of equal scores
//         the lower index first. People with a NaN score are never kept.
// Cost:   O(kept * N * K); no allocation, `kept` and `score` are the only working memory.
// Paper:  Bodla et al., Soft-NMS: Improving Object Detection With One Line of Code, eq. 2 and 3.
Result<std::int64_t> soft_oks_nms(const OksNmsInput& input, const SoftOksNms& options,
                                  double* score, std::int64_t* kept);

}  // namespace edgepose
