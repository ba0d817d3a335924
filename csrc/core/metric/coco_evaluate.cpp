// SPDX-License-Identifier: Apache-2.0
#include "core/metric/coco_evaluate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/arena.h"
#include "core/metric/coco_accumulate.h"
#include "core/metric/coco_match.h"
#include "core/metric/coco_oks.h"
#include "core/metric/coco_rules.h"
#include "core/metric/coco_workspace.h"

namespace edgepose {
namespace {

constexpr std::int64_t kMaxCount = std::int64_t{1} << 40;
constexpr int kMaxRanges = 1 << 10;

bool sizes_fit(const CocoInput& input, const CocoProtocol& protocol) {
  const std::int64_t counts[] = {input.labels.count,     input.predictions.count,
                                 input.image_count,      protocol.joints,
                                 input.similarity_count, protocol.recall_count};
  for (const std::int64_t count : counts) {
    if (count < 0 || count > kMaxCount) return false;
  }
  return protocol.threshold_count >= 0 && protocol.threshold_count <= kMaxCocoThresholds &&
         protocol.range_count >= 0 && protocol.range_count <= kMaxRanges &&
         protocol.max_detections >= 0;
}

bool outside(double area, const CocoProtocol& protocol, std::int64_t range) {
  return area < protocol.area_ranges[2 * range] || area > protocol.area_ranges[2 * range + 1];
}

double extent(const double* xy, std::int64_t joints) {
  if (joints == 0) return 0.0;
  double low[2] = {xy[0], xy[1]};
  double high[2] = {xy[0], xy[1]};
  for (std::int64_t k = 1; k < joints; ++k) {
    for (int axis = 0; axis < 2; ++axis) {
      low[axis] = std::min(low[axis], xy[2 * k + axis]);
      high[axis] = std::max(high[axis], xy[2 * k + axis]);
    }
  }
  return (high[0] - low[0]) * (high[1] - low[1]);
}

class Evaluator {
 public:
  Evaluator(const CocoInput& input, const CocoProtocol& protocol, const CocoWorkspace& work)
      : input_(input), protocol_(protocol), work_(work), given_(input.similarity) {
    least_ = std::numeric_limits<double>::infinity();
    for (int t = 0; t < protocol.threshold_count; ++t) {
      limits_[t] = match_limit(protocol.thresholds[t]);
      least_ = std::min(least_, limits_[t]);
    }
  }

  // Matches one image and appends its predictions to the counted ones.
  // Gives false when the given similarities end too early.
  bool add_image(std::int64_t image) {
    const std::int64_t* rows = work_.label_rows + work_.label_start[image];
    const std::int64_t labels = work_.label_start[image + 1] - work_.label_start[image];
    std::int64_t* found = work_.prediction_rows + work_.prediction_start[image];
    const std::int64_t all = work_.prediction_start[image + 1] - work_.prediction_start[image];
    const std::int64_t kept = std::min(all, protocol_.max_detections);
    std::sort(found, found + all, [&](std::int64_t a, std::int64_t b) {
      const double score_a = score_of(a);
      const double score_b = score_of(b);
      return score_a != score_b ? score_a > score_b : a < b;
    });
    prepare_labels(rows, labels);
    if (input_.similarity != nullptr) {
      const std::int64_t used = given_ - input_.similarity;
      if (labels > 0 && kept > (input_.similarity_count - used) / labels) return false;
    }
    for (std::int64_t i = 0; i < kept; ++i) add_prediction(found[i], rows, labels);
    return true;
  }

  std::int64_t counted() const { return counted_; }
  bool used_all() const {
    return given_ == nullptr || given_ - input_.similarity == input_.similarity_count;
  }

 private:
  double score_of(std::int64_t row) const {
    const double score = input_.predictions.score[row];
    return std::isnan(score) ? -std::numeric_limits<double>::infinity() : score;
  }

  void prepare_labels(const std::int64_t* rows, std::int64_t count) {
    const CocoLabels& labels = input_.labels;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t row = rows[i];
      const bool crowd = labels.crowd != nullptr && labels.crowd[row] != 0;
      const bool left_out = crowd || (labels.ignore != nullptr && labels.ignore[row] != 0);
      const std::uint8_t* visible = labels.visible + row * protocol_.joints;
      const bool counts = !left_out && std::any_of(visible, visible + protocol_.joints,
                                                   [](std::uint8_t v) { return v != 0; });
      work_.crowd[i] = crowd;
      for (int range = 0; range < protocol_.range_count; ++range) {
        const bool ignored = !counts || outside(labels.area[row], protocol_, range);
        work_.ignored[range * labels.count + i] = ignored;
        work_.taken[range * labels.count + i] = 0;
        work_.persons[range] += !ignored;
      }
    }
  }

