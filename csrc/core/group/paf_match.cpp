// SPDX-License-Identifier: Apache-2.0
#include "core/group/paf_match.h"

#include <algorithm>

#include "core/group/assign.h"

namespace edgepose {
namespace {

bool stronger(const PafLink& x, const PafLink& y) {
  if (x.score != y.score) return x.score > y.score;
  if (x.a != y.a) return x.a > y.a;
  return x.b > y.b;
}

}  // namespace

PafMatcher::PafMatcher(Arena& arena, const PafOptions& options) : matching_(options.matching) {
  const auto most = static_cast<std::size_t>(options.max_peaks);
  const bool optimal = matching_ == PafMatching::kOptimal;
  used_a_ = arena.take<bool>(most);
  used_b_ = arena.take<bool>(most);
  cost_ = arena.take<double>(optimal ? most * most : 0);
  column_ = arena.take<int>(optimal ? most : 0);
  const std::size_t bytes =
      optimal ? assign_workspace_bytes(options.max_peaks, options.max_peaks) : 0;
  workspace_ = arena.take<unsigned char>(bytes);
}

int PafMatcher::match(PafLink* links, int count, int peaks_a, int peaks_b) const {
  if (count == 0) return 0;
  return matching_ == PafMatching::kOptimal ? optimal(links, count, peaks_a, peaks_b)
                                            : greedy(links, count, peaks_a, peaks_b);
}

int PafMatcher::greedy(PafLink* links, int count, int peaks_a, int peaks_b) const {
  std::sort(links, links + count, stronger);
  std::fill(used_a_, used_a_ + peaks_a, false);
  std::fill(used_b_, used_b_ + peaks_b, false);
  int kept = 0;
  for (int i = 0; i < count; ++i) {
    const PafLink link = links[i];
    if (used_a_[link.a] || used_b_[link.b]) continue;
    used_a_[link.a] = used_b_[link.b] = true;
    links[kept++] = link;
  }
  return kept;
}

int PafMatcher::optimal(PafLink* links, int count, int peaks_a, int peaks_b) const {
  const std::ptrdiff_t columns = peaks_b;
  std::fill(cost_, cost_ + peaks_a * columns, 0.0);
  for (int i = 0; i < count; ++i) cost_[links[i].a * columns + links[i].b] = -links[i].score;
  assign({cost_, peaks_a, peaks_b, columns}, workspace_, column_);
  const auto chosen = [this](const PafLink& link) { return column_[link.a] == link.b; };
  PafLink* const end =
      std::remove_if(links, links + count, [&](const PafLink& link) { return !chosen(link); });
  std::sort(links, end, stronger);
  return static_cast<int>(end - links);
}

}  // namespace edgepose
