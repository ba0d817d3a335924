// SPDX-License-Identifier: Apache-2.0
// Singular value decomposition of a 3x3 matrix.
#pragma once

namespace edgepose {

// a = u diag(s) v^T by one-sided Jacobi rotations: columns of a are turned against each other until
// they are orthogonal. Small singular values keep their relative accuracy, which a decomposition of
// a^T a would lose.
//
// Shapes: a, u, v row-major [3, 3]; u and v orthogonal, of either handedness.
// Gives:  s falling, never negative. Singular matrices: u is completed to an orthogonal matrix. Not
//         finite: NaN in u and s.
// Cost:   at most kSweeps sweeps of three rotations; three to six in practice.
struct Svd3 {
  double u[9];
  double s[3];
  double v[9];
};
Svd3 svd3(const double a[9]);

double determinant3(const double a[9]);

}  // namespace edgepose
