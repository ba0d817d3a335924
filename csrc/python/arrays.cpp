// SPDX-License-Identifier: Apache-2.0
#include "python/arrays.h"

#include "core/view.h"

namespace edgepose::python {

void fail(const std::string& message) {
  const py::object error = py::module_::import("edgepose.errors").attr("InputError");
  PyErr_SetString(error.ptr(), message.c_str());
  throw py::error_already_set();
}

void require_ok(Status status, const char* function) {
  if (status != Status::kOk) fail(std::string(function) + ": " + status_message(status));
}

std::string describe(const py::array& array) {
  return py::str("{} {}").format(array.dtype(), array.attr("shape")).cast<std::string>();
}

void fail_array(const char* name, const char* wanted, const py::array& got) {
  fail(std::string(name) + " must be " + wanted + "; got " + describe(got));
}

int side_of(py::ssize_t value) { return value <= kMaxSide ? static_cast<int>(value) : -1; }

}  // namespace edgepose::python
