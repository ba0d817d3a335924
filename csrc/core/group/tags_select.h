// SPDX-License-Identifier: Apache-2.0
// The selecting step of tags_group: people below the least score go, the rest is put in order.
#pragma once

#include "core/group/tags_match.h"

namespace edgepose {

// Needs: order = room for groups.capacity indices. The keys and sums of matching are left behind.
// Cost:  O(P log P) for P people and one pass over their rows; no allocation.
void tags_select(const TagOptions& options, int* order, TagGroups& groups);

}  // namespace edgepose
