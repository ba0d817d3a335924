// SPDX-License-Identifier: Apache-2.0
// The highest cell of maps that lie joint beside joint in memory (NHWC).
#pragma once

#include "core/heatmap/argmax.h"

namespace edgepose {

constexpr int kFewestInterleaved = 4;

// The first maxima, as map_argmax gives them, of `joints` maps of which the first is `map` and each
// starts one element after the last. Joints are compared side by side in groups of 16, 8 or 4; the
// last group of an uneven number overlaps the one before.
// Needs: at least kFewestInterleaved joints.
// Cost:  one pass over the maps per group.
void interleaved_argmax(const HeatmapView& map, int joints, Cell* cells);

}  // namespace edgepose
