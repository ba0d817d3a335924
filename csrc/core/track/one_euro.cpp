// SPDX-License-Identifier: Apache-2.0
#include "core/track/one_euro.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgepose {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kTwoPi = 6.283185307179586;

// Weight of the new sample of a low-pass filter of the first order.
double new_weight(double cutoff_hz, double elapsed) {
  return 1.0 / (1.0 + 1.0 / (kTwoPi * cutoff_hz * elapsed));
}

bool good(const OneEuroOptions& options) {
  const double values[] = {options.min_cutoff_hz, options.beta, options.derivative_cutoff_hz};
  for (const double value : values) {
    if (!std::isfinite(value)) return false;
  }
  return options.min_cutoff_hz > 0 && options.beta >= 0 && options.derivative_cutoff_hz > 0;
}

void start(OneEuroState& state, double seconds, const double* point) {
  state.seconds = seconds;
  for (int axis = 0; axis < 2; ++axis) {
    state.raw[axis] = state.smooth[axis] = point[axis];
    state.speed[axis] = 0.0;
  }
}

void advance(const OneEuroOptions& options, double seconds, double object_size, const double* point,
             OneEuroState& state) {
  const double elapsed = seconds - state.seconds;
  const double speed_weight = new_weight(options.derivative_cutoff_hz, elapsed);
  for (int axis = 0; axis < 2; ++axis) {
    const double speed = (point[axis] - state.raw[axis]) / object_size / elapsed;
    state.speed[axis] += speed_weight * (speed - state.speed[axis]);
    const double cutoff = options.min_cutoff_hz + options.beta * std::fabs(state.speed[axis]);
    state.smooth[axis] += new_weight(cutoff, elapsed) * (point[axis] - state.smooth[axis]);
    state.raw[axis] = point[axis];
  }
  state.seconds = seconds;
  // A jump too large for a double leaves no usable state.
  const bool usable = std::isfinite(state.smooth[0]) && std::isfinite(state.smooth[1]) &&
                      std::isfinite(state.speed[0]) && std::isfinite(state.speed[1]);
  if (!usable) start(state, seconds, point);
}

}  // namespace

Status one_euro_reset(OneEuroState* states, std::int64_t keypoints) {
  if (keypoints < 0) return Status::kBadSize;
  if (states == nullptr && keypoints > 0) return Status::kNullPointer;
  std::fill_n(states, keypoints, OneEuroState{kNan, {0, 0}, {0, 0}, {0, 0}});
  return Status::kOk;
}

Status one_euro_apply(const OneEuroOptions& options, double seconds, double object_size,
                      const double* xy, std::int64_t keypoints, OneEuroState* states, double* out) {
  if (keypoints < 0) return Status::kBadSize;
  if (!good(options)) return Status::kBadThreshold;
  if (keypoints == 0) return Status::kOk;
  if (xy == nullptr || states == nullptr || out == nullptr) return Status::kNullPointer;
  const bool sized = object_size > 0.0 && std::isfinite(object_size);
  for (std::int64_t k = 0; k < keypoints; ++k) {
    const double point[2] = {xy[2 * k], xy[2 * k + 1]};
    OneEuroState& state = states[k];
    const bool missing = !std::isfinite(point[0]) || !std::isfinite(point[1]);
    const bool seen = !std::isnan(state.seconds);
    if (sized && !missing) {
      if (!seen && std::isfinite(seconds)) {
        start(state, seconds, point);
      } else if (seen && seconds > state.seconds && std::isfinite(seconds)) {
        advance(options, seconds, object_size, point, state);
      }
    }
    const bool known = sized && !std::isnan(state.seconds);
    for (int axis = 0; axis < 2; ++axis) {
      out[2 * k + axis] = missing ? kNan : known ? state.smooth[axis] : point[axis];
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
