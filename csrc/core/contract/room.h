// SPDX-License-Identifier: Apache-2.0
// The memory that a contract's texts and lists are put into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace edgepose::contract {

class Room {
 public:
  Room(void* memory, std::size_t size) : at_(static_cast<char*>(memory)), left_(size) {}

  // Room for `count` values, or null where there is too little. The values are not set.
  template <typename T>
  T* take(std::size_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    const std::size_t past = reinterpret_cast<std::uintptr_t>(at_) % alignof(T);
    const std::size_t skipped = past == 0 ? 0 : alignof(T) - past;
    if (at_ == nullptr || skipped > left_ || count > (left_ - skipped) / sizeof(T)) return nullptr;
    char* taken = at_ + skipped;
    at_ = taken + count * sizeof(T);
    left_ -= skipped + count * sizeof(T);
    return reinterpret_cast<T*>(taken);
  }

 private:
  char* at_;
  std::size_t left_;
};

}  // namespace edgepose::contract
