// SPDX-License-Identifier: Apache-2.0
// What a target asks of the kernels besides not to crash.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

namespace edgepose::fuzz {

inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

// Equal, or both NaN.
template <typename T>
bool same(T a, T b) {
  return a == b || (a != a && b != b);
}

template <typename T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  bool equal = a.size() == b.size();
  for (std::size_t i = 0; equal && i < a.size(); ++i) equal = same(a[i], b[i]);
  return equal;
}

// Memory that a kernel reads: of exactly the size that it may read, and as it was when that is
// done.
template <typename T>
class Input {
 public:
  Input(std::vector<T> values)  // NOLINT(google-explicit-constructor): stays readable in calls
      : values_(std::move(values)), before_(values_) {}
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() {
    require(values_.empty() ||
                std::memcmp(values_.data(), before_.data(), values_.size() * sizeof(T)) == 0,
            "inputs are never written to");
  }

  const T* data() const { return values_.data(); }
  const T& operator[](std::size_t at) const { return values_[at]; }
  std::size_t size() const { return values_.size(); }
  const std::vector<T>& values() const { return values_; }

 private:
  std::vector<T> values_;
  const std::vector<T> before_;
};

// Working memory at an odd address that ends where it is said to end.
class Workspace {
 public:
  explicit Workspace(std::size_t bytes, std::size_t past = 1) : memory_(bytes + past), past_(past) {
    std::memset(memory_.data(), 0xa5, memory_.size());
  }
  void* data() { return memory_.data() + past_; }

 private:
  std::vector<unsigned char> memory_;
  std::size_t past_;
};

// Indices that point into [0, count), none of them twice.
template <typename Index>
void require_distinct(const Index* indices, std::int64_t kept, std::int64_t count) {
  require(kept >= 0 && kept <= count, "no more are kept than there are");
  std::vector<bool> seen(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < kept; ++i) {
    require(indices[i] >= 0 && indices[i] < count, "indices are in range");
    const auto at = static_cast<std::size_t>(indices[i]);
    require(!seen[at], "nobody is kept twice");
    seen[at] = true;
  }
}

}  // namespace edgepose::fuzz
