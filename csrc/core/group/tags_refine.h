// SPDX-License-Identifier: Apache-2.0
// The steps of tags_group after matching: quarter-cell adjustment and joints from the whole map.
#pragma once

#include "core/arena.h"
#include "core/group/tags_match.h"
#include "core/group/tags_tiles.h"

namespace edgepose {

struct TagRefineWork {
  TagTiles tiles;
  float* mean = nullptr;  // [capacity, T]
};

TagRefineWork lay_out_tag_refine(Arena& arena, const TagMaps& maps, int capacity);

// Moves every joint found half a cell, and a quarter towards the higher neighbour.
void tags_adjust(const TagMaps& maps, const TagGroups& groups);

// Fills the joints that people lack.
void tags_refine(const TagMaps& maps, const TagRefineWork& work, const TagGroups& groups);

}  // namespace edgepose
