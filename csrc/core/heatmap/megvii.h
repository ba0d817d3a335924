// SPDX-License-Identifier: Apache-2.0
// The decoders of the CPN and MSPN family: the maximum of the blurred map, moved a little.
#pragma once

#include "core/heatmap/argmax.h"
#include "core/heatmap/blur.h"

namespace edgepose {

constexpr int kMaxShifts = 4;

// A place between cells and the score that goes with it.
struct Place {
  float x = 0;
  float y = 0;
  float score = 0;
};

// These networks learn maps of 0 to 255 and report value / 255 + 0.5.
float megvii_score(float value);

// As mmpose's MegviiHeatmap decodes: the maximum of the blurred map, a quarter of a cell towards
// the higher blurred neighbour per axis where 1 < x < W - 1 and 1 < y < H - 1.
// Needs: `cell` = map_argmax(map), not NaN.
// Gives: the score of the map's own maximum. Where that or the blurred maximum is not positive, or
//        is infinite, `cell` itself.
// Cost:  see blurred_top.
Place megvii_place(const HeatmapView& map, const Cell& cell, const BlurKernel& kernel);

// As MSPN (Li et al. 2019) and CPN (Chen et al. 2018) decode: the maximum of the map, blurred with
// a border of 10 cells of zeros around it, moved by shifts[0] cells towards the second maximum,
// then by shifts[1] towards the third from where it has come to, and so on; kept inside the map.
// MSPN uses one shift of 0.25, or 0.25 and 0.125; CPN one of 0.25 with a kernel of 21.
//
// Where no further blurred value is positive, the first cell of the border, (-10, -10), stands for
// the next maximum, as it does in the published code.
// Needs: `cell` = map_argmax(map), not NaN; 0 <= count <= kMaxShifts.
// Gives: the score of the cell nearest to the place (halves to even); that of `cell` if it is NaN.
// Cost:  see blurred_top.
Place mspn_place(const HeatmapView& map, const Cell& cell, const BlurKernel& kernel,
                 const float* shifts, int count);

}  // namespace edgepose
