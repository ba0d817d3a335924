// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "core/group/assign.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

// Rows (row, column) by rising row.
py::array_t<std::int64_t> pairs(const py::array& cost_in) {
  const auto cost = require_packed<double>(cost_in, "cost", "float64 [N,M]", {-1, -1});
  const CostView view{cost.data(), side_of(cost.shape(0)), side_of(cost.shape(1)), cost.shape(1)};
  std::vector<unsigned char> workspace;
  std::vector<int> column_of_row(static_cast<std::size_t>(cost.shape(0)));
  Result<int> count;
  {
    const py::gil_scoped_release release;
    workspace.resize(assign_workspace_bytes(view.rows, view.columns));
    count = assign(view, workspace.data(), column_of_row.data());
  }
  require_ok(count.status, "assign");
  py::array_t<std::int64_t> out({py::ssize_t{count.value}, py::ssize_t{2}});
  std::int64_t* to = out.mutable_data();
  for (std::size_t row = 0; row < column_of_row.size(); ++row) {
    if (column_of_row[row] < 0) continue;
    *to++ = static_cast<std::int64_t>(row);
    *to++ = column_of_row[row];
  }
  return out;
}

}  // namespace

void register_assign(py::module_& module) {
  using py::literals::operator""_a;
  module.def("assign", &pairs, "cost"_a,
             "Pairs of row and column at the least total cost: int64 [P,2].");
}

}  // namespace edgepose::python
