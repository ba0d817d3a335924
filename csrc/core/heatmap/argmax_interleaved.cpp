// SPDX-License-Identifier: Apache-2.0
#include "core/heatmap/argmax_interleaved.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/heatmap/rank.h"
#include "core/multiversion.h"

namespace edgepose {
namespace {

// As many elements as lanes, in registers. Comparisons give all bits of a lane or none.
template <int kLanes>
struct VectorsOf;
template <>
struct VectorsOf<16> {
  using Integers = std::int32_t __attribute__((vector_size(64)));
  using Floats = float __attribute__((vector_size(64)));
  using Halves = std::uint16_t __attribute__((vector_size(32)));
};
template <>
struct VectorsOf<8> {
  using Integers = std::int32_t __attribute__((vector_size(32)));
  using Floats = float __attribute__((vector_size(32)));
  using Halves = std::uint16_t __attribute__((vector_size(16)));
};
template <>
struct VectorsOf<4> {
  using Integers = std::int32_t __attribute__((vector_size(16)));
  using Floats = float __attribute__((vector_size(16)));
  using Halves = std::uint16_t __attribute__((vector_size(8)));
};

// rank_of (rank.h) of as many elements. Vectors are handed over by reference: by value they would
// travel differently in each version of the code.
template <typename Vectors>
EDGEPOSE_INLINE void rank(const float* cells, typename Vectors::Integers& ranks) {
  typename Vectors::Floats value;
  std::memcpy(&value, cells, sizeof value);
  // Not of NaN.
  const typename Vectors::Integers number = value == value;  // NOLINT(misc-redundant-expression)
  value += 0.0F;
  std::memcpy(&ranks, &value, sizeof value);
  ranks ^= (ranks >> 31) & 0x7fffffff;
  ranks = (ranks & number) | (kUnranked & ~number);
}
template <typename Vectors>
EDGEPOSE_INLINE void rank(const Half* cells, typename Vectors::Integers& ranks) {
  using Integers = typename Vectors::Integers;
  typename Vectors::Halves value;
  std::memcpy(&value, cells, sizeof value);
  const Integers bits = __builtin_convertvector(value, Integers);
  const Integers magnitude = bits & 0x7fff;
  const Integers negative = bits > 0x7fff;
  const Integers number = magnitude <= 0x7c00;
  ranks = (((magnitude ^ negative) - negative) & number) | (kUnranked & ~number);
}

#if defined(__aarch64__)
// Bytes on their way to integers. GCC for arm64 leaves a plain loop lane by lane; so it does with a
// conversion of less than a register, or by more than twice the width. On x86 the loop is one
// instruction and the conversion several.
template <typename Byte>
struct WidenedOf;
template <>
struct WidenedOf<std::int8_t> {
  using Bytes = std::int8_t __attribute__((vector_size(16)));
  using Shorts = std::int16_t __attribute__((vector_size(32)));
  using HalfShorts = std::int16_t __attribute__((vector_size(16)));
};
template <>
struct WidenedOf<std::uint8_t> {
  using Bytes = std::uint8_t __attribute__((vector_size(16)));
  using Shorts = std::uint16_t __attribute__((vector_size(32)));
  using HalfShorts = std::uint16_t __attribute__((vector_size(16)));
};

template <typename Vectors, typename Byte>
EDGEPOSE_INLINE void rank_bytes(const Byte* cells, typename Vectors::Integers& ranks) {
  using Widened = WidenedOf<Byte>;
  constexpr int kLanes = sizeof ranks / sizeof(std::int32_t);
  typename Widened::Bytes bytes;
  if constexpr (kLanes == 16) {
    std::memcpy(&bytes, cells, sizeof bytes);
  } else {
    std::uint64_t word = 0;
    std::memcpy(&word, cells, kLanes);
    const std::uint64_t __attribute__((vector_size(16))) words = {word, 0};
    std::memcpy(&bytes, &words, sizeof bytes);
  }
  const auto shorts = __builtin_convertvector(bytes, typename Widened::Shorts);
  if constexpr (kLanes == 16) {
    ranks = __builtin_convertvector(shorts, typename Vectors::Integers);
  } else {
    typename Widened::HalfShorts half;
    std::memcpy(&half, &shorts, sizeof half);
    const auto integers = __builtin_convertvector(half, VectorsOf<8>::Integers);
    std::memcpy(&ranks, &integers, sizeof ranks);
  }
}
#else
template <typename Vectors, typename Byte>
EDGEPOSE_INLINE void rank_bytes(const Byte* cells, typename Vectors::Integers& ranks) {
  constexpr int kLanes = sizeof ranks / sizeof(std::int32_t);
  std::int32_t values[kLanes];
  for (int lane = 0; lane < kLanes; ++lane) values[lane] = rank_of(cells[lane]);
  std::memcpy(&ranks, values, sizeof values);
}
#endif

template <typename Vectors>
EDGEPOSE_INLINE void rank(const std::int8_t* cells, typename Vectors::Integers& ranks) {
  rank_bytes<Vectors>(cells, ranks);
}
template <typename Vectors>
EDGEPOSE_INLINE void rank(const std::uint8_t* cells, typename Vectors::Integers& ranks) {
  rank_bytes<Vectors>(cells, ranks);
}

// What of the first kLanes joints is highest so far.
struct Best {
  std::int32_t rank[16];
  std::int32_t x[16];
  std::int32_t y[16];
};

template <typename T, int kLanes>
EDGEPOSE_INLINE void scan(const HeatmapView& map, const T* first, Best& best) {
  using Lanes = typename VectorsOf<kLanes>::Integers;
  Lanes highest = Lanes{} + kUnranked;
  Lanes best_x = Lanes{};
  Lanes best_y = Lanes{};
  for (int y = 0; y < map.height; ++y) {
    const T* cells = first + y * map.row_stride;
    Lanes row_x = Lanes{} - 1;
    for (int x = 0; x < map.width; ++x, cells += map.cell_stride) {
      Lanes ranks;
      rank<VectorsOf<kLanes>>(cells, ranks);
      const Lanes higher = ranks > highest;
      highest = (ranks & higher) | (highest & ~higher);
      row_x = ((Lanes{} + x) & higher) | (row_x & ~higher);
    }
    const Lanes found = row_x >= 0;
    best_x = (row_x & found) | (best_x & ~found);
    best_y = ((Lanes{} + y) & found) | (best_y & ~found);
  }
  std::memcpy(best.rank, &highest, sizeof highest);
  std::memcpy(best.x, &best_x, sizeof best_x);
  std::memcpy(best.y, &best_y, sizeof best_y);
}

template <typename T>
EDGEPOSE_INLINE void scan_lanes(const HeatmapView& map, int first, int lanes, Best& best) {
  const T* const cells = static_cast<const T*>(map.data) + first;
  if (lanes == 16) {
    scan<T, 16>(map, cells, best);
  } else if (lanes == 8) {
    scan<T, 8>(map, cells, best);
  } else {
    scan<T, 4>(map, cells, best);
  }
}

EDGEPOSE_MULTIVERSION
void scan_floats(const HeatmapView& map, int first, int lanes, Best& best) {
  scan_lanes<float>(map, first, lanes, best);
}
EDGEPOSE_MULTIVERSION
void scan_halves(const HeatmapView& map, int first, int lanes, Best& best) {
  scan_lanes<Half>(map, first, lanes, best);
}
EDGEPOSE_MULTIVERSION
void scan_signed(const HeatmapView& map, int first, int lanes, Best& best) {
  scan_lanes<std::int8_t>(map, first, lanes, best);
}
EDGEPOSE_MULTIVERSION
void scan_unsigned(const HeatmapView& map, int first, int lanes, Best& best) {
  scan_lanes<std::uint8_t>(map, first, lanes, best);
}

void scan_group(const HeatmapView& map, int first, int lanes, Best& best) {
  switch (map.element) {
    case Element::kFloat32:
      return scan_floats(map, first, lanes, best);
    case Element::kFloat16:
      return scan_halves(map, first, lanes, best);
    case Element::kInt8:
      return scan_signed(map, first, lanes, best);
    case Element::kUint8:
      return scan_unsigned(map, first, lanes, best);
  }
}

}  // namespace

void interleaved_argmax(const HeatmapView& map, int joints, Cell* cells) {
  const int lanes = joints >= 16 ? 16 : joints >= 8 ? 8 : 4;
  HeatmapView one = map;
  for (int from = 0; from < joints; from += lanes) {
    const int first = std::min(from, joints - lanes);
    Best best;
    scan_group(map, first, lanes, best);
    for (int lane = 0; lane < lanes; ++lane) {
      one.data = static_cast<const char*>(map.data) + (first + lane) * element_size(map.element);
      Cell& cell = cells[first + lane];
      cell = {best.x[lane], best.y[lane], std::numeric_limits<float>::quiet_NaN()};
      if (best.rank[lane] != kUnranked) cell.score = cell_value(one, cell.x, cell.y);
    }
  }
}

}  // namespace edgepose
