// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/argmax.h"

#include <algorithm>
#include <limits>

#include "core/heatmap/argmax_interleaved.h"
#include "core/heatmap/rank.h"
#include "core/lanes.h"
#include "core/multiversion.h"

namespace edgepose {
namespace {

constexpr std::ptrdiff_t kBlockBytes = 512;
// More cells than this are searched row by row: a block's number must fit an int.
constexpr std::ptrdiff_t kMaxFlat = std::ptrdiff_t{1} << 31;

template <typename T>
using Key = decltype(quick_key(T{}));

template <typename T>
EDGEPOSE_INLINE Key<T> highest(const T* values, std::ptrdiff_t count) {
  Key<T> best = std::numeric_limits<Key<T>>::min();
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const Key<T> key = quick_key(values[i]);
    best = key > best ? key : best;
  }
  return best;
}

EDGEPOSE_MULTIVERSION
std::int16_t highest_key(const Half* values, std::ptrdiff_t count) {
  return highest(values, count);
}
EDGEPOSE_MULTIVERSION
std::int8_t highest_key(const std::int8_t* values, std::ptrdiff_t count) {
  return highest(values, count);
}
EDGEPOSE_MULTIVERSION
std::uint8_t highest_key(const std::uint8_t* values, std::ptrdiff_t count) {
  return highest(values, count);
}

struct Found {
  std::ptrdiff_t index = -1;  // -1 where every value is NaN
  std::int32_t rank = kUnranked;
};

// The plain definition, for cells apart and for runs that hold NaN, infinities or a highest zero.
template <typename T>
Found first_maximum_slow(const T* values, std::ptrdiff_t stride, std::ptrdiff_t count) {
  Found found;
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const std::int32_t rank = rank_of(values[i * stride]);
    if (rank > found.rank) found = {i, rank};
  }
  return found;
}

// First maximum of a run of values side by side.
template <typename T>
Found first_maximum(const T* values, std::ptrdiff_t count) {
  constexpr std::ptrdiff_t kBlock = kBlockBytes / static_cast<std::ptrdiff_t>(sizeof(T));
  Key<T> best = std::numeric_limits<Key<T>>::min();
  std::ptrdiff_t index = 0;  // of the first block with the maximum, then of the maximum
  for (std::ptrdiff_t from = 0; from < count; from += kBlock) {
    const std::ptrdiff_t length = from + kBlock < count ? kBlock : count - from;
    const Key<T> key = highest_key(values + from, length);
    if (key > best) {
      best = key;
      index = from;
    }
  }
  if (!plain_key(best)) return first_maximum_slow(values, 1, count);
  while (quick_key(values[index]) != best) ++index;
  return {index, rank_of(values[index])};
}

// Floats: every lane of one register keeps its highest value and the first block that holds it, so
// nothing is compared across lanes before the end. Comparisons pass NaN over by themselves.
constexpr int kRows = 8;  // registers of one block
constexpr int kFloats = kLanes * kRows;
constexpr float kLowest = -std::numeric_limits<float>::infinity();

EDGEPOSE_INLINE void take_higher(const float* values, Lanes* best) {
  Lanes lanes;
  load_lanes(values, &lanes);
  *best = lanes > *best ? lanes : *best;
}

// Takes in block `number`, which lies at `values`. `floor` are earlier maxima: a start that is no
// NaN and that the block need not wait for.
EDGEPOSE_INLINE void take_block(const float* values, int number, const Lanes& floor, Lanes* best,
                                IntLanes* block) {
  Lanes high[4] = {floor, floor, floor, floor};
  for (std::ptrdiff_t row = 0; row < kRows; ++row) {
    take_higher(values + row * kLanes, high + row % 4);
  }
  high[0] = high[1] > high[0] ? high[1] : high[0];
  high[2] = high[3] > high[2] ? high[3] : high[2];
  high[0] = high[2] > high[0] ? high[2] : high[0];
  const IntLanes higher = high[0] > *best;
  *best = higher ? high[0] : *best;
  *block = higher ? IntLanes{} + number : *block;
}

