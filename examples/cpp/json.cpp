// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <cstdlib>
#include <cstring>

namespace {

constexpr int kMaxDepth = 32;

class Reader {
 public:
  explicit Reader(const std::string& text) : at_(text.c_str()) {}

  Json document() {
    const Json json = value(0);
    space();
    if (*at_ != '\0') fail();
    return json;
  }

 private:
  [[noreturn]] void fail() const {
    throw std::runtime_error("not JSON near \"" + std::string(at_).substr(0, 20) + "\"");
  }
  void space() { at_ += std::strspn(at_, " \t\r\n"); }
  bool take(char c) {
    space();
    if (*at_ != c) return false;
    ++at_;
    return true;
  }
  bool word(const char* name) {
    const std::size_t size = std::strlen(name);
    if (std::strncmp(at_, name, size) != 0) return false;
    at_ += size;
    return true;
  }

  Json value(int depth) {
    if (depth > kMaxDepth) fail();
    Json json;
    space();
    if (*at_ == '{') return object(depth);
    if (*at_ == '[') return list(depth);
    if (*at_ == '"') {
      json.kind = Json::Kind::kText;
      json.text = text();
    } else if (word("null")) {
    } else if (word("true")) {
      json.kind = Json::Kind::kBool;
      json.number = 1;
    } else if (word("false")) {
      json.kind = Json::Kind::kBool;
    } else {
      char* end = nullptr;
      json.kind = Json::Kind::kNumber;
      json.number = std::strtod(at_, &end);
      if (end == at_) fail();
      at_ = end;
    }
    return json;
  }

  // Contracts need no \u escapes for what this program reads; they are kept as they are.
  std::string text() {
    std::string out;
    if (!take('"')) fail();
    for (; *at_ != '"'; ++at_) {
      if (*at_ == '\0') fail();
      if (*at_ == '\\' && (at_[1] == '"' || at_[1] == '\\' || at_[1] == '/')) ++at_;
      out += *at_;
    }
    ++at_;
    return out;
  }

  Json list(int depth) {
    Json json;
    json.kind = Json::Kind::kList;
    take('[');
    if (take(']')) return json;
    do json.list.push_back(value(depth + 1));
    while (take(','));
    if (!take(']')) fail();
    return json;
  }

  Json object(int depth) {
    Json json;
    json.kind = Json::Kind::kObject;
    take('{');
    if (take('}')) return json;
    do {
      space();
      const std::string key = text();
      if (!take(':')) fail();
      json.object[key] = value(depth + 1);
    } while (take(','));
    if (!take('}')) fail();
    return json;
  }

  const char* at_;
};

}  // namespace

Json Json::parse(const std::string& text) { return Reader(text).document(); }
