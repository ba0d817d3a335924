// SPDX-License-Identifier: Apache-2.0
#include "core/metric/coco_accumulate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/arena.h"

namespace edgepose {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = std::numeric_limits<double>::epsilon();

struct Workspace {
  std::int64_t* order;     // [P] predictions by falling score
  double* score;           // [P] in that order
  std::uint32_t* hit;      // [P] in that order, counted ones only
  std::uint32_t* miss;     // [P] in that order, counted ones only
  double* precision;       // [P] at the n-th true positive
  std::int64_t* position;  // [P] of the n-th true positive

  Workspace(Arena& arena, std::size_t count)
      : order(arena.take<std::int64_t>(count)),
        score(arena.take<double>(count)),
        hit(arena.take<std::uint32_t>(count)),
        miss(arena.take<std::uint32_t>(count)),
        precision(arena.take<double>(count)),
        position(arena.take<std::int64_t>(count)) {}
};

// Only true positives raise the recall, and between two of them the precision only falls: the best
// precision at a recall or beyond is always that of a true positive, so only those are kept.
// Gives their number.
std::int64_t collect_hits(const Workspace& work, std::int64_t count, int threshold) {
  std::int64_t hits = 0;
  std::int64_t misses = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    misses += work.miss[i] >> threshold & 1U;
    if ((work.hit[i] >> threshold & 1U) == 0) continue;
    work.position[hits++] = i;
    const double found = static_cast<double>(hits);
    work.precision[hits - 1] = found / (static_cast<double>(misses) + found + kTiny);
  }
  for (std::int64_t i = hits - 1; i > 0; --i) {
    work.precision[i - 1] = std::max(work.precision[i - 1], work.precision[i]);
  }
  return hits;
}

struct Point {
  double precision;
  double score;
};

// The first true positive, counted from 1, that reaches a recall; hits + 1 when none does.
std::int64_t first_at(double recall, std::int64_t hits, double persons) {
  std::int64_t low = 1;
  std::int64_t high = hits + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (static_cast<double>(middle) / persons >= recall) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

// The curve at one recall; zeros where it is not reached.
Point point_at(const Workspace& work, std::int64_t count, std::int64_t hits, double persons,
               double recall) {
  // A recall of 0 is reached by the first prediction, whether it finds somebody or not.
  if (!(recall > 0.0)) return {hits > 0 ? work.precision[0] : 0.0, count > 0 ? work.score[0] : 0.0};
  const std::int64_t first = first_at(recall, hits, persons);
  if (first > hits) return {0.0, 0.0};
  return {work.precision[first - 1], work.score[work.position[first - 1]]};
}

}  // namespace

std::size_t coco_accumulate_bytes(std::int64_t count) {
  Arena arena;
  Workspace(arena, static_cast<std::size_t>(count));
  return arena.bytes();
}

void coco_accumulate(const CocoCounted& counted, const CocoProtocol& protocol, void* workspace,
                     const CocoCurves& curves) {
  const std::int64_t count = counted.count;
  const std::int64_t ranges = protocol.range_count;
  const std::int64_t recalls = protocol.recall_count;
  Arena arena(workspace);
  const Workspace work(arena, static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) work.order[i] = i;
  std::sort(work.order, work.order + count, [&](std::int64_t a, std::int64_t b) {
    return counted.score[a] != counted.score[b] ? counted.score[a] > counted.score[b] : a < b;
  });
  for (std::int64_t i = 0; i < count; ++i) work.score[i] = counted.score[work.order[i]];
  for (std::int64_t range = 0; range < ranges; ++range) {
    const std::uint32_t* hit = counted.hit + range * counted.stride;
    const std::uint32_t* ignored = counted.ignored + range * counted.stride;
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t at = work.order[i];
      work.hit[i] = hit[at] & ~ignored[at];
      work.miss[i] = ~hit[at] & ~ignored[at];
    }
    const double persons = static_cast<double>(counted.persons[range]);
    for (int t = 0; t < protocol.threshold_count; ++t) {
      const std::int64_t hits = persons > 0.0 ? collect_hits(work, count, t) : 0;
      curves.recall[t * ranges + range] =
          persons > 0.0 ? static_cast<double>(hits) / persons : kNan;
      for (std::int64_t r = 0; r < recalls; ++r) {
        const Point point = persons > 0.0
                                ? point_at(work, count, hits, persons, protocol.recall_points[r])
                                : Point{kNan, kNan};
        curves.precision[(t * recalls + r) * ranges + range] = point.precision;
        curves.score[(t * recalls + r) * ranges + range] = point.score;
      }
    }
  }
}

Status coco_stats(const CocoCurves& curves, const CocoProtocol& protocol,
                  double stats[kCocoStatCount]) {
  const std::int64_t ranges = protocol.range_count;
  const int thresholds = protocol.threshold_count;
  const std::int64_t recalls = protocol.recall_count;
  if (ranges < 0 || thresholds < 0 || recalls < 0) return Status::kBadSize;
  if (stats == nullptr || curves.precision == nullptr || curves.recall == nullptr ||
      protocol.thresholds == nullptr) {
    return Status::kNullPointer;
  }
  const auto precision = [&](int t, std::int64_t range) {
    double sum = 0.0;
    for (std::int64_t r = 0; r < recalls; ++r) {
      sum += curves.precision[(t * recalls + r) * ranges + range];
    }
    return sum / static_cast<double>(recalls);
  };
  const auto recall = [&](int t, std::int64_t range) { return curves.recall[t * ranges + range]; };
  const auto mean = [&](const auto& curve, std::int64_t range) {
    if (range >= ranges || thresholds == 0) return kNan;
    double sum = 0.0;
    for (int t = 0; t < thresholds; ++t) sum += curve(t, range);
    return sum / thresholds;
  };
  const auto at = [&](const auto& curve, double threshold) {
    for (int t = 0; t < thresholds && ranges > 0; ++t) {
      if (std::abs(protocol.thresholds[t] - threshold) < 1e-9) return curve(t, 0);
    }
    return kNan;
  };
  const auto fill = [&](const auto& curve, double* out) {
    out[0] = mean(curve, 0);
    out[1] = at(curve, 0.5);
    out[2] = at(curve, 0.75);
    out[3] = mean(curve, 1);
    out[4] = mean(curve, 2);
  };
  fill(precision, stats);
  fill(recall, stats + kCocoStatCount / 2);
  return Status::kOk;
}

}  // namespace edgepose
