// SPDX-License-Identifier: Apache-2.0
// Values of a JSON text that check_json found to be good: places in the text, nothing is copied.
#pragma once

#include <cstdint>

namespace edgepose::contract {

enum class JsonKind { kNull, kBool, kNumber, kText, kList, kObject };

// [begin, end) of the text; a text has its quotes, a list and an object their brackets.
struct JsonValue {
  const char* begin = nullptr;
  const char* end = nullptr;

  bool there() const { return begin != nullptr; }
  JsonKind kind() const;  // of a value that is there
};

// The value of a checked document that fills [begin, end) but for white space.
JsonValue json_document(const char* begin, const char* end);

// Goes over the items of a list or the members of an object.
class JsonItems {
 public:
  explicit JsonItems(const JsonValue& container);

  bool next(JsonValue* item);
  bool next(JsonValue* key, JsonValue* value);

 private:
  JsonValue take();

  const char* at_;
  const char* end_;
};

// The member of an object with a name; not there if it has none.
JsonValue json_member(const JsonValue& object, const char* name);

std::int32_t json_count(const JsonValue& list);

// Code points of a text, escapes resolved; half of a surrogate pair comes as it is.
class JsonCharacters {
 public:
  explicit JsonCharacters(const JsonValue& text) : at_(text.begin + 1), end_(text.end - 1) {}

  bool next(std::uint32_t* character);

 private:
  std::uint32_t escaped();
  std::uint32_t hex();
  std::uint32_t plain();

  const char* at_;
  const char* end_;
};

bool json_equal(const JsonValue& a, const JsonValue& b);  // two texts
bool json_equal(const JsonValue& text, const char* ascii);

// The nearest double, whatever the locale; may be infinite.
double json_number(const JsonValue& number);

// Whether a number is written without fraction and exponent; beyond int64 it is the nearest end.
bool json_integer(const JsonValue& number, std::int64_t* out);

}  // namespace edgepose::contract
