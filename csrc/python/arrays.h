// SPDX-License-Identifier: Apache-2.0
// Checks of what Python hands over, and the error that a failed check raises.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <initializer_list>
#include <string>

#include "core/status.h"

namespace edgepose::python {

namespace py = pybind11;

// Raises edgepose.errors.InputError (a ValueError).
[[noreturn]] void fail(const std::string& message);

// Raises InputError with the status' message unless it is kOk.
void require_ok(Status status, const char* function);

// "float64 (3, 64, 48)".
std::string describe(const py::array& array);

// Raises "<name> must be <wanted>; got <dtype> <shape>".
[[noreturn]] void fail_array(const char* name, const char* wanted, const py::array& got);

// A side of a picture or map as int; an absurd one becomes -1, which the core refuses.
int side_of(py::ssize_t value);

// Checks dtype and shape (an extent of -1 is free). Gives the array itself, whatever its strides.
template <typename T>
py::array require(const py::array& array, const char* name, const char* wanted,
                  std::initializer_list<py::ssize_t> shape) {
  bool ok = py::isinstance<py::array_t<T>>(array) &&
            array.ndim() == static_cast<py::ssize_t>(shape.size());
  py::ssize_t axis = 0;
  for (const py::ssize_t extent : shape) {
    ok = ok && (extent < 0 || array.shape(axis) == extent);
    ++axis;
  }
  if (!ok) fail_array(name, wanted, array);
  return array;
}

// The same with rows side by side; copies where they are not.
template <typename T>
py::array_t<T, py::array::c_style> require_packed(const py::array& array, const char* name,
                                                  const char* wanted,
                                                  std::initializer_list<py::ssize_t> shape) {
  return py::array_t<T, py::array::c_style>::ensure(require<T>(array, name, wanted, shape));
}

}  // namespace edgepose::python
