// SPDX-License-Identifier: Apache-2.0
#include "core/metric/coco_oks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgepose {
namespace {

// Keeps a person of area zero finite, as the reference does.
constexpr double kTiny = std::numeric_limits<double>::epsilon();
// exp of anything below rounds to 0.
constexpr double kLeastExponent = -746.0;
// Far above the rounding of a mean of similarities, far below any difference that matters.
constexpr double kSlack = 1e-9;

// The order of the divisions is the reference's: thresholds then fall the same way.
double joint_similarity(double dx, double dy, double sigma, double area) {
  const double variance = (2.0 * sigma) * (2.0 * sigma);
  const double exponent = -(dx * dx + dy * dy) / variance / (area + kTiny) / 2.0;
  return exponent < kLeastExponent ? 0.0 : std::exp(exponent);
}

double number_or_zero(double value) { return std::isnan(value) ? 0.0 : value; }

// Distance from the interval low..high, 0 inside.
double outside(double value, double low, double high) {
  return std::max(0.0, low - value) + std::max(0.0, value - high);
}

double box_similarity(const double* xy, const double* box, double area, const double* sigmas,
                      std::int64_t joints) {
  const double width = box[2] - box[0];
  const double height = box[3] - box[1];
  double sum = 0.0;
  for (std::int64_t k = 0; k < joints; ++k) {
    const double x = xy[2 * k];
    const double y = xy[2 * k + 1];
    if (std::isnan(x) || std::isnan(y)) continue;
    const double dx = outside(x, box[0] - width, box[0] + 2.0 * width);
    const double dy = outside(y, box[1] - height, box[1] + 2.0 * height);
    sum += number_or_zero(joint_similarity(dx, dy, sigmas[k], area));
  }
  return sum / static_cast<double>(joints);
}

}  // namespace

double coco_similarity(const double* xy, const CocoLabels& labels, std::int64_t label,
                       const double* sigmas, std::int64_t joints, double least) {
  const double area = labels.area[label];
  if (!(area >= 0.0)) return std::numeric_limits<double>::quiet_NaN();
  if (joints == 0) return 0.0;
  const std::uint8_t* visible = labels.visible + label * joints;
  const double* truth = labels.xy + 2 * label * joints;
  std::int64_t labelled = 0;
  for (std::int64_t k = 0; k < joints; ++k) labelled += visible[k] != 0;
  if (labelled == 0) {
    if (labels.box == nullptr) return 0.0;
    return box_similarity(xy, labels.box + 4 * label, area, sigmas, joints);
  }
  // Once the keypoints still to come cannot lift the mean to `least`, the rest is not needed.
  const double needed = (least - kSlack) * static_cast<double>(labelled);
  double sum = 0.0;
  double rest = static_cast<double>(labelled);
  for (std::int64_t k = 0; k < joints; ++k) {
    if (visible[k] == 0) continue;
    const double dx = xy[2 * k] - truth[2 * k];
    const double dy = xy[2 * k + 1] - truth[2 * k + 1];
    sum += number_or_zero(joint_similarity(dx, dy, sigmas[k], area));
    rest -= 1.0;
    if (sum + rest < needed) return 0.0;
  }
  return sum / static_cast<double>(labelled);
}

Status coco_oks(const double* xy, std::int64_t predictions, const CocoLabels& labels,
                const double* sigmas, std::int64_t joints, double* out) {
  if (predictions < 0 || labels.count < 0 || joints < 0) return Status::kBadSize;
  if (predictions == 0 || labels.count == 0) return Status::kOk;
  if (out == nullptr || labels.area == nullptr) return Status::kNullPointer;
  const bool points_missing = xy == nullptr || labels.xy == nullptr || labels.visible == nullptr;
  if (joints > 0 && (points_missing || sigmas == nullptr)) return Status::kNullPointer;
  for (std::int64_t i = 0; i < predictions; ++i) {
    const double* points = joints == 0 ? nullptr : xy + 2 * i * joints;
    for (std::int64_t j = 0; j < labels.count; ++j) {
      // No mean is below 0: nothing is rejected.
      out[i * labels.count + j] = coco_similarity(points, labels, j, sigmas, joints, 0.0);
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
