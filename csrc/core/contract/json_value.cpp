// SPDX-License-Identifier: Apache-2.0
#include "core/contract/json_value.h"

#include <cstring>

#include "core/contract/json_text.h"

namespace edgepose::contract {
namespace {

const char* past_space(const char* at, const char* end) {
  while (at != end && is_space(*at)) ++at;
  return at;
}

const char* past_text(const char* at) {
  for (++at; *at != '"'; ++at) {
    if (*at == '\\') ++at;
  }
  return at + 1;
}

// Brackets are balanced, so the text need not be understood to find where one closes.
const char* past_container(const char* at) {
  int depth = 0;
  do {
    if (*at == '"') {
      at = past_text(at);
      continue;
    }
    if (*at == '[' || *at == '{') ++depth;
    if (*at == ']' || *at == '}') --depth;
    ++at;
  } while (depth > 0);
  return at;
}

const char* past_value(const char* at, const char* end) {
  if (*at == '"') return past_text(at);
  if (*at == '[' || *at == '{') return past_container(at);
  while (at != end && std::strchr(",]} \t\r\n", *at) == nullptr) ++at;
  return at;
}

}  // namespace

JsonKind JsonValue::kind() const {
  switch (*begin) {
    case '{':
      return JsonKind::kObject;
    case '[':
      return JsonKind::kList;
    case '"':
      return JsonKind::kText;
    case 'n':
      return JsonKind::kNull;
    case 't':
    case 'f':
      return JsonKind::kBool;
    default:
      return JsonKind::kNumber;
  }
}

JsonValue json_document(const char* begin, const char* end) {
  begin = past_space(begin, end);
  return {begin, past_value(begin, end)};
}

JsonItems::JsonItems(const JsonValue& container)
    : at_(past_space(container.begin + 1, container.end)), end_(container.end - 1) {}

JsonValue JsonItems::take() {
  const JsonValue value{at_, past_value(at_, end_)};
  at_ = past_space(value.end, end_);
  if (at_ != end_) at_ = past_space(at_ + 1, end_);  // a comma or colon
  return value;
}

bool JsonItems::next(JsonValue* item) {
  if (at_ == end_) return false;
  *item = take();
  return true;
}

bool JsonItems::next(JsonValue* key, JsonValue* value) { return next(key) && next(value); }

JsonValue json_member(const JsonValue& object, const char* name) {
  JsonValue key;
  JsonValue value;
  for (JsonItems items(object); items.next(&key, &value);) {
    if (json_equal(key, name)) return value;
  }
  return {};
}

std::int32_t json_count(const JsonValue& list) {
  std::int32_t count = 0;
  JsonValue item;
  for (JsonItems items(list); items.next(&item);) ++count;
  return count;
}

bool json_equal(const JsonValue& a, const JsonValue& b) {
  JsonCharacters left(a);
  JsonCharacters right(b);
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  for (;;) {
    const bool more = left.next(&x);
    if (more != right.next(&y)) return false;
    if (!more) return true;
    if (x != y) return false;
  }
}

bool json_equal(const JsonValue& text, const char* ascii) {
  JsonCharacters characters(text);
  std::uint32_t character = 0;
  for (; characters.next(&character); ++ascii) {
    if (*ascii == '\0' || character != static_cast<unsigned char>(*ascii)) return false;
  }
  return *ascii == '\0';
}

}  // namespace edgepose::contract
