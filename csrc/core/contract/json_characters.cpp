// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "core/contract/json_text.h"
#include "core/contract/json_value.h"

namespace edgepose::contract {
namespace {

constexpr bool is_high(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

bool JsonCharacters::next(std::uint32_t* character) {
  if (at_ == end_) return false;
  *character = *at_ == '\\' ? escaped() : plain();
  return true;
}

std::uint32_t JsonCharacters::escaped() {
  static constexpr char kLetters[] = "bfnrt";
  static constexpr char kMeant[] = "\b\f\n\r\t";
  const char letter = at_[1];
  at_ += 2;
  if (letter != 'u') {
    const char* known = std::strchr(kLetters, letter);
    return static_cast<unsigned char>(known == nullptr ? letter : kMeant[known - kLetters]);
  }
  const std::uint32_t first = hex();
  if (!is_high(first) || end_ - at_ < 6 || at_[0] != '\\' || at_[1] != 'u') return first;
  const char* before = at_;
  at_ += 2;
  const std::uint32_t second = hex();
  if (is_low(second)) return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
  at_ = before;
  return first;
}

std::uint32_t JsonCharacters::hex() {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 4 | hex_digit(*at_++);
  return value;
}

std::uint32_t JsonCharacters::plain() {
  const auto lead = static_cast<unsigned char>(*at_++);
  if (lead < 0x80) return lead;
  const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  std::uint32_t value = lead & (0x3FU >> more);
  for (int i = 0; i < more; ++i) value = value << 6 | (static_cast<unsigned char>(*at_++) & 0x3FU);
  return value;
}

}  // namespace edgepose::contract
