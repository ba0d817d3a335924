// SPDX-License-Identifier: Apache-2.0
#include "core/group/assign.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/arena.h"
#include "core/view.h"

namespace edgepose {
namespace {

constexpr double kForbidden = std::numeric_limits<double>::infinity();

// The table with its shorter side as rows, and the state of the search.
//
// A row that stays out takes a spare partner whose cost is an infinite constant. That constant
// enters the prices of all lines which compete for too few partners; these are `full`: their prices
// hold the constant once, row_price and column_price hold the finite rest. Full rows have allowed
// costs only in full columns, and every full column is taken.
struct Search {
  int rows = 0;
  int columns = 0;
  double* cost = nullptr;  // [rows, columns], forbidden pairs infinite
  double* row_price = nullptr;
  double* column_price = nullptr;
  double* distance = nullptr;  // of the best path from the root to each column
  int* column_of_row = nullptr;
  int* row_of_column = nullptr;
  int* parent_row = nullptr;  // the row before each column on that path
  int* tree = nullptr;        // columns reached for good
  int tree_size = 0;
  int* open = nullptr;  // the other columns
  int open_count = 0;
  std::uint8_t* in_tree = nullptr;
  std::uint8_t* full_column = nullptr;
};

Search lay_out(Arena& arena, int rows, int columns) {
  Search search;
  search.rows = std::min(rows, columns);
  search.columns = std::max(rows, columns);
  const auto short_side = static_cast<std::size_t>(search.rows);
  const auto long_side = static_cast<std::size_t>(search.columns);
  search.cost = arena.take<double>(short_side * long_side);
  search.row_price = arena.take<double>(short_side);
  search.column_price = arena.take<double>(long_side);
  search.distance = arena.take<double>(long_side);
  search.column_of_row = arena.take<int>(short_side);
  search.row_of_column = arena.take<int>(long_side);
  search.parent_row = arena.take<int>(long_side);
  search.tree = arena.take<int>(long_side);
  search.open = arena.take<int>(long_side);
  search.in_tree = arena.take<std::uint8_t>(long_side);
  search.full_column = arena.take<std::uint8_t>(long_side);
  return search;
}

// NOLINTNEXTLINE(bugprone-narrowing-conversions): infinity is no narrower, both are double
double allowed(double cost) { return std::fabs(cost) <= kMaxCost ? cost : kForbidden; }

void start(Search& search, const CostView& cost) {
  const bool turned = cost.rows > cost.columns;
  double* to = search.cost;
  for (int row = 0; row < search.rows; ++row) {
    for (int column = 0; column < search.columns; ++column) {
      const double* from = turned ? cost.data + column * cost.row_stride + row
                                  : cost.data + row * cost.row_stride + column;
      *to++ = allowed(*from);
    }
  }
  std::fill_n(search.row_price, search.rows, 0.0);
  std::fill_n(search.column_price, search.columns, 0.0);
  std::fill_n(search.column_of_row, search.rows, -1);
  std::fill_n(search.row_of_column, search.columns, -1);
  std::fill_n(search.full_column, search.columns, std::uint8_t{0});
}

// Every row's price is its least cost, and each row that can takes the first column of that cost
// which is still free.
void take_cheapest(Search& search) {
  for (int row = 0; row < search.rows; ++row) {
    const double* cost = search.cost + static_cast<std::ptrdiff_t>(row) * search.columns;
    double least = kForbidden;
    for (int i = 0; i < search.columns; ++i) least = cost[i] < least ? cost[i] : least;
    if (least == kForbidden) continue;
    search.row_price[row] = least;
    int column = 0;
    while (column < search.columns &&
           !(cost[column] == least && search.row_of_column[column] < 0)) {
      ++column;
    }
    if (column == search.columns) continue;
    search.row_of_column[column] = row;
    search.column_of_row[row] = column;
  }
}

// Shortens the paths that lead on better from `row`, itself `reached` far from the root.
void relax(Search& search, int row, double reached) {
  const double* cost = search.cost + static_cast<std::ptrdiff_t>(row) * search.columns;
  const double base = reached - search.row_price[row];
  for (int column = 0; column < search.columns; ++column) {
    const double through = base + (cost[column] - search.column_price[column]);
    if (search.in_tree[column] == 0 && through < search.distance[column]) {
      search.distance[column] = through;
      search.parent_row[column] = row;
    }
  }
}

// Place in `open` of the nearest column among the full or the other ones, a free one rather than a
// taken one; -1 where none is reached. The order of `open` decides what is left: it is that of the
// solvers behind the published poses, so that their ties fall the same way.
int nearest(const Search& search, bool full) {
  int best = -1;
  double least = kForbidden;
  for (int place = 0; place < search.open_count; ++place) {
    const int column = search.open[place];
    const double distance = search.distance[column];
    if (distance == kForbidden || (search.full_column[column] != 0) != full) continue;
    if (distance < least || (distance == least && search.row_of_column[column] < 0)) {
      best = place;
      least = distance;
    }
  }
  return best;
}

void add_to_tree(Search& search, int place) {
  const int column = search.open[place];
  search.open[place] = search.open[--search.open_count];
  search.in_tree[column] = 1;
  search.tree[search.tree_size++] = column;
  relax(search, search.row_of_column[column], search.distance[column]);
}

// Moves every pair on the path from the root to `column` one on.
void augment(Search& search, int root, int column) {
  for (;;) {
    const int row = search.parent_row[column];
    search.row_of_column[column] = row;
    std::swap(search.column_of_row[row], column);
    if (row == root) return;
  }
}

// Keeps the reduced costs of a path of this length at zero and all others above.
void move_prices(Search& search, int root, double length) {
  search.row_price[root] += length;
  for (int i = 0; i < search.tree_size; ++i) {
    const int column = search.tree[i];
    search.row_price[search.row_of_column[column]] += length - search.distance[column];
    search.column_price[column] -= length - search.distance[column];
  }
}

// No free column can be reached: finds the row that is cheapest to leave out, the root or one in
// the tree, which may grow by full columns, and lets the root have a partner by it.
void leave_one_out(Search& search, int root) {
  int out = -1;  // the column that the row left out gives up
  double least = -search.row_price[root];
  const auto consider = [&](int column) {
    const double total = search.distance[column] - search.row_price[search.row_of_column[column]];
    if (total < least) {
      least = total;
      out = column;
    }
  };
  for (int i = 0; i < search.tree_size; ++i) consider(search.tree[i]);
  for (int place = nearest(search, true); place >= 0; place = nearest(search, true)) {
    const int column = search.open[place];
    if (!(search.distance[column] < least)) break;
    add_to_tree(search, place);
    consider(column);
  }
  move_prices(search, root, least);
  for (int i = 0; i < search.tree_size; ++i) search.full_column[search.tree[i]] = 1;
  if (out < 0) return;
  search.column_of_row[search.row_of_column[out]] = -1;
  augment(search, root, out);
}

void pair_row(Search& search, int root) {
  std::fill_n(search.distance, search.columns, kForbidden);
  std::fill_n(search.in_tree, search.columns, std::uint8_t{0});
  search.tree_size = 0;
  search.open_count = search.columns;
  for (int place = 0; place < search.columns; ++place) {
    search.open[place] = search.columns - 1 - place;
  }
  relax(search, root, 0.0);
  for (int place = nearest(search, false); place >= 0; place = nearest(search, false)) {
    const int column = search.open[place];
    if (search.row_of_column[column] < 0) {
      move_prices(search, root, search.distance[column]);
      augment(search, root, column);
      return;
    }
    add_to_tree(search, place);
  }
  leave_one_out(search, root);
}

bool good_sides(int rows, int columns) {
  return rows >= 0 && columns >= 0 && rows <= kMaxSide && columns <= kMaxSide;
}

}  // namespace

std::size_t assign_workspace_bytes(int rows, int columns) {
  if (!good_sides(rows, columns)) return 0;
  Arena counting;
  lay_out(counting, rows, columns);
  return counting.bytes();
}

Result<int> assign(const CostView& cost, void* workspace, int* column_of_row) {
  if (!good_sides(cost.rows, cost.columns)) return {Status::kBadSize};
  if (column_of_row == nullptr && cost.rows > 0) return {Status::kNullPointer};
  std::fill_n(column_of_row, cost.rows, -1);
  if (cost.rows == 0 || cost.columns == 0) return {};
  if (cost.data == nullptr || workspace == nullptr) return {Status::kNullPointer};
  Arena arena(workspace);
  Search search = lay_out(arena, cost.rows, cost.columns);
  start(search, cost);
  take_cheapest(search);
  for (int row = 0; row < search.rows; ++row) {
    if (search.column_of_row[row] < 0) pair_row(search, row);
  }
  int pairs = 0;
  for (int row = 0; row < search.rows; ++row) {
    const int column = search.column_of_row[row];
    if (column < 0) continue;
    ++pairs;
    if (cost.rows > cost.columns) {
      column_of_row[column] = row;
    } else {
      column_of_row[row] = column;
    }
  }
  return {Status::kOk, pairs};
}

}  // namespace edgepose
