// SPDX-License-Identifier: Apache-2.0
#include "core/metric/coco_oks.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/metric/joint_similarity.h"
#include "core/metric/oks.h"

namespace edgepose {
namespace {

// Distance from the interval low..high, 0 inside; NaN stays NaN.
double outside(double value, double low, double high) {
  if (std::isnan(value)) return value;
  return std::max(0.0, low - value) + std::max(0.0, value - high);
}

double box_similarity(const double* xy, const double* box, double area, const double* sigmas,
                      std::int64_t joints) {
  const double width = box[2] - box[0];
  const double height = box[3] - box[1];
  const double origin[2 * kJointBlock] = {};
  double away[2 * kJointBlock];
  double similarity[kJointBlock];
  double sum = 0.0;
  for (std::int64_t first = 0; first < joints; first += kJointBlock) {
    const std::int64_t size = std::min(kJointBlock, joints - first);
    for (std::int64_t k = 0; k < size; ++k) {
      const double* point = xy + 2 * (first + k);
      away[2 * k] = outside(point[0], box[0] - width, box[0] + 2.0 * width);
      away[2 * k + 1] = outside(point[1], box[1] - height, box[1] + 2.0 * height);
    }
    joint_similarities(away, origin, area, sigmas + first, size, similarity);
    for (std::int64_t k = 0; k < size; ++k) sum += similarity[k];
  }
  return sum / static_cast<double>(joints);
}

}  // namespace

double coco_similarity(const double* xy, const CocoLabels& labels, std::int64_t label,
                       const double* sigmas, std::int64_t joints) {
  const double area = labels.area[label];
  if (!(area >= 0.0)) return std::numeric_limits<double>::quiet_NaN();
  if (joints == 0) return 0.0;
  const std::uint8_t* visible = labels.visible + label * joints;
  const bool labelled =
      std::any_of(visible, visible + joints, [](std::uint8_t flag) { return flag != 0; });
  if (labelled) return oks(xy, labels.xy + 2 * label * joints, area, sigmas, visible, joints);
  if (labels.box == nullptr) return 0.0;
  return box_similarity(xy, labels.box + 4 * label, area, sigmas, joints);
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
      out[i * labels.count + j] = coco_similarity(points, labels, j, sigmas, joints);
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
