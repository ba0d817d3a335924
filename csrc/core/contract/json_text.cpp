// SPDX-License-Identifier: Apache-2.0
#include "core/contract/json_text.h"

#include <cmath>
#include <cstring>
#include <initializer_list>

#include "core/contract/json_value.h"
#include "core/contract/message.h"

namespace edgepose::contract {
namespace {

struct Key {
  std::uint32_t hash;
  std::uint32_t begin, end;  // bytes of the document
};

std::uint32_t hash_of(const JsonValue& text) {
  std::uint32_t hash = 2166136261U;  // FNV-1a, over code points
  std::uint32_t character = 0;
  for (JsonCharacters characters(text); characters.next(&character);) {
    hash = (hash ^ character) * 16777619U;
  }
  return hash;
}

class Checker {
 public:
  Checker(const char* begin, const char* end, ContractError* error)
      : begin_(begin), at_(begin), end_(end), error_(error) {}

  bool document() {
    do {
      if (!value()) return false;
    } while (depth_ > 0);
    space();
    return at_ == end_ || not_json("something follows the document");
  }

 private:
  struct Level {
    bool object;
    int keys;
  };

  // One value; of a list or an object only up to its first value, unless it is empty.
  bool value() {
    space();
    if (take('{')) {
      if (!open(true)) return false;
      space();
      if (!take('}')) return key();
      --depth_;
    } else if (take('[')) {
      if (!open(false)) return false;
      space();
      if (!take(']')) return true;
      --depth_;
    } else if (!scalar()) {
      return false;
    }
    return after_value();
  }

  // Closes what ends here, up to where the next value is due.
  bool after_value() {
    for (; depth_ > 0; --depth_) {
      space();
      const bool object = levels_[depth_ - 1].object;
      if (take(',')) {
        space();
        return !object || key();
      }
      if (!take(object ? '}' : ']')) return not_json("expected a comma or a closing bracket");
    }
    return true;
  }

  bool open(bool object) {
    if (depth_ == kMaxJsonDepth) {
      Message(error_).add("a contract must not nest deeper than ").add(kMaxJsonDepth);
      return false;
    }
    levels_[depth_++] = {object, 0};
    return true;
  }

  bool key() {
    if (at_ == end_ || *at_ != '"') return not_json("expected a key in double quotes");
    JsonValue text{at_, nullptr};
    if (!quoted()) return false;
    text.end = at_;
    Level& level = levels_[depth_ - 1];
    Key* keys = keys_[depth_ - 1];
    const std::uint32_t hash = hash_of(text);
    for (int i = 0; i < level.keys; ++i) {
      if (keys[i].hash != hash) continue;
      if (!json_equal({begin_ + keys[i].begin, begin_ + keys[i].end}, text)) continue;
      Message(error_).add("a contract must not have a key twice; got ").shown(text).add(" twice");
      return false;
    }
    if (level.keys == kMaxJsonKeys) {
      Message(error_)
          .add("a contract must have at most ")
          .add(kMaxJsonKeys)
          .add(" keys in an object");
      return false;
    }
    keys[level.keys++] = {hash, static_cast<std::uint32_t>(text.begin - begin_),
                          static_cast<std::uint32_t>(text.end - begin_)};
    space();
    return take(':') || not_json("expected a colon");
  }

  bool scalar() {
    if (at_ == end_) return not_json("expected a value");
    if (*at_ == '"') return quoted();
    if (*at_ == '-' || is_digit(*at_)) return number();
    if (word("null") || word("true") || word("false")) return true;
    for (const char* name : {"NaN", "Infinity"}) {
      if (word(name)) return not_finite(at_ - std::strlen(name));
    }
    return not_json("expected a value");
  }

  bool quoted() {
    for (++at_; at_ != end_; ++at_) {
      if (*at_ == '"') return ++at_, true;
      if (static_cast<unsigned char>(*at_) < 0x20) return not_json("a control character");
      if (*at_ == '\\' && !escape()) return false;
    }
    return not_json("a text does not end");
  }

  // Leaves at_ on the last character of the escape.
  bool escape() {
    ++at_;
    if (at_ == end_ || *at_ == '\0' || std::strchr("\"\\/bfnrtu", *at_) == nullptr) {
      return not_json("an unknown escape");
    }
    if (*at_ != 'u') return true;
    for (int i = 0; i < 4; ++i) {
      ++at_;
      if (at_ == end_ || hex_digit(*at_) > 15) return not_json("\\u needs four digits");
    }
    return true;
  }

  bool number() {
    const char* start = at_;
    take('-');
    if (word("Infinity")) return not_finite(start);
    const char* whole = at_;
    if (!take('0') && !digits()) return not_json("expected a digit");
    const std::int64_t count = at_ - whole;
    bool integer = true;
    if (take('.')) {
      integer = false;
      if (!digits()) return not_json("expected a digit");
    }
    if (take('e') || take('E')) {
      integer = false;
      if (!take('-')) take('+');
      if (!digits()) return not_json("expected a digit");
    }
    if (!integer) return float64_holds(start);
    if (count <= kMaxJsonDigits) return true;
    Message(error_).add("a contract must have smaller numbers; got ").add(count).add(" digits");
    return false;
  }

  bool digits() {
    const char* start = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != start;
  }

  void space() {
    while (at_ != end_ && is_space(*at_)) ++at_;
  }
  bool take(char wanted) {
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }
  bool word(const char* wanted) {
    const std::size_t size = std::strlen(wanted);
    if (static_cast<std::size_t>(end_ - at_) < size) return false;
    if (std::memcmp(at_, wanted, size) != 0) return false;
    at_ += size;
    return true;
  }
  // A number with a fraction or an exponent must not become infinite or, wrongly, 0.
  bool float64_holds(const char* start) {
    const double value = json_number({start, at_});
    if (!std::isfinite(value)) return not_finite(start);
    if (value != 0.0) return true;
    for (const char* at = start; at != at_ && *at != 'e' && *at != 'E'; ++at) {
      if (*at < '1' || *at > '9') continue;
      Message(error_).add("a contract must have numbers that float64 holds; got ").raw(start, at_);
      return false;
    }
    return true;
  }
  bool not_finite(const char* start) {
    Message(error_).add("a contract must have finite numbers; got ").raw(start, at_);
    return false;
  }
  bool not_json(const char* why) {
    Message(error_).add("a contract must be JSON: ").add(why).add(" at byte ").add(at_ - begin_);
    return false;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  ContractError* error_;
  int depth_ = 0;
  Level levels_[kMaxJsonDepth] = {};
  Key keys_[kMaxJsonDepth][kMaxJsonKeys];
};

}  // namespace

Status check_json(const char* text, std::size_t size, ContractError* error) {
  if (text == nullptr && size > 0) {
    Message(error).add("a contract must be JSON text; got none");
    return Status::kNullPointer;
  }
  const auto count = static_cast<std::int64_t>(size);
  if (size > kMaxJsonBytes) {
    Message(error).add("a contract must be at most 1048576 bytes; got ").add(count);
    return Status::kBadContract;
  }
  const std::size_t good = valid_utf8(text, size);
  if (good < size) {
    Message(error)
        .add("a contract must be UTF-8 text; byte ")
        .add(static_cast<std::int64_t>(good))
        .add(" is not");
    return Status::kBadContract;
  }
  if (size >= 3 && std::memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
    Message(error).add("a contract must be JSON: Unexpected UTF-8 BOM");
    return Status::kBadContract;
  }
  return Checker(text, text + size, error).document() ? Status::kOk : Status::kBadContract;
}

}  // namespace edgepose::contract
