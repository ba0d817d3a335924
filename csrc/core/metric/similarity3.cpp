// SPDX-License-Identifier: Apache-2.0
#include "core/metric/similarity3.h"

#include <cmath>
#include <cstddef>

#include "core/metric/svd3.h"

namespace edgepose {
namespace {

bool counts(const std::uint8_t* mask, std::int64_t point) {
  return mask == nullptr || mask[point] != 0;
}

struct Means {
  double from[3] = {0, 0, 0};
  double to[3] = {0, 0, 0};
  std::int64_t points = 0;
};

Means means_of(const double* from, const double* to, const std::uint8_t* mask,
               std::int64_t points) {
  Means means;
  for (std::int64_t k = 0; k < points; ++k) {
    if (!counts(mask, k)) continue;
    ++means.points;
    for (int axis = 0; axis < 3; ++axis) {
      means.from[axis] += from[3 * k + axis];
      means.to[axis] += to[3 * k + axis];
    }
  }
  for (int axis = 0; axis < 3 && means.points > 0; ++axis) {
    means.from[axis] /= static_cast<double>(means.points);
    means.to[axis] /= static_cast<double>(means.points);
  }
  return means;
}

}  // namespace

void Similarity3::apply(const double from[3], double out[3]) const {
  const double x = from[0];
  const double y = from[1];
  const double z = from[2];
  for (std::ptrdiff_t row = 0; row < 3; ++row) {
    const double* r = &rotation[3 * row];
    out[row] = scale * (r[0] * x + r[1] * y + r[2] * z) + translation[row];
  }
}

Similarity3 fit_similarity(const double* from, const double* to, const std::uint8_t* mask,
                           std::int64_t points, bool scaled) {
  Similarity3 fit;
  const Means means = means_of(from, to, mask, points);
  if (means.points == 0) return fit;
  double mixed[9] = {};  // sum of to * from^T about the means
  double spread = 0.0;
  for (std::int64_t k = 0; k < points; ++k) {
    if (!counts(mask, k)) continue;
    for (int column = 0; column < 3; ++column) {
      const double a = from[3 * k + column] - means.from[column];
      spread += a * a;
      for (std::ptrdiff_t row = 0; row < 3; ++row) {
        mixed[3 * row + column] += (to[3 * k + row] - means.to[row]) * a;
      }
    }
  }
  const Svd3 svd = svd3(mixed);
  // A reflection would fit better here: turn the axis that loses least.
  const bool mirrored = determinant3(svd.u) * determinant3(svd.v) < 0.0;
  const double sign[3] = {1.0, 1.0, mirrored ? -1.0 : 1.0};
  double trace = 0.0;
  for (int i = 0; i < 3; ++i) trace += sign[i] * svd.s[i];
  for (std::ptrdiff_t row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      double sum = 0.0;
      for (int i = 0; i < 3; ++i) sum += sign[i] * svd.u[3 * row + i] * svd.v[3 * column + i];
      fit.rotation[3 * row + column] = sum;
    }
  }
  if (scaled && spread != 0.0) fit.scale = trace / spread;
  for (std::ptrdiff_t row = 0; row < 3; ++row) {
    const double* r = &fit.rotation[3 * row];
    const double turned = r[0] * means.from[0] + r[1] * means.from[1] + r[2] * means.from[2];
    fit.translation[row] = means.to[row] - fit.scale * turned;
  }
  return fit;
}

}  // namespace edgepose
