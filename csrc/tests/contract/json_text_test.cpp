// SPDX-License-Identifier: Apache-2.0
#include "core/contract/json_text.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <string>
#include <vector>

#include "core/contract/json_value.h"

namespace edgepose::contract {
namespace {

struct Row {
  const char* name;
  std::string text;
  const char* message;  // how it begins; "" for a good text
};

std::string times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::string keys(int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += (i == 0 ? "{\"k" : ",\"k") + std::to_string(i) + "\":0";
  return all + "}";
}

std::vector<Row> rows() {
  return {
      {"empty", "", "must be JSON: expected a value at byte 0"},
      {"blank", " \n", "must be JSON: expected a value at byte 2"},
      {"cut object", "{", "must be JSON: expected a key"},
      {"cut list", "[1,", "must be JSON: expected a value"},
      {"cut text", "\"a", "must be JSON: a text does not end"},
      {"cut escape", "\"\\", "must be JSON: an unknown escape"},
      {"cut \\u", "\"\\u12", "must be JSON: \\u needs"},
      {"python", "{'a': 1}", "must be JSON: expected a key"},
      {"comma", "{\"a\": 1,}", "must be JSON: expected a key"},
      {"comma in a list", "[1,]", "must be JSON: expected a value"},
      {"no colon", "{\"a\" 1}", "must be JSON: expected a colon"},
      {"wrong bracket", "[1}", "must be JSON: expected a comma or a closing bracket"},
      {"more", "{} x", "must be JSON: something follows the document at byte 3"},
      {"comment", "// c\n{}", "must be JSON: "},
      {"half a word", "nul", "must be JSON: "},
      {"zero byte", std::string("{}\0", 3), "must be JSON: "},
      {"mark", "\xEF\xBB\xBF{}", "must be JSON: Unexpected UTF-8 BOM"},
      {"escape", "\"\\x\"", "must be JSON: an unknown escape"},
      {"raw newline", "\"\n\"", "must be JSON: a control character"},
      {"leading zero", "01", "must be JSON: something follows"},
      {"no digit", "-", "must be JSON: expected a digit"},
      {"no fraction", "1.", "must be JSON: expected a digit"},
      {"no exponent", "1e+", "must be JSON: expected a digit"},
      {"plus", "+1", "must be JSON: expected a value"},
      {"latin", "\"\xFF\"", "must be UTF-8 text; byte 1 is not"},
      {"raw surrogate", "\"\xED\xA0\x80\"", "must be UTF-8 text; byte 1 is not"},
      {"overlong", "\"\xC0\x80\"", "must be UTF-8 text"},
      {"too far", "\"\xF4\x90\x80\x80\"", "must be UTF-8 text"},
      {"cut character", "\"\xE2\x82", "must be UTF-8 text"},
      {"nan", "[NaN]", "must have finite numbers; got NaN"},
      {"infinity", "-Infinity", "must have finite numbers; got -Infinity"},
      {"too large", "1e999", "must have finite numbers; got 1e999"},
      {"too small", "[-0.1e-999]", "must have numbers that float64 holds; got -0.1e-999"},
      {"0 with an exponent", "[0e-999, -0.00E9, 5e-324]", ""},
      {"31 digits", times(31, "1"), "must have smaller numbers; got 31 digits"},
      {"twice", R"({"a": 1, "a": 1})", "must not have a key twice; got 'a' twice"},
      {"twice, escaped", R"({"b": {"a": 1, "\u0061": 2}})", "must not have a key twice"},
      {"deep", times(17, "["), "must not nest deeper than 16"},
      {"many keys", keys(65), "must have at most 64 keys in an object"},
      {"long", times(1048577, " "), "must be at most 1048576 bytes; got 1048577"},
      {"object", "{}", ""},
      {"values", R"( [1, -2.5e3, 0, -0, true, false, null, {"a": [[]], "b": {}}] )", ""},
      {"deepest", times(16, "[") + times(16, "]"), ""},
      {"brackets in a text", '"' + times(99, "[") + "\\\"{\"", ""},
      {"backslash", R"(["\\", "["])", ""},
      {"escapes", R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")", ""},
      {"utf-8", "\"\xE8\x86\x9D\xF0\x9F\x98\x80\xC3\xA9\"", ""},
      {"30 digits", times(30, "1"), ""},
      {"long fraction", "0." + times(100000, "1"), ""},
      {"64 keys", keys(64), ""},
      {"one key in each", R"([{"a": {"a": 0}}, {"a": 0}])", ""},
      {"longest", times(1048574, " ") + "{}", ""},
  };
}

TEST(JsonText, IsStrict) {
  for (const Row& row : rows()) {
    ContractError error;
    const Status status = check_json(row.text.data(), row.text.size(), &error);
    const bool good = row.message[0] == '\0';
    EXPECT_EQ(status, good ? Status::kOk : Status::kBadContract) << row.name << error.message;
    const std::string wanted = good ? "" : std::string("a contract ") + row.message;
    EXPECT_EQ(std::string(error.message).substr(0, wanted.size()), wanted) << row.name;
    EXPECT_EQ(check_json(row.text.data(), row.text.size(), nullptr), status) << row.name;
  }
  EXPECT_EQ(check_json(nullptr, 1, nullptr), Status::kNullPointer);
  EXPECT_EQ(check_json(nullptr, 0, nullptr), Status::kBadContract);
}

TEST(JsonText, EveryCutOfADocumentIsTold) {
  const std::string whole = R"({"a": [1.5e3, "\u00e9\n", true, null], "b": {"c": -0.25}})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(check_json(cut.data(), size, nullptr), Status::kBadContract) << size;
  }
}

JsonValue value_of(const std::string& text) {
  EXPECT_EQ(check_json(text.data(), text.size(), nullptr), Status::kOk) << text;
  return json_document(text.data(), text.data() + text.size());
}

TEST(JsonNumber, IsTheNearestDouble) {
  const struct {
    std::string text;
    double wanted;
  } cases[] = {
      {"0", 0.0},
      {"0.1", 0.1},
      {"123.675", 123.675},
      {"0.00e-400", 0.0},
      {"0.000123E+4", 1.23},
      {"0e999999999999", 0.0},
      {"1.7976931348623157e308", 1.7976931348623157e308},
      {"5e-324", 5e-324},
      {"9007199254740993", 9007199254740992.0},  // a tie, to even
      {"9007199254740993." + times(900, "0") + "1", 9007199254740994.0},
      {"0." + times(1000, "0") + "1e1001", 1.0},
      {times(30, "1"), 111111111111111111111111111111.0},
      {"0." + times(100000, "1"), 1.0 / 9},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(json_number(value_of(row.text)), row.wanted) << row.text.substr(0, 40);
    EXPECT_EQ(json_number(value_of("-" + row.text)), -row.wanted) << row.text.substr(0, 40);
  }
  EXPECT_TRUE(std::signbit(json_number(value_of("-0"))));
}

TEST(JsonNumber, DoesNotMindTheLocale) {
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"}) {
    if (std::setlocale(LC_NUMERIC, name) != nullptr) break;
  }
  EXPECT_EQ(json_number(value_of("58.395")), 58.395);
  std::setlocale(LC_NUMERIC, "C");
}

TEST(JsonNumber, KnowsIntegers) {
  std::int64_t value = 0;
  EXPECT_TRUE(json_integer(value_of("-12"), &value));
  EXPECT_EQ(value, -12);
  EXPECT_TRUE(json_integer(value_of(times(30, "9")), &value));
  EXPECT_EQ(value, INT64_MAX);
  EXPECT_FALSE(json_integer(value_of("4.0"), &value));
  EXPECT_FALSE(json_integer(value_of("4e0"), &value));
}

TEST(JsonValue, GoesOverItems) {
  const std::string text = R"( {"a" : [1 , "]" ,{"b":[]}], "\u0063" :null } )";
  const JsonValue document = value_of(text);
  EXPECT_EQ(document.kind(), JsonKind::kObject);
  EXPECT_EQ(json_count(json_member(document, "a")), 3);
  EXPECT_EQ(json_member(document, "c").kind(), JsonKind::kNull);
  EXPECT_FALSE(json_member(document, "b").there());
  EXPECT_EQ(json_count(value_of("[ ]")), 0);
}

TEST(JsonCharacters, ResolveEscapes) {
  const std::string text = R"("\n\u0041\ud83d\ude00\ud83d\u0041\ude00)"
                           "\xE8\x86\x9D\"";
  const std::vector<std::uint32_t> wanted = {'\n', 'A', 0x1F600, 0xD83D, 'A', 0xDE00, 0x819D};
  std::vector<std::uint32_t> found;
  std::uint32_t character = 0;
  const JsonValue value = value_of(text);
  for (JsonCharacters characters(value); characters.next(&character);) found.push_back(character);
  EXPECT_EQ(found, wanted);
}

}  // namespace
}  // namespace edgepose::contract
