// SPDX-License-Identifier: Apache-2.0
// Writes the message of a ContractError piece by piece.
#pragma once

#include <cstdint>

#include "core/contract/error.h"
#include "core/contract/json_value.h"

namespace edgepose::contract {

// The name of a field as messages give it: `input.mean[2]`, `name`.
struct Path {
  const char* object;  // "" at the root
  const char* field;   // null: the object itself
  std::int32_t index = -1;
};

class Message {
 public:
  // Starts anew; with null all is passed over.
  explicit Message(ContractError* error) : error_(error) {}

  void clear();
  Message& add(const char* text);
  Message& add(std::int64_t number);
  Message& bound(double number);  // as short as %g
  Message& add(const Path& path);
  // What the document has there, JSON-like and short.
  Message& shown(const JsonValue& value);
  // A text between quotes, or without; at most 40 bytes of it.
  Message& quoted(const char* text);
  Message& raw(const char* begin, const char* end);

 private:
  void put(const char* text, std::size_t size);

  ContractError* error_;
  std::size_t used_ = 0;
};

}  // namespace edgepose::contract
