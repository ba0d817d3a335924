// SPDX-License-Identifier: Apache-2.0
#include "core/status.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace edgepose {
namespace {

TEST(Status, EveryOneHasAMessageOfItsOwn) {
  std::set<std::string> messages;
  for (int code = 0; code <= static_cast<int>(Status::kNoCapacity); ++code) {
    messages.insert(status_message(static_cast<Status>(code)));
  }
  EXPECT_EQ(messages.size(), static_cast<std::size_t>(Status::kNoCapacity) + 1);
  EXPECT_STREQ(status_message(static_cast<Status>(-1)), "unknown status");
}

}  // namespace
}  // namespace edgepose
