// SPDX-License-Identifier: Apache-2.0
// Soft-argmax: the mean place under softmax(beta * map) (Sun et al. 2018, "Integral human pose
// regression").
#pragma once

#include "core/heatmap/argmax.h"
#include "core/heatmap/subpixel.h"

namespace edgepose {

// Sums over the weights exp(beta * (value - highest)), which are at most 1: no beta and no map
// overflows. Cells are counted from 0; NaN weighs nothing.
struct SoftSums {
  double weight = 0;
  double x = 0;
  double y = 0;
};

// Needs: highest = the map's maximum, finite; beta positive and finite.
// Cost:  O(H * W), one exponential a cell.
SoftSums soft_sums(const HeatmapView& map, float beta, float highest);

// The shift from the maximum's cell to the mean place, cells.
//
// `debias` undoes the pull towards the middle that cells of no weight exert, as mmpose's
// IntegralRegressionHead does it (after Gu et al. 2021): with C = sum of exp(beta * value) and m
// the mean place, C / (C - 1) * (m - size / (2 C)). Needs: `cell` = map_argmax(map); beta positive
// and finite. Gives: no shift where the maximum is not finite; the plain mean where the debiased is
// not finite.
Shift integral_shift(const HeatmapView& map, const Cell& cell, float beta, bool debias);

}  // namespace edgepose
