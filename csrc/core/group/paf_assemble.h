// SPDX-License-Identifier: Apache-2.0
// People from the matched links of one limb after the other.
#pragma once

#include "core/group/paf_link.h"
#include "core/group/paf_options.h"
#include "core/group/paf_peaks.h"
#include "core/group/paf_people.h"
#include "core/group/paf_skeleton.h"

namespace edgepose {

// Applies the links of `limb`, strongest first, to the people so far.
//
// Extending: the owners of a link's start gain its end and the scores of both. Who holds another
// joint there keeps it and the link is dropped; who holds that very joint (a limb given twice, a
// cycle that closes) gains the link's score alone. Without an owner a person of two joints starts,
// even where somebody owns the end: list limbs from the root outwards, or merge. A redundant limb
// fills either end for everyone who holds the other, and scores nothing.
//
// Merging: a single owner of either end takes the link's end, in place of another if need be. The
// first two owners become one if no part is in both, else the first of them takes the link's end.
// With more owners nothing happens. A redundant limb does the same but starts no person.
// Cost: O(people) per link, O(people * parts) per merge of two. No allocation.
void paf_assemble(const PafLimb& limb, const PafLink* links, int count, const PafPeaks* peaks,
                  PafAssembly assembly, PafPeople& people);

// Makes a person of each peak of `part` that nobody owns.
void paf_add_singles(int part, const PafPeaks& peaks, PafPeople& people);

}  // namespace edgepose
