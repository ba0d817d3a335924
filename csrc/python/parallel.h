// SPDX-License-Identifier: Apache-2.0
// Independent parts of one call over threads of their own. The core knows no threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

namespace edgepose::python {

// Calls work(first, last) until all of 0 .. count - 1 are done, on the caller's thread and on up to
// `threads` - 1 more, which end with the call. Every thread takes a few parts at a time, so that a
// slow one does not hold up the rest. `work` must not throw nor touch Python.
template <typename Work>
void parallel_for(std::int64_t count, int threads, const Work& work) {
  const std::int64_t workers = std::min<std::int64_t>(std::max(threads, 1), count);
  if (workers <= 1) {
    work(std::int64_t{0}, count);
    return;
  }
  const std::int64_t chunk = std::max<std::int64_t>(1, count / (4 * workers));
  std::atomic<std::int64_t> next{0};
  const auto take = [&] {
    for (std::int64_t first = next.fetch_add(chunk); first < count; first = next.fetch_add(chunk)) {
      work(first, std::min(first + chunk, count));
    }
  };
  std::vector<std::thread> others;
  others.reserve(static_cast<std::size_t>(workers - 1));
  try {
    for (std::int64_t i = 1; i < workers; ++i) others.emplace_back(take);
  } catch (const std::system_error&) {
    // The system gives no more threads: those that started do the work.
  }
  take();
  for (std::thread& other : others) other.join();
}

}  // namespace edgepose::python