  void add_prediction(std::int64_t row, const std::int64_t* rows, std::int64_t labels) {
    const double* xy = input_.predictions.xy + 2 * row * protocol_.joints;
    const double* similarity = work_.similarity;
    if (given_ != nullptr) {
      similarity = given_;
      given_ += labels;
    } else {
      for (std::int64_t i = 0; i < labels; ++i) {
        work_.similarity[i] =
            coco_similarity(xy, input_.labels, rows[i], protocol_.sigmas, protocol_.joints);
      }
    }
    const double area = input_.predictions.area != nullptr ? input_.predictions.area[row]
                                                           : extent(xy, protocol_.joints);
    bool within_reach = false;
    for (std::int64_t i = 0; i < labels; ++i) within_reach |= similarity[i] >= least_;
    const std::uint32_t every = ~std::uint32_t{0};
    for (int range = 0; range < protocol_.range_count; ++range) {
      const std::int64_t at = range * input_.predictions.count + counted_;
      const std::uint32_t outsider = outside(area, protocol_, range) ? every : std::uint32_t{0};
      std::uint32_t hit = 0;
      std::uint32_t spared = 0;
      if (within_reach) match(similarity, rows, labels, range, &hit, &spared);
      work_.hit[at] = hit;
      work_.spared[at] = spared | (~hit & outsider);
    }
    work_.score[counted_++] = score_of(row);
  }

  void match(const double* similarity, const std::int64_t* rows, std::int64_t count, int range,
             std::uint32_t* hit, std::uint32_t* spared) {
    const std::int64_t offset = range * input_.labels.count;
    const MatchLabels labels{work_.ignored + offset, work_.crowd, work_.taken + offset, count};
    std::int64_t found[kMaxCocoThresholds];
    match_prediction(similarity, labels, limits_, protocol_.threshold_count, found);
    for (int t = 0; t < protocol_.threshold_count; ++t) {
      if (found[t] < 0) continue;
      const bool missed =
          protocol_.zero_id == ZeroId::kMiss && input_.labels.id[rows[found[t]]] == 0;
      *hit |= std::uint32_t{!missed} << t;
      *spared |= std::uint32_t{labels.ignored[found[t]] != 0} << t;
    }
  }

  const CocoInput& input_;
  const CocoProtocol& protocol_;
  const CocoWorkspace& work_;
  const double* given_;
  double limits_[kMaxCocoThresholds];
  double least_;
  std::int64_t counted_ = 0;
};

Status check(const CocoInput& input, const CocoProtocol& protocol, const CocoCurves& curves) {
  if (!sizes_fit(input, protocol)) return Status::kBadSize;
  const CocoLabels& labels = input.labels;
  const CocoPredictions& predictions = input.predictions;
  const bool joints = protocol.joints > 0;
  const bool labels_miss =
      labels.count > 0 && (labels.image_id == nullptr || labels.area == nullptr ||
                           (joints && (labels.xy == nullptr || labels.visible == nullptr)) ||
                           (protocol.zero_id == ZeroId::kMiss && labels.id == nullptr));
  const bool predictions_miss =
      predictions.count > 0 && (predictions.image_id == nullptr || predictions.score == nullptr ||
                                (joints && predictions.xy == nullptr));
  const bool protocol_misses = (joints && protocol.sigmas == nullptr) ||
                               (protocol.threshold_count > 0 && protocol.thresholds == nullptr) ||
                               (protocol.recall_count > 0 && protocol.recall_points == nullptr) ||
                               (protocol.range_count > 0 && protocol.area_ranges == nullptr);
  const bool curves_miss = curves.precision == nullptr || curves.recall == nullptr ||
                           curves.score == nullptr || curves.persons == nullptr;
  if (labels_miss || predictions_miss || protocol_misses || curves_miss) {
    return Status::kNullPointer;
  }
  for (int t = 0; t < protocol.threshold_count; ++t) {
    if (std::isnan(protocol.thresholds[t])) return Status::kBadThreshold;
  }
  return Status::kOk;
}

}  // namespace

std::size_t coco_evaluate_bytes(const CocoInput& input, const CocoProtocol& protocol) {
  if (!sizes_fit(input, protocol)) return 0;
  Arena arena;
  CocoWorkspace(arena, input, protocol);
  return arena.bytes();
}

Status coco_evaluate(const CocoInput& input, const CocoProtocol& protocol, void* workspace,
                     const CocoCurves& curves) {
  if (const Status status = check(input, protocol, curves); status != Status::kOk) return status;
  if (workspace == nullptr) return Status::kNullPointer;
  Arena arena(workspace);
  const CocoWorkspace work(arena, input, protocol);
  Status status = group_by_image(input.labels.image_id, input.labels.count, input.images,
                                 input.image_count, work.label_rows, work.label_start);
  if (status != Status::kOk) return status;
  status = group_by_image(input.predictions.image_id, input.predictions.count, input.images,
                          input.image_count, work.prediction_rows, work.prediction_start);
  if (status != Status::kOk) return status;
  std::fill(work.persons, work.persons + protocol.range_count, 0);
  Evaluator evaluator(input, protocol, work);
  for (std::int64_t image = 0; image < input.image_count; ++image) {
    if (!evaluator.add_image(image)) return Status::kBadSize;
  }
  if (!evaluator.used_all()) return Status::kBadSize;
  std::copy(work.persons, work.persons + protocol.range_count, curves.persons);
  coco_accumulate({work.score, work.hit, work.spared, work.persons, evaluator.counted(),
                   input.predictions.count},
                  protocol, work.accumulate, curves);
  return Status::kOk;
}

}  // namespace edgepose
