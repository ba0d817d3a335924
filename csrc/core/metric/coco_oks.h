// SPDX-License-Identifier: Apache-2.0
// Similarity of a prediction and a label as COCO's evaluation counts it.
#pragma once

#include <cstdint>

#include "core/metric/coco_types.h"
#include "core/status.h"

namespace edgepose {

// Mean over the labelled keypoints of exp(-d^2 / (2 area (2 sigma)^2)). A label without labelled
// keypoints is compared by its box: a keypoint inside the box grown by its own size on every side
// counts as exact, one outside by its distance from that region.
//
// Shapes: xy [K, 2]; sigmas [K].
// Needs:  a box where no keypoint is labelled; without boxes such a label resembles nobody.
// Gives:  0..1, NaN when the area is NaN or below zero; a NaN point adds 0; K = 0 gives 0.
// Cost:   O(K), see joint_similarities.
double coco_similarity(const double* xy, const CocoLabels& labels, std::int64_t label,
                       const double* sigmas, std::int64_t joints);

// The same for every prediction and label of one image.
// Shapes: xy [M, K, 2], out [M, N]. Reads xy, visible, box and area of the labels.
Status coco_oks(const double* xy, std::int64_t predictions, const CocoLabels& labels,
                const double* sigmas, std::int64_t joints, double* out);

}  // namespace edgepose
