// SPDX-License-Identifier: Apache-2.0
// Best similarity transform between two sets of points in space (Procrustes analysis).
#pragma once

#include <cstdint>

namespace edgepose {

// to = scale * rotation * from + translation.
struct Similarity3 {
  double rotation[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};  // row-major, never a reflection
  double scale = 1.0;
  double translation[3] = {0, 0, 0};

  void apply(const double from[3], double out[3]) const;
};

// The transform that brings `from` closest to `to`, in the sum of squared distances.
//
// Shapes: from [K, 3], to [K, 3], mask [K] not 0 for the points that count, or null: all.
// Gives:  with `scaled` the best scale, else 1. Points that span a line or a plane, or a mirrored
//         copy, leave the rotation open: one of the best. No points: the identity. All of `from` in
//         one place: a shift. Points that are not finite: NaN.
// Cost:   two passes over the points and a 3x3 decomposition; no allocation.
// Paper:  Umeyama, Least-squares estimation of transformation parameters between two point
//         patterns, eq. 39 to 42.
Similarity3 fit_similarity(const double* from, const double* to, const std::uint8_t* mask,
                           std::int64_t points, bool scaled);

}  // namespace edgepose
