// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/argmax.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr std::ptrdiff_t kBlock = 128;

// Floats as integers of the same order, so that compilers vectorise the maximum as it stands:
// positive NaN lie above +infinity, negative NaN below -infinity, -0 just below +0.
EDGEPOSE_INLINE std::int32_t order_key(float value) {
  std::int32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

EDGEPOSE_MULTIVERSION
std::int32_t highest_key(const float* values, std::ptrdiff_t count) {
  std::int32_t best = std::numeric_limits<std::int32_t>::min();
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const std::int32_t key = order_key(values[i]);
    best = key > best ? key : best;
  }
  return best;
}

struct Found {
  std::ptrdiff_t index = -1;
  float score = 0;
};

// The plain definition, for rows that hold NaN or whose maximum is a zero of either sign.
Found first_maximum_slow(const float* values, std::ptrdiff_t count) {
  Found found;
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    if (std::isnan(values[i])) continue;
    if (found.index < 0 || values[i] > found.score) found = {i, values[i]};
  }
  return found;
}

// First maximum of a run of floats; index -1 where every one is NaN.
Found first_maximum(const float* values, std::ptrdiff_t count) {
  std::int32_t best = std::numeric_limits<std::int32_t>::min();
  std::ptrdiff_t best_block = 0;
  for (std::ptrdiff_t from = 0; from < count; from += kBlock) {
    const std::ptrdiff_t length = count - from < kBlock ? count - from : kBlock;
    const std::int32_t key = highest_key(values + from, length);
    if (key > best) {
      best = key;
      best_block = from;
    }
  }
  const bool infinite_or_nan = best >= order_key(std::numeric_limits<float>::infinity()) ||
                               best <= order_key(-std::numeric_limits<float>::infinity());
  const bool zero = best == order_key(0.0F) || best == order_key(-0.0F);
  if (infinite_or_nan || zero) return first_maximum_slow(values, count);
  std::ptrdiff_t index = best_block;
  while (order_key(values[index]) != best) ++index;
  return {index, values[index]};
}

}  // namespace

Cell map_argmax(const MapView& map) {
  const bool flat = map.row_stride == map.width;
  const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(map.width) * map.height;
  const int runs = flat ? 1 : map.height;
  const std::ptrdiff_t length = flat ? area : map.width;
  Cell cell{0, 0, std::numeric_limits<float>::quiet_NaN()};
  for (int run = 0; run < runs; ++run) {
    const Found found = first_maximum(map.row(run), length);
    if (found.index < 0 || (found.score <= cell.score)) continue;
    cell.x = static_cast<int>(found.index % map.width);
    cell.y = run + static_cast<int>(found.index / map.width);
    cell.score = found.score;
  }
  return cell;
}

Status check_maps(const MapBatch& maps) {
  if (maps.people < 0 || maps.joints < 0) return Status::kBadSize;
  if (maps.people == 0 || maps.joints == 0) return Status::kOk;
  if (maps.width < 1 || maps.height < 1) return Status::kBadSize;
  if (maps.width > kMaxSide || maps.height > kMaxSide) return Status::kBadSize;
  return maps.data == nullptr ? Status::kNullPointer : Status::kOk;
}

Status heatmap_argmax(const MapBatch& maps, float* xy, float* score) {
  const Status status = check_maps(maps);
  if (status != Status::kOk || maps.people == 0 || maps.joints == 0) return status;
  if (xy == nullptr || score == nullptr) return Status::kNullPointer;
  for (std::int64_t person = 0; person < maps.people; ++person) {
    for (std::int64_t joint = 0; joint < maps.joints; ++joint) {
      const Cell cell = map_argmax(maps.map(person, joint));
      const std::int64_t at = person * maps.joints + joint;
      xy[2 * at] = static_cast<float>(cell.x);
      xy[2 * at + 1] = static_cast<float>(cell.y);
      score[at] = cell.score;
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
