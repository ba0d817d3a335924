// SPDX-License-Identifier: Apache-2.0
// What is wrong with a contract or with the model that carries it, for people.
#pragma once

#include <cstddef>

namespace edgepose {

// The caller's; "input.color must be one of 'rgb', 'bgr'; got 'RGB'". Long ones are cut.
struct ContractError {
  static constexpr std::size_t kSize = 224;
  char message[kSize] = {};
};

}  // namespace edgepose
