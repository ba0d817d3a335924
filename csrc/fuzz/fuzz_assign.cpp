// SPDX-License-Identifier: Apache-2.0
// Optimal pairs, small tables beside every pairing there is.
#include <algorithm>
#include <cmath>

#include "core/group/assign.h"
#include "core/track/match.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::CostView;
using edgepose::Result;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

namespace {

struct Outcome {
  int pairs = 0;
  double total = 0;

  bool better_than(const Outcome& other) const {
    return pairs != other.pairs ? pairs > other.pairs : total < other.total;
  }
};

bool allowed(double cost) { return std::fabs(cost) <= edgepose::kMaxCost; }

double cost_at(const CostView& cost, int row, int column) {
  return cost.data[row * cost.row_stride + column];
}

// Every pairing of the rows from `row` on with the columns that are left.
Outcome best_of_all(const CostView& cost, int row, unsigned taken, const Outcome& so_far) {
  if (row == cost.rows) return so_far;
  Outcome best = best_of_all(cost, row + 1, taken, so_far);
  for (int column = 0; column < cost.columns; ++column) {
    const double here = cost_at(cost, row, column);
    if ((taken >> column & 1U) != 0 || !allowed(here)) continue;
    const Outcome found =
        best_of_all(cost, row + 1, taken | 1U << column, {so_far.pairs + 1, so_far.total + here});
    if (found.better_than(best)) best = found;
  }
  return best;
}

Outcome outcome_of(const CostView& cost, const std::vector<int>& column_of_row) {
  Outcome outcome;
  std::vector<bool> taken(static_cast<std::size_t>(cost.columns));
  for (int row = 0; row < cost.rows; ++row) {
    const int column = column_of_row[static_cast<std::size_t>(row)];
    require(column >= -1 && column < cost.columns, "columns are in range");
    if (column < 0) continue;
    require(!taken[static_cast<std::size_t>(column)], "no column has two rows");
    taken[static_cast<std::size_t>(column)] = true;
    require(allowed(cost_at(cost, row, column)), "no forbidden pair");
    ++outcome.pairs;
    outcome.total += cost_at(cost, row, column);
  }
  return outcome;
}

void try_match(const CostView& similarity, double gate) {
  const std::size_t bytes = edgepose::match_workspace_bytes(similarity.rows, similarity.columns);
  edgepose::fuzz::Workspace workspace(bytes);
  std::vector<int> column_of_row(static_cast<std::size_t>(similarity.rows));
  const Result<int> pairs =
      edgepose::match_similar(similarity.data, similarity.rows, similarity.columns, gate,
                              workspace.data(), column_of_row.data());
  if (pairs.status != Status::kOk) return;
  int count = 0;
  for (int row = 0; row < similarity.rows; ++row) {
    const int column = column_of_row[static_cast<std::size_t>(row)];
    if (column < 0) continue;
    ++count;
    require(cost_at(similarity, row, column) >= gate, "no pair below the gate");
  }
  require(count == pairs.value, "the pairs are counted");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const std::size_t any =
      edgepose::assign_workspace_bytes(reader.hostile(0, 9), reader.bits<int>());
  require(any < std::size_t{1} << 50, "sizes are counted without overflow");
  const int rows = reader.between(0, 24);
  const int columns = reader.between(0, 24);
  const int gap = reader.between(0, 2);
  const double gate = reader.option(0.5);
  const Input<double> costs(
      reader.numbers<double>(static_cast<std::size_t>(rows * (columns + gap))));
  const CostView cost{costs.data(), rows, columns, columns + gap};
  edgepose::fuzz::Workspace workspace(edgepose::assign_workspace_bytes(rows, columns));
  std::vector<int> column_of_row(static_cast<std::size_t>(rows));
  const Result<int> pairs = assign(cost, workspace.data(), column_of_row.data());
  if (pairs.status != Status::kOk) return 0;
  const Outcome outcome = outcome_of(cost, column_of_row);
  require(outcome.pairs == pairs.value, "the pairs are counted");
  if (gap == 0) try_match(cost, gate);
  if (rows > 5 || columns > 5) return 0;
  const Outcome best = best_of_all(cost, 0, 0U, {});
  double scale = 1.0;
  for (const double value : costs.values()) scale += allowed(value) ? std::fabs(value) : 0.0;
  require(outcome.pairs == best.pairs, "as many pairs as the allowed costs permit");
  require(outcome.total <= best.total + 1e-12 * scale, "the least total there is");
  return 0;
}
