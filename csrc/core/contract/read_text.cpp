// SPDX-License-Identifier: Apache-2.0
#include "core/contract/read_field.h"

namespace edgepose::contract {
namespace {

// A character of at most U+10FFFF as one to four bytes.
char* put_utf8(std::uint32_t character, char* out) {
  const int more = character < 0x80 ? 0 : character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
  constexpr std::uint32_t kLead[] = {0x00, 0xC0, 0xE0, 0xF0};
  *out++ = static_cast<char>(kLead[more] | character >> (6 * more));
  for (int i = more - 1; i >= 0; --i) {
    *out++ = static_cast<char>(0x80U | (character >> (6 * i) & 0x3FU));
  }
  return out;
}

}  // namespace

Status read_text(Reading* reading, const Path& path, const JsonValue& value, const char** out) {
  constexpr const char* kWanted = "a string of 1..10000 characters; got ";
  static_assert(kMaxTextCharacters == 10'000);
  if (value.kind() != JsonKind::kText) {
    refused(*reading, path).add(kWanted).shown(value);
    return Status::kBadContract;
  }
  std::int32_t count = 0;
  bool unicode = true;
  bool zero = false;
  std::uint32_t character = 0;
  for (JsonCharacters characters(value); characters.next(&character); ++count) {
    unicode = unicode && (character < 0xD800 || character > 0xDFFF);
    zero = zero || character == 0;
  }
  if (count == 0 || count > kMaxTextCharacters) {
    refused(*reading, path).add(kWanted).shown(value);
    return Status::kBadContract;
  }
  if (!unicode || zero) {
    refused(*reading, path)
        .add(unicode ? "without zero characters; got " : "valid Unicode; got ")
        .shown(value);
    return Status::kBadContract;
  }
  // No form of a character in the document is shorter than its UTF-8, and the quotes go.
  char* taken = reading->room.take<char>(static_cast<std::size_t>(value.end - value.begin));
  if (taken == nullptr) return Status::kNoCapacity;
  char* at = taken;
  for (JsonCharacters characters(value); characters.next(&character);) {
    at = put_utf8(character, at);
  }
  *at = '\0';
  *out = taken;
  return Status::kOk;
}

}  // namespace edgepose::contract
