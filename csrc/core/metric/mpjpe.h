// SPDX-License-Identifier: Apache-2.0
// Mean per-joint position error of poses in space.
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

enum class Alignment {
  kNone,        // MPJPE
  kScale,       // N-MPJPE: each pose times the factor that fits best, about the origin
  kProcrustes,  // PA-MPJPE: each pose moved, turned and scaled to fit best
  kRigid,       // each pose moved and turned to fit best
};

struct Poses3d {
  const double* predicted = nullptr;      // [N, K, 3]
  const double* labelled = nullptr;       // [N, K, 3]
  const std::uint8_t* counted = nullptr;  // [N, K] joints that the error is over, or null: all
  const std::uint8_t* fitted = nullptr;   // [N, K] joints that the alignment is over, or null: all
  std::int64_t people = 0;
  std::int64_t joints = 0;
};

// Mean distance over the counted joints of each person, after alignment.
//
// Shapes: error [N], aligned [N, K, 3] the predicted poses after alignment, or null.
// Units:  those of the poses.
// Gives:  NaN for a person without a counted joint, or with one that is not finite. N-MPJPE of a
//         predicted pose of zeros leaves it as it is.
// Cost:   O(N * K), and for kProcrustes and kRigid a 3x3 decomposition a person; no allocation.
// Paper:  Ionescu et al., Human3.6M; Rhodin et al., Unsupervised Geometry-Aware Representation for
//         3D Human Pose Estimation (N-MPJPE).
Status mpjpe(const Poses3d& poses, Alignment alignment, double* error, double* aligned);

}  // namespace edgepose
