// SPDX-License-Identifier: Apache-2.0
// A failed call of the C ABI as an exception.
#pragma once

#include <edgepose.h>

#include <stdexcept>

class Checked {
 public:
  operator ep_error*() { return &error_; }  // NOLINT(google-explicit-constructor): an argument
  void operator()(ep_status status) const {
    if (status != EP_OK) throw std::runtime_error(error_.message);
  }

 private:
  ep_error error_{};
};
