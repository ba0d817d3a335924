// SPDX-License-Identifier: Apache-2.0
#include "core/track/match.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/arena.h"
#include "core/group/assign.h"

namespace edgepose {
namespace {

double iou(const double* a, const double* b) {
  const double width = std::min(a[2], b[2]) - std::max(a[0], b[0]);
  const double height = std::min(a[3], b[3]) - std::max(a[1], b[1]);
  const double area_a = (a[2] - a[0]) * (a[3] - a[1]);
  const double area_b = (b[2] - b[0]) * (b[3] - b[1]);
  // Written so that a NaN anywhere answers false.
  const bool overlap =
      width > 0.0 && height > 0.0 && a[2] > a[0] && a[3] > a[1] && b[2] > b[0] && b[3] > b[1];
  if (!overlap) return 0.0;
  const double shared = width * height;
  const double ratio = shared / (area_a + area_b - shared);
  return ratio >= 0.0 ? std::min(ratio, 1.0) : 0.0;
}

struct Work {
  double* cost = nullptr;
  unsigned char* assign = nullptr;
};

Work lay_out(Arena& arena, int rows, int columns) {
  Work work;
  work.cost =
      arena.take<double>(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  work.assign = arena.take<unsigned char>(assign_workspace_bytes(rows, columns));
  return work;
}

}  // namespace

Status iou_matrix(const double* a, std::int64_t a_count, const double* b, std::int64_t b_count,
                  double* out) {
  if (a_count < 0 || b_count < 0) return Status::kBadSize;
  if (a_count == 0 || b_count == 0) return Status::kOk;
  if (a == nullptr || b == nullptr || out == nullptr) return Status::kNullPointer;
  for (std::int64_t i = 0; i < a_count; ++i) {
    for (std::int64_t j = 0; j < b_count; ++j) *out++ = iou(a + 4 * i, b + 4 * j);
  }
  return Status::kOk;
}

std::size_t match_workspace_bytes(int rows, int columns) {
  if (assign_workspace_bytes(rows, columns) == 0) return 0;
  Arena counting;
  lay_out(counting, rows, columns);
  return counting.bytes();
}

Result<int> match_similar(const double* similarity, int rows, int columns, double gate,
                          void* workspace, int* column_of_row) {
  if (std::isnan(gate)) return {Status::kBadThreshold};
  if (assign_workspace_bytes(rows, columns) == 0) return {Status::kBadSize};
  if (rows == 0 || columns == 0) return assign({nullptr, rows, columns, 0}, nullptr, column_of_row);
  if (similarity == nullptr || workspace == nullptr) return {Status::kNullPointer};
  Arena arena(workspace);
  const Work work = lay_out(arena, rows, columns);
  const std::ptrdiff_t cells = static_cast<std::ptrdiff_t>(rows) * columns;
  for (std::ptrdiff_t i = 0; i < cells; ++i) {
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the arena has memory, so there is cost
    work.cost[i] = similarity[i] >= gate ? -similarity[i] : std::numeric_limits<double>::infinity();
  }
  return assign({work.cost, rows, columns, columns}, work.assign, column_of_row);
}

}  // namespace edgepose
