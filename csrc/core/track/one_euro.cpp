// SPDX-License-Identifier: Apache-2.0
#include "core/track/one_euro.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgepose {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kTwoPi = 6.283185307179586;

// x and y of a keypoint side by side, so that one division serves both.
using Pair = double __attribute__((vector_size(2 * sizeof(double))));

// Weight of the new sample of a low-pass filter of the first order: 1 / (1 + 1 / turn) with
// turn = 2 pi cutoff elapsed, 1 where that is infinite.
double new_weight(double turn) {
  turn = std::min(turn, std::numeric_limits<double>::max());
  return turn / (1.0 + turn);
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

// What the keypoints of a person that were last seen at the same time share.
struct Interval {
  double elapsed = kNan;
  double rate = 0;  // 1 / (size * elapsed)
  double turn = 0;  // 2 pi elapsed
  double speed_weight = 0;
};

Interval interval_of(const OneEuroOptions& options, double object_size, double elapsed) {
  const double turn = kTwoPi * elapsed;
  return {elapsed, 1.0 / object_size / elapsed, turn,
          new_weight(turn * options.derivative_cutoff_hz)};
}

Pair load(const double* values) { return Pair{values[0], values[1]}; }
void store(const Pair& pair, double* values) {
  values[0] = pair[0];
  values[1] = pair[1];
}

void advance(const OneEuroOptions& options, const Interval& interval, double seconds,
             const double* point, OneEuroState& state) {
  const Pair at = load(point);
  Pair speed = load(state.speed);
  Pair smooth = load(state.smooth);
  speed += interval.speed_weight * ((at - load(state.raw)) * interval.rate - speed);
  const Pair size{std::fabs(speed[0]), std::fabs(speed[1])};
  const Pair turn = (options.min_cutoff_hz + options.beta * size) * interval.turn;
  constexpr double kMost = std::numeric_limits<double>::max();
  const Pair held{std::min(turn[0], kMost), std::min(turn[1], kMost)};
  smooth += held / (1.0 + held) * (at - smooth);
  // A jump too large for a double leaves no usable state: infinity and NaN times 0 are NaN.
  const Pair zeros = 0.0 * smooth + 0.0 * speed;
  if (!(zeros[0] == 0.0 && zeros[1] == 0.0)) return start(state, seconds, point);
  store(at, state.raw);
  store(smooth, state.smooth);
  store(speed, state.speed);
  state.seconds = seconds;
}

// The keypoints of one person.
void smooth(const OneEuroOptions& options, double seconds, double object_size, const double* xy,
            std::int64_t keypoints, OneEuroState* states, double* out) {
  const bool sized = object_size > 0.0 && std::isfinite(object_size);
  Interval interval;
  for (std::int64_t k = 0; k < keypoints; ++k) {
    const double point[2] = {xy[2 * k], xy[2 * k + 1]};
    OneEuroState& state = states[k];
    const bool missing = !std::isfinite(point[0]) || !std::isfinite(point[1]);
    const bool seen = !std::isnan(state.seconds);
    if (sized && !missing) {
      if (!seen && std::isfinite(seconds)) {
        start(state, seconds, point);
      } else if (seen && seconds > state.seconds && std::isfinite(seconds)) {
        const double elapsed = seconds - state.seconds;
        if (elapsed != interval.elapsed) interval = interval_of(options, object_size, elapsed);
        advance(options, interval, seconds, point, state);
      }
    }
    const bool known = sized && !std::isnan(state.seconds);
    for (int axis = 0; axis < 2; ++axis) {
      out[2 * k + axis] = missing ? kNan : known ? state.smooth[axis] : point[axis];
    }
  }
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
  const OneEuroSamples one{&seconds, &object_size, xy, nullptr, 1, keypoints};
  return one_euro_apply_people(options, one, states, 1, out);
}

Status one_euro_apply_people(const OneEuroOptions& options, const OneEuroSamples& samples,
                             OneEuroState* states, std::int64_t slots, double* out) {
  if (samples.people < 0 || samples.keypoints < 0 || slots < 0) return Status::kBadSize;
  if (!good(options)) return Status::kBadThreshold;
  if (samples.people == 0 || samples.keypoints == 0) return Status::kOk;
  const bool complete = samples.seconds != nullptr && samples.object_size != nullptr &&
                        samples.xy != nullptr && states != nullptr && out != nullptr;
  if (!complete) return Status::kNullPointer;
  if (samples.slot == nullptr && samples.people > slots) return Status::kBadIndex;
  for (std::int64_t i = 0; samples.slot != nullptr && i < samples.people; ++i) {
    if (samples.slot[i] < 0 || samples.slot[i] >= slots) return Status::kBadIndex;
  }
  for (std::int64_t i = 0; i < samples.people; ++i) {
    const std::int64_t slot = samples.slot == nullptr ? i : samples.slot[i];
    const std::ptrdiff_t first = 2 * i * samples.keypoints;
    smooth(options, samples.seconds[i], samples.object_size[i], samples.xy + first,
           samples.keypoints, states + slot * samples.keypoints, out + first);
  }
  return Status::kOk;
}

}  // namespace edgepose
