// SPDX-License-Identifier: Apache-2.0
// The fields of an object as rows of a table: what each must be and where it goes. A new field is
// a new row and a member for it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace edgepose::contract {

enum class FieldKind {
  kText,      // const char*
  kChoice,    // std::int32_t
  kInteger,   // std::int32_t
  kNumber,    // double
  kTexts,     // List<const char*>
  kIntegers,  // List<std::int32_t>
  kNumbers,   // List<double>
  kPairs,     // List<IndexPair>
  kLimbs,     // List<ContractLimb>
  kFlag,      // std::int32_t, 0 or 1
  kDigest,    // const char*, 64 hexadecimal digits in lower case
  kObject     // has a table of its own
};

struct Choice {
  const char* name;
  std::int32_t value;
};

template <typename Enum>
constexpr Choice word(const char* name, Enum value) {
  return {name, static_cast<std::int32_t>(value)};
}

template <typename T>
struct Rows {
  const T* data = nullptr;
  std::int32_t count = 0;

  constexpr Rows() = default;
  template <std::size_t kCount>
  constexpr Rows(const T (&rows)[kCount])  // NOLINT(google-explicit-constructor): a view of it
      : data(rows), count(static_cast<std::int32_t>(kCount)) {}
  const T* begin() const { return data; }
  const T* end() const { return data + count; }
};

struct Field {
  const char* name = nullptr;
  std::size_t offset = 0;  // of the member in the struct of the object
  Rows<Choice> choices;
  double low = 0, high = 0;
  FieldKind kind = FieldKind::kObject;
  std::int32_t min_count = 0, max_count = 0;
  bool above = false;  // low itself is refused
  bool required = true;
  bool odd = false;        // an integer that is
  bool different = false;  // no two items are equal
};
using Fields = Rows<Field>;

inline constexpr std::int32_t kMaxFields = 32;
// What is nearer to 0 is 0 as a float or loses its digits (the least normal float).
inline constexpr double kLeastSize = 0x1p-126;
inline constexpr std::int32_t kMaxTextCharacters = 10'000;

constexpr Field text(const char* name, std::size_t offset) {
  Field field;
  field.name = name;
  field.kind = FieldKind::kText;
  field.offset = offset;
  return field;
}

constexpr Field choice(const char* name, std::size_t offset, Rows<Choice> choices) {
  Field field = text(name, offset);
  field.kind = FieldKind::kChoice;
  field.choices = choices;
  return field;
}

constexpr Field number(const char* name, std::size_t offset, double low, double high) {
  Field field = text(name, offset);
  field.kind = FieldKind::kNumber;
  field.low = low;
  field.high = high;
  return field;
}

constexpr Field integer(const char* name, std::size_t offset, std::int32_t low, std::int32_t high) {
  Field field = number(name, offset, low, high);
  field.kind = FieldKind::kInteger;
  return field;
}

constexpr Field object(const char* name) {
  Field field = text(name, 0);
  field.kind = FieldKind::kObject;
  return field;
}

// Lists of what a single field would be.
constexpr Field list(Field item, std::int32_t min_count, std::int32_t max_count) {
  item.kind = item.kind == FieldKind::kText      ? FieldKind::kTexts
              : item.kind == FieldKind::kInteger ? FieldKind::kIntegers
                                                 : FieldKind::kNumbers;
  item.min_count = min_count;
  item.max_count = max_count;
  return item;
}

constexpr Field pairs(Field item, std::int32_t max_count) {
  item.kind = FieldKind::kPairs;
  item.max_count = max_count;
  return item;
}

constexpr Field limbs(Field item, std::int32_t min_count, std::int32_t max_count) {
  item.kind = FieldKind::kLimbs;
  item.min_count = min_count;
  item.max_count = max_count;
  return item;
}

constexpr Field digest(const char* name, std::size_t offset) {
  Field field = text(name, offset);
  field.kind = FieldKind::kDigest;
  return field;
}

constexpr Field flag(const char* name, std::size_t offset) {
  Field field = text(name, offset);
  field.kind = FieldKind::kFlag;
  return field;
}

constexpr Field above_low(Field field) {
  field.above = true;
  return field;
}

constexpr Field optional(Field field) {
  field.required = false;
  return field;
}

constexpr Field odd(Field field) {
  field.odd = true;
  return field;
}

constexpr Field all_different(Field field) {
  field.different = true;
  return field;
}

}  // namespace edgepose::contract
