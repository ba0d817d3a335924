// SPDX-License-Identifier: Apache-2.0
// What every function of the C ABI goes through: arguments in, status and message out. Neither the
// core nor this layer can throw (both are built without exceptions), so nothing is caught here.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/status.h"
#include "include/edgepose.h"

namespace edgepose::capi {

// Sets the first `size` bytes of a caller's struct to those of `defaults` and zeros beyond, and
// notes the size in it. A caller built against a newer or older header has another size.
void init_struct(const void* defaults, std::size_t known, void* out, std::size_t size);

template <typename Struct>
void init_struct(const Struct& defaults, Struct* out, std::size_t size) {
  init_struct(&defaults, sizeof defaults, out, size);
}

// Gives a struct that was read before to the caller, as far as the caller's header knows it.
void write_struct(const void* value, std::size_t known, void* out);

template <typename Struct>
void write_struct(const Struct& value, Struct* out) {
  write_struct(&value, sizeof value, out);
}

// A stride of a packed array. Sizes that no memory holds and that every function refuses wrap
// around instead of overflowing.
inline std::int64_t stride(std::int64_t count, std::int64_t step) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(count) *
                                   static_cast<std::uint64_t>(step));
}

// One call of one function. The checks answer false after the first failure; status() then tells.
class Call {
 public:
  Call(const char* function, ep_error* error);

  // A copy of the caller's struct; fields that its header does not have keep their defaults.
  template <typename Struct>
  bool read(const Struct* given, const char* name, void (*init)(Struct*, std::size_t),
            Struct* out) {
    init(out, sizeof *out);
    return read_bytes(given, name, out, sizeof *out);
  }
  // The same, with all defaults for NULL.
  template <typename Struct>
  bool read_options(const Struct* given, const char* name, void (*init)(Struct*, std::size_t),
                    Struct* out) {
    if (given != nullptr) return read(given, name, init, out);
    init(out, sizeof *out);
    return true;
  }
  // Whether a choice is one of the constants 0 .. count - 1.
  bool choice(const char* name, std::int32_t value, std::int32_t count);
  // Whether a workspace is as large as it must be; a need of 0 is left to the core to refuse.
  bool workspace(std::size_t given, std::size_t needed, const char* name = "workspace_size");
  // Whether a needed pointer is there.
  bool pointer(const char* name, const void* value);

  // The end of the call; with a reason that tells more than the status' own message, if not "".
  ep_status done(Status status, const char* reason = "");
  template <typename Value>
  ep_status done(const Result<Value>& result, Value* out) {
    if (result.status == Status::kOk) *out = result.value;
    return done(result.status);
  }
  ep_status status() const { return status_; }

 private:
  bool read_bytes(const void* given, const char* name, void* out, std::size_t size);
  bool fail(ep_status status, const char* name, const char* format, std::int64_t value,
            std::int64_t bound);

  const char* function_;
  ep_error* error_;
  ep_status status_ = EP_OK;
};

}  // namespace edgepose::capi
