// SPDX-License-Identifier: Apache-2.0
// COCO's greedy assignment of predictions to labels within one image.
#pragma once

#include <cstdint>

#include "core/metric/coco_defaults.h"
#include "core/status.h"

namespace edgepose {

// The labels of one image, for one range of areas.
struct MatchLabels {
  const std::uint8_t* ignored = nullptr;  // [N] does not count in this range
  const std::uint8_t* crowd = nullptr;    // [N] may be matched any number of times
  std::uint32_t* taken = nullptr;         // [N] bit t: matched at threshold t
  std::int64_t count = 0;
};

// A threshold of 1 must still accept similarities that are 1 up to rounding.
inline double match_limit(double threshold) {
  constexpr double kAlmostOne = 1.0 - 1e-10;
  return threshold < kAlmostOne ? threshold : kAlmostOne;
}

// Gives one prediction the free label most similar to it, at every threshold at once, and marks
// what is taken. A label that counts is preferred to an ignored one whatever the similarity; of
// equally similar labels the later one is taken.
//
// Shapes: similarity [N], limits [T], match [T]: index of the label, -1 without.
// Needs:  T up to kMaxCocoThresholds. A NaN similarity is never matched.
// Cost:   O(N), and O(T) more for each label within reach.
void match_prediction(const double* similarity, const MatchLabels& labels, const double* limits,
                      int thresholds, std::int64_t* match);

// The same for all predictions of an image and all ranges of areas.
//
// Shapes: similarity [M, N], the predictions by falling score; ignored [A, N]; crowd [N];
//         thresholds [T]; match [A, T, M]; taken [N] is the caller's working memory.
// Cost:   O(A * M * (N + T * labels within reach)); no allocation.
struct CocoMatchInput {
  const double* similarity = nullptr;
  const std::uint8_t* ignored = nullptr;
  const std::uint8_t* crowd = nullptr;
  const double* thresholds = nullptr;
  std::int64_t predictions = 0;
  std::int64_t labels = 0;
  std::int64_t ranges = 0;
  int threshold_count = 0;
};
Status coco_match(const CocoMatchInput& input, std::uint32_t* taken, std::int64_t* match);

}  // namespace edgepose
