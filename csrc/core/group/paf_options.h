// SPDX-License-Identifier: Apache-2.0
// The choices in which published PAF decoders differ, and presets that repeat three of them.
#pragma once

#include "core/status.h"

namespace edgepose {

constexpr int kMaxPafUpscale = 16;
constexpr int kMaxPafSmoothing = 63;
constexpr int kMaxPafPeaks = 1024;
constexpr int kMaxPafSamples = 64;

// How maps are enlarged.
enum class PafInterpolation {
  kCubic,   // a = -0.75, half-pixel centres, replicated border (cv2.INTER_CUBIC)
  kRepeat,  // every cell repeated
};

// Which cells above the threshold are peaks. NaN cells are none and hide none.
enum class PafPeakRule {
  kPool,      // no cell of the 3x3 window is higher; on a plateau every cell is a peak
  kCross,     // higher than the four cells beside, above and below
  kOpenPose,  // higher than all eight around; not lower in the ring one cell inside the border,
              // and no peak on the border itself save where a side of the ring reaches it
};

enum class PafMatching {
  kGreedy,   // the best link first
  kOptimal,  // the links of the greatest sum of scores
};

// What a matched link does to the people so far.
enum class PafAssembly {
  kExtendFirst,  // the first owner of its start gains its end; without an owner a person starts
  kExtendAll,    // every owner of its start gains its end; without an owner a person starts
  kMerge,        // owners of the start and of the end become one where no joint is in both
};

enum class PafPersonScore {
  kTotal,           // sum of the joints' and links' scores
  kPerJoint,        // the sum over the counted joints
  kPerPartAndLimb,  // the sum over parts plus limbs of the skeleton
};

struct PafOptions {
  // Maps.
  int upscale = 1;  // enlarged cells per cell, along each axis
  PafInterpolation interpolation = PafInterpolation::kCubic;
  int smoothing_size = 0;  // odd taps of the Gaussian under which peaks are sought; 0: none

  // Peaks; distances and offsets in enlarged cells.
  PafPeakRule peak_rule = PafPeakRule::kOpenPose;
  float peak_threshold = 0.05F;  // excluded
  float min_distance = 0.0F;     // a peak hides later ones nearer than this, left to right
  bool centroid = true;          // place of a peak: mean of the 7x7 window, weighted by value
  float peak_offset = 0.5F;      // added to both coordinates
  int max_peaks = 127;           // the highest of each part

  // Links; the field is read at the cell nearest to each sample.
  int min_samples = 5;             // samples: round(sqrt(5 * longer side)) within these two
  int max_samples = 25;            //
  bool sample_end = false;         // whether the last sample lies on the link's end
  float sample_threshold = 0.05F;  // excluded: along the link, for a sample to pass
  float min_fraction = 0.95F;      // excluded: of samples that must pass
  bool mean_of_all = false;        // score: mean over all samples, not over those that passed
  float length_prior = 0.0F;       // adds min(0, prior * map height / length - 1); 0: none
  float near_score = 0.0F;         // of ends nearer than sqrt(W * H) / 150 that fail; 0: none
  PafMatching matching = PafMatching::kGreedy;

  // People.
  PafAssembly assembly = PafAssembly::kExtendFirst;
  bool singles = true;           // peaks of a limb whose other part has none become people
  int min_joints = 3;            // of a person
  int min_joints_partly = 5;     // of a person who has uncounted parts, without these
  float min_joint_score = 0.4F;  // of the sum over counted joints
  PafPersonScore person_score = PafPersonScore::kPerPartAndLimb;
};

// OpenPose (Cao et al. 2019): its own C++ code with the maps enlarged to the network's input.
PafOptions paf_openpose();
// lightweight-human-pose-estimation.pytorch (Osokin 2018), maps enlarged 4 times there.
PafOptions paf_lightweight();
// tf-pose-estimation: repeated cells, peaks of a smoothed map, people merged.
PafOptions paf_tf_pose();

// kBadPafOption where a value is out of range or NaN, or where cubic enlarging meets smoothing.
Status paf_check_options(const PafOptions& options);

}  // namespace edgepose
