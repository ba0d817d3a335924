// SPDX-License-Identifier: Apache-2.0
// Precision and recall of a whole data set from what each prediction matched.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/metric/coco_types.h"
#include "core/status.h"

namespace edgepose {

// Predictions of all images, image by image in rising order of id, within an image by falling
// score: this order decides between equal scores.
struct CocoCounted {
  const double* score = nullptr;           // [P]
  const std::uint32_t* hit = nullptr;      // [A, P] bit t: matched at threshold t
  const std::uint32_t* ignored = nullptr;  // [A, P] bit t: does not count
  const std::int64_t* persons = nullptr;   // [A] people that count
  std::int64_t count = 0;                  // P
  std::int64_t stride = 0;                 // from one range of areas to the next, at least P
};

// Bytes that coco_accumulate needs for P predictions.
std::size_t coco_accumulate_bytes(std::int64_t count);

// Reads thresholds (their number), recall points and ranges (their number) of the protocol.
// Gives:  the curves; `persons` of the curves is not written.
// Cost:   O(P log P + A * T * (P + R log P)); no allocation.
void coco_accumulate(const CocoCounted& counted, const CocoProtocol& protocol, void* workspace,
                     const CocoCurves& curves);

// The ten numbers: AP, AP50, AP75, APM, APL, AR, AR50, AR75, ARM, ARL, as fractions.
// Reads precision and recall of the curves.
// Gives:  NaN where no person counts, where a threshold of 0.5 or 0.75 is not among the
//         protocol's, and for ranges of areas that it does not have (all, medium, large).
constexpr int kCocoStatCount = 10;
Status coco_stats(const CocoCurves& curves, const CocoProtocol& protocol,
                  double stats[kCocoStatCount]);

}  // namespace edgepose
