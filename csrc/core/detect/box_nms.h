// SPDX-License-Identifier: Apache-2.0
// Greedy non-maximum suppression of boxes.
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

// Keeps a box unless its intersection over union with a kept box of higher score is above
// `iou_threshold`.
//
// Shapes: boxes [M, 4] as x1, y1, x2, y2, score [M], kept [M].
// Gives:  the number of kept boxes; their indices by falling score, equal scores by rising index.
//         A row with a NaN is never kept. A box without area overlaps nothing, and boxes that do
//         not overlap keep each other, also with a threshold below 0.
// Cost:   O(M log M + M * kept); no allocation, `kept` is the only working memory.
Result<std::int64_t> box_nms(const float* boxes, const float* score, std::int64_t count,
                             float iou_threshold, std::int64_t* kept);

}  // namespace edgepose