// Index of the first of kFloats values that equals `wanted`; it must be there.
EDGEPOSE_INLINE int index_of(const float* values, float wanted) {
  IntLanes first = IntLanes{} + kFloats;
  IntLanes index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (std::ptrdiff_t row = 0; row < kRows; ++row, index += kLanes) {
    Lanes lanes;
    load_lanes(values + row * kLanes, &lanes);
    const IntLanes found = lanes == Lanes{} + wanted ? index : IntLanes{} + kFloats;
    first = found < first ? found : first;
  }
  return lowest_of(first);
}

EDGEPOSE_MULTIVERSION
Found first_maximum(const float* values, std::ptrdiff_t count) {
  const int whole = static_cast<int>(count / kFloats);
  const auto rest = static_cast<int>(count % kFloats);
  Lanes best = Lanes{} + kLowest;
  Lanes before = best;
  IntLanes block = {};
  for (int number = 0; number < whole; ++number) {
    const Lanes floor = before;
    before = best;
    take_block(values + static_cast<std::ptrdiff_t>(number) * kFloats, number, floor, &best,
               &block);
  }
  float padded[kFloats];
  if (rest > 0) {
    for (float& value : padded) value = kLowest;
    std::copy_n(values + (count - rest), rest, padded);
    take_block(padded, whole, before, &best, &block);
  }
  const float high = highest_of(best);
  if (high == kLowest) return first_maximum_slow(values, 1, count);
  const int first = lowest_of(best == Lanes{} + high ? block : IntLanes{} + (whole + 1));
  const std::ptrdiff_t start = static_cast<std::ptrdiff_t>(first) * kFloats;
  const std::ptrdiff_t index = start + index_of(first < whole ? values + start : padded, high);
  return {index, rank_of(values[index])};
}

template <typename T>
Cell argmax_of(const HeatmapView& map) {
  const T* const cells = static_cast<const T*>(map.data);
  const std::ptrdiff_t area = static_cast<std::ptrdiff_t>(map.width) * map.height;
  const bool flat = map.cell_stride == 1 && map.row_stride == map.width && area <= kMaxFlat;
  const int runs = flat ? 1 : map.height;
  const std::ptrdiff_t length = flat ? area : map.width;
  Cell cell{0, 0, std::numeric_limits<float>::quiet_NaN()};
  std::int32_t best = kUnranked;
  for (int run = 0; run < runs; ++run) {
    const T* const row = cells + run * map.row_stride;
    const Found found = map.cell_stride == 1 ? first_maximum(row, length)
                                             : first_maximum_slow(row, map.cell_stride, length);
    if (found.index < 0 || found.rank <= best) continue;
    cell.x = static_cast<int>(found.index % map.width);
    cell.y = run + static_cast<int>(found.index / map.width);
    best = found.rank;
  }
  if (best != kUnranked) cell.score = cell_value(map, cell.x, cell.y);
  return cell;
}

}  // namespace

Cell map_argmax(const HeatmapView& map) {
  switch (map.element) {
    case Element::kFloat32:
      return argmax_of<float>(map);
    case Element::kFloat16:
      return argmax_of<Half>(map);
    case Element::kInt8:
      return argmax_of<std::int8_t>(map);
    case Element::kUint8:
      return argmax_of<std::uint8_t>(map);
  }
  return {};
}

void person_argmax(const HeatmapBatch& maps, std::int64_t person, std::int64_t first,
                   std::int64_t count, Cell* cells) {
  if (maps.joint_stride == 1 && maps.cell_stride != 1 && count >= kFewestInterleaved) {
    interleaved_argmax(maps.map(person, first), static_cast<int>(count), cells);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) cells[i] = map_argmax(maps.map(person, first + i));
}

Status heatmap_argmax(const HeatmapBatch& maps, float* xy, float* score) {
  constexpr std::int64_t kJoints = 64;
  const Status status = check_maps(maps);
  if (status != Status::kOk || maps.empty()) return status;
  if (xy == nullptr || score == nullptr) return Status::kNullPointer;
  Cell cells[kJoints];
  for (std::int64_t person = 0; person < maps.people; ++person) {
    for (std::int64_t first = 0; first < maps.joints; first += kJoints) {
      const std::int64_t count = std::min(kJoints, maps.joints - first);
      person_argmax(maps, person, first, count, cells);
      for (std::int64_t i = 0; i < count; ++i) {
        *xy++ = static_cast<float>(cells[i].x);
        *xy++ = static_cast<float>(cells[i].y);
        *score++ = cells[i].score;
      }
    }
  }
  return Status::kOk;
}

}  // namespace edgepose
