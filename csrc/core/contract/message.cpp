// SPDX-License-Identifier: Apache-2.0
#include "core/contract/message.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstring>

namespace edgepose::contract {
namespace {

constexpr std::ptrdiff_t kShownBytes = 40;

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

void Message::put(const char* text, std::size_t size) {
  if (error_ == nullptr) return;
  std::size_t taken = std::min(size, ContractError::kSize - 1 - used_);
  if (taken < size) {
    while (taken > 0 && continues(text[taken])) --taken;  // never half a character
  }
  std::memcpy(error_->message + used_, text, taken);
  used_ += taken;
  error_->message[used_] = '\0';
}

void Message::clear() {
  used_ = 0;
  put("", 0);
}

Message& Message::add(const char* text) {
  put(text, std::strlen(text));
  return *this;
}

Message& Message::add(std::int64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "%" PRId64, number);
  return add(text);
}

Message& Message::bound(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", number);
  return add(text);
}

Message& Message::add(const Path& path) {
  add(path.object);
  if (path.field != nullptr) {
    if (path.object[0] != '\0') add(".");
    add(path.field);
  }
  return path.index < 0 ? *this : add("[").add(std::int64_t{path.index}).add("]");
}

Message& Message::raw(const char* begin, const char* end) {
  if (end - begin <= kShownBytes) {
    put(begin, static_cast<std::size_t>(end - begin));
    return *this;
  }
  const char* cut = begin + kShownBytes;
  while (cut > begin && continues(*cut)) --cut;
  put(begin, static_cast<std::size_t>(cut - begin));
  return add("...");
}

Message& Message::quoted(const char* text) {
  return add("'").raw(text, text + std::strlen(text)).add("'");
}

Message& Message::shown(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::kObject:
      return add("an object");
    case JsonKind::kList:
      return add("a list");
    case JsonKind::kText:
      return add("'").raw(value.begin + 1, value.end - 1).add("'");
    case JsonKind::kNull:
    case JsonKind::kBool:
    case JsonKind::kNumber:
      break;
  }
  return raw(value.begin, value.end);
}

}  // namespace edgepose::contract
