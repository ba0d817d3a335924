// SPDX-License-Identifier: Apache-2.0
// The bytes of a fuzzer as the arguments of a kernel. Past the end everything reads as zero, so any
// input, also an empty one, is a whole test case.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <vector>

namespace edgepose::fuzz {

class Reader {
 public:
  Reader(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}

  std::uint8_t byte() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }
  bool flag() { return (byte() & 1) != 0; }

  // Any bits at all.
  template <typename T>
  T bits() {
    std::uint8_t bytes[sizeof(T)];
    for (std::uint8_t& one : bytes) one = byte();
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }

  // low .. high, both included; needs a range that two bytes can count.
  int between(int low, int high) {
    const int range = high - low + 1;
    if (range <= 1) return low;
    const int raw = range <= 256 ? byte() : bits<std::uint16_t>();
    return low + raw % range;
  }
  template <typename Enum>
  Enum choice(Enum last) {
    return static_cast<Enum>(between(0, static_cast<int>(last)));
  }

  // Mostly low .. high; now and then one of the numbers on which sums and products break.
  int hostile(int low, int high) {
    constexpr int kEdges[] = {0,       -1,  1, std::numeric_limits<int>::max(),
                              1 << 20, 255, 2, std::numeric_limits<int>::min()};
    const std::uint8_t pick = byte();
    if (pick >= 16) return between(low, high);
    return pick < 8 ? kEdges[pick] : bits<int>();
  }

  // Mostly a sixteenth of a small integer; now and then a number that arithmetic is afraid of.
  template <typename T>
  T number() {
    using Limits = std::numeric_limits<T>;
    constexpr T kEdges[] = {0,
                            -T{0},
                            Limits::quiet_NaN(),
                            Limits::infinity(),
                            -Limits::infinity(),
                            Limits::max(),
                            Limits::lowest(),
                            Limits::min(),
                            Limits::denorm_min(),
                            Limits::epsilon(),
                            T{1},
                            T{-1},
                            T{1e-30},
                            T{1e30},
                            T{1e6},
                            T{-1e6}};
    const std::uint8_t pick = byte();
    if (pick >= 32) return static_cast<T>(pick - 144) / T{16};
    return pick < std::size(kEdges) ? kEdges[pick] : bits<T>();
  }
  // The same, but `usual` for most inputs: an option must be good before the next one is looked at.
  template <typename T>
  T option(T usual) {
    return byte() >= 64 ? usual : number<T>();
  }

  // An array: tame, wild, a few values in disorder, or one value with a few exceptions.
  template <typename T>
  std::vector<T> numbers(std::size_t count) {
    std::vector<T> values(count);
    switch (byte() % 4) {
      case 0:
        for (T& value : values) value = static_cast<T>(byte()) / T{64};
        break;
      case 1:
        for (T& value : values) value = number<T>();
        break;
      case 2: {
        T palette[8];
        for (T& value : palette) value = number<T>();
        std::uint32_t state = bits<std::uint16_t>();
        for (T& value : values) {
          state = state * 1664525U + 1013904223U;
          value = palette[state >> 29];
        }
        break;
      }
      default: {
        const T common = number<T>();
        for (T& value : values) value = common;
        for (int i = byte() % 16; i > 0 && count > 0; --i) {
          const std::size_t at = bits<std::uint16_t>() % count;
          values[at] = number<T>();
        }
      }
    }
    return values;
  }

  std::vector<std::uint8_t> bytes(std::size_t count) {
    std::vector<std::uint8_t> values(count);
    const bool repeat = flag();
    const std::uint8_t first = byte();
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = repeat ? static_cast<std::uint8_t>(first * (i + 1)) : byte();
    }
    return values;
  }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

}  // namespace edgepose::fuzz
