// SPDX-License-Identifier: Apache-2.0
#include "core/metric/mpjpe.h"

#include <cmath>
#include <limits>

#include "core/metric/similarity3.h"

namespace edgepose {
namespace {

// The factor that brings `from` closest to `to` about the origin.
double best_factor(const double* from, const double* to, const std::uint8_t* mask,
                   std::int64_t joints) {
  double mixed = 0.0;
  double squared = 0.0;
  for (std::int64_t k = 0; k < joints; ++k) {
    if (mask != nullptr && mask[k] == 0) continue;
    for (int axis = 0; axis < 3; ++axis) {
      mixed += from[3 * k + axis] * to[3 * k + axis];
      squared += from[3 * k + axis] * from[3 * k + axis];
    }
  }
  return squared != 0.0 ? mixed / squared : 1.0;
}

Similarity3 fit_of(const double* from, const double* to, const std::uint8_t* mask,
                   std::int64_t joints, Alignment alignment) {
  Similarity3 fit;
  switch (alignment) {
    case Alignment::kNone:
      break;
    case Alignment::kScale:
      fit.scale = best_factor(from, to, mask, joints);
      break;
    case Alignment::kProcrustes:
      return fit_similarity(from, to, mask, joints, true);
    case Alignment::kRigid:
      return fit_similarity(from, to, mask, joints, false);
  }
  return fit;
}

}  // namespace

Status mpjpe(const Poses3d& poses, Alignment alignment, double* error, double* aligned) {
  if (poses.people < 0 || poses.joints < 0) return Status::kBadSize;
  if (poses.people == 0) return Status::kOk;
  const bool points_missing = poses.predicted == nullptr || poses.labelled == nullptr;
  if (error == nullptr || (poses.joints > 0 && points_missing)) return Status::kNullPointer;
  const std::int64_t joints = poses.joints;
  for (std::int64_t i = 0; i < poses.people; ++i) {
    if (joints == 0) {
      error[i] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    const double* from = poses.predicted + 3 * i * joints;
    const double* to = poses.labelled + 3 * i * joints;
    const std::uint8_t* fitted = poses.fitted == nullptr ? nullptr : poses.fitted + i * joints;
    const std::uint8_t* counted = poses.counted == nullptr ? nullptr : poses.counted + i * joints;
    const Similarity3 fit = fit_of(from, to, fitted, joints, alignment);
    double sum = 0.0;
    std::int64_t count = 0;
    for (std::int64_t k = 0; k < joints; ++k) {
      double moved[3];
      fit.apply(from + 3 * k, moved);
      for (int axis = 0; axis < 3 && aligned != nullptr; ++axis) {
        aligned[3 * (i * joints + k) + axis] = moved[axis];
      }
      if (counted != nullptr && counted[k] == 0) continue;
      const double dx = moved[0] - to[3 * k];
      const double dy = moved[1] - to[3 * k + 1];
      const double dz = moved[2] - to[3 * k + 2];
      sum += std::sqrt(dx * dx + dy * dy + dz * dz);
      ++count;
    }
    error[i] =
        count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
  }
  return Status::kOk;
}

}  // namespace edgepose
