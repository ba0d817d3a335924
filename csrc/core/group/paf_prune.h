// SPDX-License-Identifier: Apache-2.0
// Which of the assembled people are kept, and in which order.
#pragma once

#include "core/group/paf_options.h"
#include "core/group/paf_people.h"
#include "core/group/paf_skeleton.h"

namespace edgepose {

// Drops people with too few counted joints or too low a score for each of them; uncounted parts do
// not speak for a person, and who has such parts needs min_joints_partly others.
//
// Shapes: order [people.capacity].
// Gives:  the number of those kept; order lists them by falling score, equal ones as they started.
//         The totals of those kept become their scores.
// Cost:   O(people * parts + people log people); no allocation.
int paf_prune(PafPeople& people, const PafSkeleton& skeleton, const PafOptions& options,
              int* order);

}  // namespace edgepose
