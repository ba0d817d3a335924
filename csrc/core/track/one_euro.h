// SPDX-License-Identifier: Apache-2.0
// Keypoints smoothed over time: the One Euro filter (Casiez, Roussel and Vogel 2012).
#pragma once

#include <cstdint>

#include "core/status.h"

namespace edgepose {

// Defaults of MediaPipe's pose landmarks.
struct OneEuroOptions {
  double min_cutoff_hz = 0.05;        // of a keypoint at rest; lower is calmer
  double beta = 80.0;                 // cutoff per speed (sizes per second); higher lags less
  double derivative_cutoff_hz = 1.0;  // of the speed
};

// What the filter knows of one keypoint.
struct OneEuroState {
  double seconds;  // of the last sample, NaN before the first
  double raw[2];
  double smooth[2];
  double speed[2];  // object sizes per second
};

// Forgets all samples.
Status one_euro_reset(OneEuroState* states, std::int64_t keypoints);

// Smooths one sample of all keypoints of a person.
//
// Shapes: xy and out [K, 2], which may be the same array; states [K].
// Units:  any frame; object_size in the same unit (a side of the person's box) turns speeds into
//         sizes per second, so that people near and far are smoothed alike.
// Gives:  a keypoint's first sample as it came. A keypoint that is not finite in x or y is missing:
//         out is NaN, its state stays, and its next sample is weighed by the time since its last.
//         A sample that is not later than the keypoint's last (time stands still, runs backwards
//         or is not finite) is not taken in: out is the last smoothed place, the sample itself
//         where there is none. An object_size that is not positive and finite leaves the keypoints
//         as they came and the states untouched.
// Needs:  options finite, cutoffs positive, beta not negative (else kBadThreshold).
// Cost:   O(K); no allocation.
Status one_euro_apply(const OneEuroOptions& options, double seconds, double object_size,
                      const double* xy, std::int64_t keypoints, OneEuroState* states, double* out);

// Samples of N people with K keypoints each.
struct OneEuroSamples {
  const double* seconds = nullptr;      // [N]
  const double* object_size = nullptr;  // [N]
  const double* xy = nullptr;           // [N, K, 2]
  const std::int64_t* slot = nullptr;   // [N] each person's row of states; null for 0, 1, ...
  std::int64_t people = 0;              // N
  std::int64_t keypoints = 0;           // K
};

// Smooths samples of many people at once, each with states, a time and a size of its own: what
// one_euro_apply gives for one after the other.
//
// Shapes: states [slots, K], of which only the rows in `slot` are touched; out [N, K, 2], which may
//         be the array of the samples.
// Gives:  kBadIndex for a slot outside 0..slots - 1, before any state has changed.
// Cost:   O(N * K); no allocation.
Status one_euro_apply_people(const OneEuroOptions& options, const OneEuroSamples& samples,
                             OneEuroState* states, std::int64_t slots, double* out);

}  // namespace edgepose
