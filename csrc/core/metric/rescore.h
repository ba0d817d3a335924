// SPDX-License-Identifier: Apache-2.0
// Score of a person from its box and its joints.
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

// Box score times the mean of the joint scores above `visible_threshold`; without such a joint 0.
// HRNet rates people so before suppression (with 0.2).
//
// Shapes: joint_score [N, K], box_score [N], out [N].
// Gives:  NaN joint scores are not above anything and left out; a NaN box score gives NaN.
// Cost:   O(N * K); no allocation.
Status rescore_people(const double* joint_score, const double* box_score, std::int64_t people,
                      std::int64_t joints, double visible_threshold, double* out);

}  // namespace edgepose
