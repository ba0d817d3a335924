// SPDX-License-Identifier: Apache-2.0
// Arrays cut one after the other from memory that the caller owns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace edgepose {

// Made without memory it only counts: the same code lays a workspace out and tells its size.
class Arena {
 public:
  Arena() = default;
  explicit Arena(void* memory) : at_(aligned(reinterpret_cast<std::uintptr_t>(memory))) {}

  // Room for `count` values, or null where the arena only counts. The values are not set.
  template <typename T>
  T* take(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= kAlign);
    const std::size_t bytes = aligned(count * sizeof(T));
    bytes_ += bytes;
    if (at_ == 0) return nullptr;
    T* taken = reinterpret_cast<T*>(at_);  // NOLINT(performance-no-int-to-ptr): aligned by number
    at_ += bytes;
    return taken;
  }

  // Bytes taken so far, and what the start may lose to alignment.
  std::size_t bytes() const { return bytes_ + kAlign; }

 private:
  static constexpr std::size_t kAlign = 64;
  static constexpr std::uintptr_t aligned(std::uintptr_t value) {
    return (value + kAlign - 1) / kAlign * kAlign;
  }

  std::uintptr_t at_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace edgepose
