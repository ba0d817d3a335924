// SPDX-License-Identifier: Apache-2.0
// Optimal pairs of rows and columns (linear assignment, "Hungarian" matching).
#pragma once

#include <cstddef>

#include "core/status.h"

namespace edgepose {

// Costs float64 [rows, columns], the columns of a row side by side.
struct CostView {
  const double* data = nullptr;
  int rows = 0;
  int columns = 0;
  std::ptrdiff_t row_stride = 0;  // doubles from a row to the next
};

// Costs beyond this size, infinite or NaN forbid their pair.
constexpr double kMaxCost = 1e150;

// Bytes of workspace that `assign` needs for a table of this size; 0 for sizes that it refuses.
std::size_t assign_workspace_bytes(int rows, int columns);

// Pairs each row with at most one column and each column with at most one row: as many pairs as
// the allowed costs permit, and of those pairings one whose costs add up to the least.
//
// Shapes: column_of_row [rows], the column of each row or -1.
// Needs:  workspace of assign_workspace_bytes(rows, columns) bytes at any address. Rows may be more
//         or fewer than columns; either may be 0.
// Gives:  the number of pairs. Equal totals are decided by order alone, the same on every machine.
//         Taking the shorter side as rows: every row in turn takes its cheapest column if that is
//         free (the first of several); the rows left over follow in turn by the shortest path to a
//         free column; a row that must stay out is the one that came last. Equal costs everywhere
//         pair row i with column i.
// Cost:   O(min(rows, columns)^2 * max(rows, columns)) at worst, O(rows * columns) where most rows
//         find their best column free; no allocation.
//
// Shortest augmenting paths over reduced costs (Jonker and Volgenant 1987, Crouse 2016). Lines that
// cannot be paired are handled as if each had a spare partner of infinite cost, kept apart from the
// finite costs so that nothing is lost to rounding.
Result<int> assign(const CostView& cost, void* workspace, int* column_of_row);

}  // namespace edgepose
