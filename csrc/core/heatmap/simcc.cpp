// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/simcc.h"

#include <algorithm>
#include <cmath>

#include "core/heatmap/argmax.h"
#include "core/heatmap/blur.h"
#include "core/heatmap/dark.h"
#include "core/heatmap/integral.h"

namespace edgepose {
namespace {

bool positive(float value) { return value > 0.0F && std::isfinite(value); }

Status check_options(const SimccOptions& options) {
  bool good = positive(options.split_ratio);
  for (int axis = 0; axis < 2; ++axis) {
    const int size = options.blur_kernel[axis];
    if (options.dark && (size < 1 || size > kMaxBlurKernel || size % 2 == 0)) {
      return Status::kBadBlurKernel;
    }
    if (options.score == SimccScore::kSoftmax) good = good && positive(options.beta[axis]);
    if (options.score == SimccScore::kGaussian) {
      good = good && (positive(options.sigma[axis]) || options.sigma[axis] == 0.0F);
    }
  }
  return good ? Status::kOk : Status::kBadOption;
}

float score_of(const HeatmapView& line, float highest, const SimccOptions& options, int axis) {
  if (options.score == SimccScore::kValue || std::isnan(highest)) return highest;
  if (options.score == SimccScore::kSoftmax) {
    if (!std::isfinite(highest)) return highest > 0.0F ? 1.0F : 0.0F;
    return static_cast<float>(1.0 / soft_sums(line, options.beta[axis], highest).weight);
  }
  constexpr double kRootTwoPi = 2.5066282746310002;
  const float sigma = options.sigma[axis];
  const double scaled = sigma > 0.0F ? highest / (sigma * kRootTwoPi) : highest;
  return static_cast<float>(std::min(std::max(scaled, 0.0), 1.0));
}

// Step along one axis, bins. A vector is blurred as a map of one row, where the blur across weighs
// every bin alike: its weight is divided out.
double dark_step(const HeatmapView& line, const Cell& cell, const BlurKernel& kernel) {
  constexpr int kMiddle = kWindow / 2;
  constexpr double kLow = 1e-3;
  constexpr double kHigh = 50.0;
  if (!positive(cell.score)) return 0.0;
  const double across = kernel.weight[kernel.reach()];
  float window[kWindow][kWindow];
  blur_window(line, kernel, cell.x, 0, window);
  const int first = std::max(-2, -cell.x);
  const int last = std::min(2, line.width - 1 - cell.x);
  float lowest = window[kMiddle][kMiddle];
  float highest = lowest;
  for (int i = first; i <= last; ++i) {
    const float value = window[kMiddle][kMiddle + i];
    if (!std::isfinite(value)) return 0.0;
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
  }
  double scale = 1.0 / across;
  if (lowest < kLow * across || static_cast<double>(cell.score) > kHigh) {
    scale = static_cast<double>(cell.score) /
            static_cast<double>(blurred_maximum(line, kernel, highest));
    if (!std::isfinite(scale)) return 0.0;
  }
  double log[kWindow];
  for (int i = -2; i <= 2; ++i) {
    const float value = window[kMiddle][kMiddle + std::min(std::max(i, first), last)];
    log[kMiddle + i] = std::log(std::min(std::max(value * scale, kLow), kHigh));
  }
  const double gradient = 0.5 * (log[3] - log[1]);
  const double curve = 1e-9 + 0.25 * (log[4] - 2.0 * log[2] + log[0]);
  const double step = -gradient / curve;
  return std::isfinite(step) ? step : 0.0;
}

struct Axis {
  float place;
  float score;
};

Axis decode_axis(const HeatmapView& line, const SimccOptions& options, const BlurKernel& kernel,
                 int axis) {
  const Cell cell = map_argmax(line);
  const double step = options.dark ? dark_step(line, cell, kernel) : 0.0;
  const bool taken = !options.bounded || std::fabs(step) <= longest_dark_step(kernel);
  const double bin = cell.x + (taken ? step : 0.0);
  return {static_cast<float>(bin / static_cast<double>(options.split_ratio)),
          score_of(line, cell.score, options, axis)};
}

// The smaller or the larger; NaN where either is.
float joined(float a, float b, bool larger) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) ? a : b;
  return larger ? std::max(a, b) : std::min(a, b);
}

}  // namespace

Status simcc_decode(const HeatmapBatch& x, const HeatmapBatch& y, const SimccOptions& options,
                    float* xy, float* score) {
  Status status = check_options(options);
  if (status == Status::kOk) status = check_maps(x);
  if (status == Status::kOk) status = check_maps(y);
  if (status != Status::kOk) return status;
  if (x.people != y.people || x.joints != y.joints) return Status::kBadSize;
  if (x.empty()) return Status::kOk;
  if (x.height != 1 || y.height != 1) return Status::kBadSize;
  if (xy == nullptr || score == nullptr) return Status::kNullPointer;
  BlurKernel kernel_x;
  BlurKernel kernel_y;
  if (options.dark) {
    kernel_x = blur_kernel_of(options.blur_kernel[0]);
    kernel_y = blur_kernel_of(options.blur_kernel[1]);
  }
  for (std::int64_t person = 0; person < x.people; ++person) {
    for (std::int64_t joint = 0; joint < x.joints; ++joint) {
      const Axis along_x = decode_axis(x.map(person, joint), options, kernel_x, 0);
      const Axis along_y = decode_axis(y.map(person, joint), options, kernel_y, 1);
      *xy++ = along_x.place;
      *xy++ = along_y.place;
      *score++ = joined(along_x.score, along_y.score, options.larger);
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
