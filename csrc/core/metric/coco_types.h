// SPDX-License-Identifier: Apache-2.0
// What COCO's keypoint evaluation reads and gives. All memory is the caller's.
#pragma once

#include <cstdint>

#include "core/metric/coco_defaults.h"

namespace edgepose {

// Labelled people. A person counts (is to be found) unless it is a crowd region, marked `ignore`,
// or without any labelled keypoint.
struct CocoLabels {
  const std::int64_t* image_id = nullptr;  // [N]
  const double* xy = nullptr;              // [N, K, 2] px
  const std::uint8_t* visible = nullptr;   // [N, K] not 0 where labelled
  const double* box = nullptr;             // [N, 4] xyxy px
  const double* area = nullptr;            // [N] px^2
  const std::uint8_t* crowd = nullptr;     // [N], or null: nobody
  const std::uint8_t* ignore = nullptr;    // [N], or null: nobody
  const std::int64_t* id = nullptr;        // [N], read with ZeroId::kMiss only
  std::int64_t count = 0;
};

// Predicted people. Without areas the extent of the keypoints is taken, as COCO does.
struct CocoPredictions {
  const std::int64_t* image_id = nullptr;  // [M]
  const double* xy = nullptr;              // [M, K, 2] px
  const double* score = nullptr;           // [M]; NaN goes last
  const double* area = nullptr;            // [M] px^2, or null
  std::int64_t count = 0;
};

// A match with the annotation of id 0: xtcocotools counts it like any other, pycocotools (which
// stores 0 for "no match") as a miss that still uses the annotation up.
enum class ZeroId { kMatch, kMiss };

struct CocoProtocol {
  const double* sigmas = nullptr;  // [K], positive
  std::int64_t joints = 0;
  const double* thresholds = kCocoThresholds.value;  // [T] least OKS of a match
  int threshold_count = kCocoThresholdCount;         // T, at most kMaxCocoThresholds
  const double* recall_points = kCocoRecalls.value;  // [R]
  int recall_count = kCocoRecallCount;
  const double* area_ranges = kCocoAreaRanges;  // [A, 2] px^2, both ends included
  int range_count = kCocoRangeCount;
  std::int64_t max_detections = 20;  // best predictions of an image that count
  ZeroId zero_id = ZeroId::kMatch;
};

// Where the answer goes. NaN where no person counts in a range of areas.
struct CocoCurves {
  double* precision = nullptr;      // [T, R, A] best precision at this recall or a higher one
  double* recall = nullptr;         // [T, A] highest recall
  double* score = nullptr;          // [T, R, A] score at that recall; 0 where it is not reached
  std::int64_t* persons = nullptr;  // [A] people that count
};

}  // namespace edgepose
