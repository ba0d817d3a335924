// SPDX-License-Identifier: Apache-2.0
// The strict JSON that a contract is written in: bounded, and without anything that is guessed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/contract/error.h"
#include "core/status.h"

namespace edgepose::contract {

inline constexpr std::size_t kMaxJsonBytes = std::size_t{1} << 20;
inline constexpr int kMaxJsonDepth = 16;
inline constexpr int kMaxJsonDigits = 30;
// Bounds the search for a key that comes twice; no object of a contract has a third of it.
inline constexpr int kMaxJsonKeys = 64;

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 0..15, or 16 for what is no hexadecimal digit.
constexpr std::uint32_t hex_digit(char c) {
  if (is_digit(c)) return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return 16;
}

// Checks one document of RFC 8259.
// Gives: kBadContract where it is longer than 1 MiB, nested deeper than 16, not UTF-8 or not JSON,
//        where an object has a key twice or more than 64, or a number is NaN, infinite as float64
//        or, wrongly, 0, or an integer of more than 30 digits. kNullPointer without text.
// Cost:  linear, without recursion.
Status check_json(const char* text, std::size_t size, ContractError* error);

// Where UTF-8 ends to be valid: `size` for all of it.
std::size_t valid_utf8(const char* text, std::size_t size);

}  // namespace edgepose::contract
