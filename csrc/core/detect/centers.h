// SPDX-License-Identifier: Apache-2.0
// Boxes from a detector that marks the centres of people (Objects as Points, Zhou et al. 2019).
#pragma once

#include "core/heatmap/peaks.h"
#include "core/status.h"

namespace edgepose {

// Maps of one picture, each [H, W] with rows side by side.
struct CenterMaps {
  const float* heatmap = nullptr;  // probability that a person's centre lies in the cell
  const float* size = nullptr;     // [2, H, W]: width and height of the box, network input px
  const float* offset = nullptr;   // [2, H, W]: centre from the cell's centre in x and y, cells
  int width = 0;
  int height = 0;
};

// Reads the boxes at the peaks (radius 1) of the heatmap above `threshold`.
//
// Shapes: boxes [max_boxes, 4] as x1, y1, x2, y2 in network input px (integers at pixel centres),
//         score [max_boxes], workspace [max_boxes].
// Gives:  the number of boxes, by falling score. The centre of cell (x, y) lies at input pixel
//         stride * (x + dx + 0.5) - 0.5. A peak whose size is not positive or whose box is not
//         finite is dropped.
// Cost:   that of map_peaks; no allocation.
Result<int> centers_decode(const CenterMaps& maps, float stride, float threshold, int max_boxes,
                           Peak* workspace, float* boxes, float* score);

}  // namespace edgepose
