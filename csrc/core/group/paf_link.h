// SPDX-License-Identifier: Apache-2.0
// How well the field of a limb supports a joint at each end: the line integral of Cao et al. 2017,
// eq. 10 and 11, as a sum over samples.
#pragma once

#include "core/arena.h"
#include "core/group/paf_field.h"
#include "core/group/paf_options.h"
#include "core/group/paf_peaks.h"
#include "core/group/paf_taps.h"

namespace edgepose {

// From peak `a` of one part to peak `b` of another.
struct PafLink {
  float score = 0.0F;
  int a = 0;
  int b = 0;
};

// Scores every pair of peaks and keeps those that are linked: score above 1e-6 and finite.
//
// Directions, lengths and the places of two samples of all pairs of one peak are computed in a
// vectorised pass. Those whose samples show that too few can pass are given up without a branch;
// of the rest a pair is given up as soon as too few can pass.
// Cost: O(A * B) samples, and up to max_samples of them for each link; two times 16 weighted cells
//       a sample where the maps are enlarged by the cubic. No allocation.
class PafLinker {
 public:
  PafLinker(Arena& arena, const PafOptions& options);

  // Links by rising a, then b; `links` has room for A * B.
  int link(const PafField& field, const PafPeaks& a, const PafPeaks& b, PafLink* links) const;

 private:
  struct Aims {  // from one peak to each peak of the other part, [max_peaks]
    float* unit_x;
    float* unit_y;
    float* length;
    float* step_x;
    float* step_y;
    int* samples;
    int* column[2];  // of the two samples looked at first
    int* line[2];
  };

  template <PafFieldKind kKind>
  int link_all(const PafField& field, const PafPeaks& a, const PafPeaks& b, PafLink* links) const;
  template <PafFieldKind kKind>
  int shortlist(const PafField& field, int count) const;
  template <PafFieldKind kKind>
  float score(const PafField& field, float x, float y, int to) const;

  const PafOptions& options_;
  PafTaps taps_;
  Aims aims_;
  int* listed_;                    // [max_peaks]
  int spare_[kMaxPafSamples + 1];  // samples that may fail, by the number of samples
};

}  // namespace edgepose
