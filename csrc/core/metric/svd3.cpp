// SPDX-License-Identifier: Apache-2.0
#include "core/metric/svd3.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgepose {
namespace {

constexpr int kSweeps = 30;
constexpr double kTiny = std::numeric_limits<double>::epsilon();

struct Vector3 {
  double x, y, z;
};

Vector3 operator*(double scale, const Vector3& a) {
  return {scale * a.x, scale * a.y, scale * a.z};
}
Vector3 operator+(const Vector3& a, const Vector3& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
double dot(const Vector3& a, const Vector3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
double length(const Vector3& a) { return std::sqrt(dot(a, a)); }
Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

// A unit vector at right angles to a unit vector.
Vector3 any_normal(const Vector3& a) {
  const double x = std::abs(a.x);
  const double y = std::abs(a.y);
  const double z = std::abs(a.z);
  const Vector3 axis = x <= y && x <= z ? Vector3{1, 0, 0}
                       : y <= z         ? Vector3{0, 1, 0}
                                        : Vector3{0, 0, 1};
  const Vector3 normal = cross(a, axis);
  return (1.0 / length(normal)) * normal;
}

void turn(Vector3& a, Vector3& b, double cosine, double sine) {
  const Vector3 old = a;
  a = cosine * old + -sine * b;
  b = sine * old + cosine * b;
}

// Turns columns p and q to be orthogonal. Gives false when they already are.
bool rotate(Vector3 columns[3], Vector3 v[3], int p, int q) {
  const double mixed = dot(columns[p], columns[q]);
  const double p_squared = dot(columns[p], columns[p]);
  const double q_squared = dot(columns[q], columns[q]);
  if (!(std::abs(mixed) > kTiny * std::sqrt(p_squared) * std::sqrt(q_squared))) return false;
  const double zeta = (q_squared - p_squared) / (2.0 * mixed);
  const double tangent = std::copysign(1.0, zeta) / (std::abs(zeta) + std::hypot(1.0, zeta));
  const double cosine = 1.0 / std::sqrt(1.0 + tangent * tangent);
  turn(columns[p], columns[q], cosine, cosine * tangent);
  turn(v[p], v[q], cosine, cosine * tangent);
  return true;
}

void store(const Vector3 columns[3], double out[9]) {
  for (int i = 0; i < 3; ++i) {
    out[i] = columns[i].x;
    out[3 + i] = columns[i].y;
    out[6 + i] = columns[i].z;
  }
}

}  // namespace

Svd3 svd3(const double a[9]) {
  // Scaled to about 1, so that no square leaves the range of doubles.
  double largest = 0.0;
  for (int i = 0; i < 9; ++i) largest = std::max(largest, std::abs(a[i]));
  const double unit = largest > 1e-300 ? 1.0 / largest : 1.0;
  Vector3 columns[3];
  for (int i = 0; i < 3; ++i) columns[i] = {a[i] * unit, a[3 + i] * unit, a[6 + i] * unit};
  Vector3 v[3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    bool turned = rotate(columns, v, 0, 1);
    turned |= rotate(columns, v, 0, 2);
    turned |= rotate(columns, v, 1, 2);
    if (!turned) break;
  }
  double s[3];
  for (int i = 0; i < 3; ++i) s[i] = length(columns[i]);
  const auto order = [&](int p, int q) {
    if (!(s[p] < s[q])) return;
    std::swap(s[p], s[q]);
    std::swap(columns[p], columns[q]);
    std::swap(v[p], v[q]);
  };
  order(0, 1);
  order(1, 2);
  order(0, 1);
  // Columns too short to have a direction of their own get one at right angles to the others.
  const double least = kTiny * s[0];
  Vector3 u[3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  if (s[0] != 0.0) {
    u[0] = (1.0 / s[0]) * columns[0];
    u[1] = s[1] <= least ? any_normal(u[0]) : (1.0 / s[1]) * columns[1];
    u[2] = s[2] <= least ? cross(u[0], u[1]) : (1.0 / s[2]) * columns[2];
  }
  Svd3 result;
  store(u, result.u);
  store(v, result.v);
  for (int i = 0; i < 3; ++i) result.s[i] = s[i] / unit;
  return result;
}

double determinant3(const double a[9]) {
  return a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6]) +
         a[2] * (a[3] * a[7] - a[4] * a[6]);
}

}  // namespace edgepose
