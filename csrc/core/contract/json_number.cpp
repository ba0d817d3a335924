// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/contract/json_text.h"
#include "core/contract/json_value.h"

namespace edgepose::contract {
namespace {

// No double needs more digits to be rounded right, with a last one that says whether more follow.
constexpr int kKeptDigits = 800;
constexpr std::int64_t kMaxExponent = 100'000'000;  // far beyond what a text of 1 MiB can undo

std::int64_t exponent_of(const char* at, const char* end) {
  const bool negative = *at == '-';
  if (*at == '-' || *at == '+') ++at;
  std::int64_t value = 0;
  for (; at != end && value < kMaxExponent; ++at) value = 10 * value + (*at - '0');
  return negative ? -value : value;
}

}  // namespace

double json_number(const JsonValue& number) {
  // Digits without a point: strtod reads a point as the locale has it.
  char digits[kKeptDigits + 48];
  int count = 0;
  bool rest = false;
  bool fraction = false;
  std::int64_t exponent = 0;
  const char* at = number.begin;
  if (*at == '-') ++at;
  for (; at != number.end && (is_digit(*at) || *at == '.'); ++at) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    if (fraction) --exponent;
    if (count == 0 && *at == '0') continue;
    if (count < kKeptDigits) {
      digits[count++] = *at;
    } else {
      rest = rest || *at != '0';
      ++exponent;
    }
  }
  if (count == 0) return *number.begin == '-' ? -0.0 : 0.0;
  if (rest) {
    digits[count++] = '1';
    --exponent;
  }
  if (at != number.end) exponent += exponent_of(at + 1, number.end);
  std::snprintf(digits + count, sizeof digits - static_cast<std::size_t>(count), "e%lld",
                static_cast<long long>(exponent));
  const double value = std::strtod(digits, nullptr);
  return *number.begin == '-' ? -value : value;
}

bool json_integer(const JsonValue& number, std::int64_t* out) {
  constexpr std::int64_t kMost = INT64_MAX;
  const bool negative = *number.begin == '-';
  std::int64_t value = 0;
  for (const char* at = number.begin + (negative ? 1 : 0); at != number.end; ++at) {
    if (!is_digit(*at)) return false;
    const int digit = *at - '0';
    value = value > (kMost - digit) / 10 ? kMost : 10 * value + digit;
  }
  *out = negative ? -value : value;
  return true;
}

}  // namespace edgepose::contract
