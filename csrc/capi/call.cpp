// SPDX-License-Identifier: Apache-2.0
#include "capi/call.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "capi/status_table.h"

namespace edgepose::capi {
namespace {

// No struct of any version comes near; a larger size is memory that nobody initialised.
constexpr std::uint32_t kMaxStructSize = 1024;

// Without a default: the compiler tells of a core status that has no row.
ep_status abi_status(Status status) {
  switch (status) {
#define EDGEPOSE_ROW(abi, core) \
  case Status::core:            \
    return abi;
    EDGEPOSE_CORE_STATUSES(EDGEPOSE_ROW)
#undef EDGEPOSE_ROW
  }
  return EP_BAD_OPTION;
}

}  // namespace

void init_struct(const void* defaults, std::size_t known, void* out, std::size_t size) {
  const auto noted = static_cast<std::uint32_t>(size);
  if (out == nullptr || size < sizeof noted) return;
  std::memset(out, 0, size);
  std::memcpy(out, defaults, std::min(known, size));
  std::memcpy(out, &noted, sizeof noted);
}

void write_struct(const void* value, std::size_t known, void* out) {
  std::uint32_t noted;
  std::memcpy(&noted, out, sizeof noted);
  const std::size_t shared = std::min<std::size_t>(noted, known);
  std::memcpy(static_cast<char*>(out) + sizeof noted,
              static_cast<const char*>(value) + sizeof noted, shared - sizeof noted);
}

Call::Call(const char* function, ep_error* error) : function_(function), error_(error) {
  if (error_ == nullptr) return;
  error_->status = EP_OK;
  error_->message[0] = '\0';
}

bool Call::choice(const char* name, std::int32_t value, std::int32_t count) {
  if (value >= 0 && value < count) return true;
  return fail(EP_BAD_CHOICE, name, "got %" PRId64 "; the constants end at %" PRId64, value,
              count - 1);
}

bool Call::workspace(std::size_t given, std::size_t needed, const char* name) {
  if (given >= needed) return true;
  return fail(EP_SMALL_WORKSPACE, name, "got %" PRId64 " bytes; %" PRId64 " are needed",
              static_cast<std::int64_t>(given), static_cast<std::int64_t>(needed));
}

bool Call::pointer(const char* name, const void* value) {
  return value != nullptr || fail(EP_NULL_POINTER, name, "must not be NULL", 0, 0);
}

ep_status Call::done(Status status, const char* reason) {
  status_ = abi_status(status);
  if (status_ == EP_OK || error_ == nullptr) return status_;
  error_->status = status_;
  std::snprintf(error_->message, sizeof error_->message, "%s: %s", function_,
                reason[0] == '\0' ? status_message(status) : reason);
  return status_;
}

bool Call::read_bytes(const void* given, const char* name, void* out, std::size_t size) {
  if (!pointer(name, given)) return false;
  std::uint32_t noted;
  std::memcpy(&noted, given, sizeof noted);
  if (noted <= sizeof noted || noted > kMaxStructSize) {
    return fail(EP_BAD_STRUCT, name, "was not initialised: its struct_size is %" PRId64, noted, 0);
  }
  const char* bytes = static_cast<const char*>(given);
  const std::size_t shared = std::min<std::size_t>(noted, size);
  const bool more = std::any_of(bytes + shared, bytes + noted, [](char c) { return c != 0; });
  if (more) {
    return fail(EP_BAD_STRUCT, name,
                "sets fields beyond the %" PRId64 " bytes that this version knows",
                static_cast<std::int64_t>(size), 0);
  }
  std::memcpy(static_cast<char*>(out) + sizeof noted, bytes + sizeof noted, shared - sizeof noted);
  return true;
}

bool Call::fail(ep_status status, const char* name, const char* format, std::int64_t value,
                std::int64_t bound) {
  status_ = status;
  if (error_ == nullptr) return false;
  error_->status = status;
  // The formats are the literals of this file; one that takes fewer values passes over the rest.
  char text[EP_MESSAGE_SIZE / 2];
  std::snprintf(text, sizeof text, format, value, bound);
  std::snprintf(error_->message, sizeof error_->message, "%s: %s %s", function_, name, text);
  return false;
}

}  // namespace edgepose::capi
