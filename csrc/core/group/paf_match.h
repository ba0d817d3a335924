// SPDX-License-Identifier: Apache-2.0
// The links of one limb that may stand together: no peak in two of them.
#pragma once

#include "core/arena.h"
#include "core/group/paf_link.h"
#include "core/group/paf_options.h"

namespace edgepose {

// Greedy: links by falling score, each taken if both ends are free. Optimal: the set of links with
// the greatest sum of scores (a peak may stay unlinked). Equal scores: the later peaks first.
// Cost: O(L log L) for L links; optimal that of `assign` on A * B costs. No allocation.
class PafMatcher {
 public:
  PafMatcher(Arena& arena, const PafOptions& options);

  // Leaves the chosen links at the front, by falling score, and gives their number.
  int match(PafLink* links, int count, int peaks_a, int peaks_b) const;

 private:
  int greedy(PafLink* links, int count, int peaks_a, int peaks_b) const;
  int optimal(PafLink* links, int count, int peaks_a, int peaks_b) const;

  PafMatching matching_;
  bool* used_a_;     // [max_peaks]
  bool* used_b_;     // [max_peaks]
  double* cost_;     // [max_peaks, max_peaks], optimal only
  int* column_;      // [max_peaks], optimal only
  void* workspace_;  // of assign, optimal only
};

}  // namespace edgepose
