// SPDX-License-Identifier: Apache-2.0
#include "core/contract/read_field.h"

#include <cmath>
#include <cstring>
#include <initializer_list>
#include <type_traits>

namespace edgepose::contract {
namespace {

struct Place {
  Reading* reading;
  const Field* field;
  Path path;

  Message refuse() const { return refused(*reading, path); }
  Place item(std::int32_t index) const {
    return {reading, field, {path.object, path.field, index}};
  }
};

template <typename T>
void put(const Field& field, const T& value, void* out) {
  std::memcpy(static_cast<char*>(out) + field.offset, &value, sizeof value);
}

Status out_of_range(const Place& place, const char* kind, const JsonValue& value) {
  const Field& field = *place.field;
  Message message = place.refuse().add(kind);
  if (field.above) {
    message.add(" above ").bound(field.low).add(" and at most ").bound(field.high);
  } else {
    message.add(" ").bound(field.low).add("..").bound(field.high);
  }
  message.add("; got ").shown(value);
  return Status::kBadContract;
}

Status read_one(const Place& place, const JsonValue& value, const char** out) {
  return read_text(place.reading, place.path, value, out);
}

Status read_one(const Place& place, const JsonValue& value, double* out) {
  if (value.kind() != JsonKind::kNumber) return out_of_range(place, "a number", value);
  const Field& field = *place.field;
  *out = json_number(value) + 0.0;  // no negative zero
  const bool good = *out >= field.low && *out <= field.high && !(field.above && *out == field.low);
  if (!good) return out_of_range(place, "a number", value);
  if (*out == 0.0 || std::fabs(*out) >= kLeastSize) return Status::kOk;
  place.refuse()
      .add("no nearer to 0 than ")
      .bound(kLeastSize)
      .add(", the least of float32; got ")
      .shown(value);
  return Status::kBadContract;
}

Status read_one(const Place& place, const JsonValue& value, std::int32_t* out) {
  const Field& field = *place.field;
  std::int64_t whole = 0;
  const bool good = value.kind() == JsonKind::kNumber && json_integer(value, &whole) &&
                    static_cast<double>(whole) >= field.low &&
                    static_cast<double>(whole) <= field.high;
  if (!good) return out_of_range(place, "a whole number", value);
  *out = static_cast<std::int32_t>(whole);
  if (!field.odd || *out % 2 != 0) return Status::kOk;
  place.refuse().add("odd; got ").shown(value);
  return Status::kBadContract;
}

Status read_choice(const Place& place, const JsonValue& value, std::int32_t* out) {
  for (const Choice& choice : place.field->choices) {
    if (value.kind() != JsonKind::kText || !json_equal(value, choice.name)) continue;
    *out = choice.value;
    return Status::kOk;
  }
  Message message = place.refuse().add("one of ");
  const char* comma = "";
  for (const Choice& choice : place.field->choices) {
    message.add(comma).quoted(choice.name);
    comma = ", ";
  }
  message.add("; got ").shown(value);
  return Status::kBadContract;
}

Status check_count(const Place& place, std::int32_t low, std::int32_t high, const JsonValue& value,
                   std::int32_t* count) {
  const bool list = value.kind() == JsonKind::kList;
  *count = list ? json_count(value) : 0;
  if (list && *count >= low && *count <= high) return Status::kOk;
  Message message = place.refuse().add("a list of ").add(low);
  if (low != high) message.add("..").add(high);
  message.add(" items; got ");
  if (list) {
    message.add(*count).add(" items");
  } else {
    message.shown(value);
  }
  return Status::kBadContract;
}

// A list of as many whole numbers as there are places for.
Status read_tuple(const Place& place, const JsonValue& value,
                  std::initializer_list<std::int32_t*> out) {
  const auto wanted = static_cast<std::int32_t>(out.size());
  std::int32_t count = 0;
  Status status = check_count(place, wanted, wanted, value, &count);
  if (status != Status::kOk) return status;
  JsonItems items(value);
  JsonValue item;
  for (std::int32_t* index : out) {
    items.next(&item);
    status = read_one(place, item, index);
    if (status != Status::kOk) break;
  }
  return status;
}

Status read_one(const Place& place, const JsonValue& value, IndexPair* out) {
  return read_tuple(place, value, {&out->a, &out->b});
}

Status read_one(const Place& place, const JsonValue& value, ContractLimb* out) {
  return read_tuple(place, value, {&out->a, &out->b, &out->channel_x, &out->channel_y});
}

Status read_flag(const Place& place, const JsonValue& value, std::int32_t* out) {
  if (value.kind() == JsonKind::kBool) {
    *out = *value.begin == 't' ? 1 : 0;
    return Status::kOk;
  }
  place.refuse().add("true or false; got ").shown(value);
  return Status::kBadContract;
}

Status read_digest(const Place& place, const JsonValue& value, const char** out) {
  constexpr int kDigits = 64;
  int digits = 0;
  bool good = value.kind() == JsonKind::kText;
  if (good) {
    std::uint32_t character = 0;
    for (JsonCharacters characters(value); characters.next(&character); ++digits) {
      const bool decimal = character >= '0' && character <= '9';
      good = good && (decimal || (character >= 'a' && character <= 'f'));
    }
  }
  if (good && digits == kDigits) return read_text(place.reading, place.path, value, out);
  place.refuse().add(kDigits).add(" hexadecimal digits in lower case; got ").shown(value);
  return Status::kBadContract;
}

bool same(const char* a, const char* b) { return std::strcmp(a, b) == 0; }
bool same(std::int32_t a, std::int32_t b) { return a == b; }

void show(Message* message, const char* text) { message->quoted(text); }
void show(Message* message, std::int32_t number) { message->add(number); }

template <typename T>
Status all_differ(const Reading& reading, const Path& path, const List<T>& list) {
  for (const T* item = list.begin(); item != list.end(); ++item) {
    for (const T* other = list.begin(); other != item; ++other) {
      if (!same(*item, *other)) continue;
      Message message = Message(reading.error).add(path).add(" must differ; got ");
      show(&message, *item);
      message.add(" twice");
      return Status::kBadContract;
    }
  }
  return Status::kOk;
}

template <typename T>
Status read_list(const Place& place, const JsonValue& value, void* out) {
  const Field& field = *place.field;
  List<T> list;
  put(field, list, out);
  if (!value.there()) return Status::kOk;
  Status status = check_count(place, field.min_count, field.max_count, value, &list.count);
  if (status != Status::kOk) return status;
  T* values = place.reading->room.take<T>(static_cast<std::size_t>(list.count));
  if (values == nullptr) return Status::kNoCapacity;
  JsonItems items(value);
  JsonValue item;
  for (std::int32_t i = 0; items.next(&item); ++i) {
    status = read_one(place.item(i), item, values + i);
    if (status != Status::kOk) return status;
  }
  list.data = values;
  put(field, list, out);
  if constexpr (std::is_same_v<T, const char*> || std::is_same_v<T, std::int32_t>) {
    if (field.different) return all_differ(*place.reading, place.path, list);
  }
  return Status::kOk;
}

template <typename T>
Status read_single(const Place& place, const JsonValue& value, T absent, void* out) {
  T read = absent;
  const Status status = value.there() ? read_one(place, value, &read) : Status::kOk;
  put(*place.field, read, out);
  return status;
}

}  // namespace

Status check_different(const Reading& reading, const Path& path, const List<const char*>& texts) {
  return all_differ(reading, path, texts);
}

Status read_field(Reading* reading, const char* object, const Field& field, const JsonValue& value,
                  void* out) {
  const Place place{reading, &field, {object, field.name}};
  switch (field.kind) {
    case FieldKind::kText:
      return read_single<const char*>(place, value, nullptr, out);
    case FieldKind::kInteger:
      return read_single<std::int32_t>(place, value, kAbsent, out);
    case FieldKind::kNumber:
      return read_single<double>(place, value, kAbsentNumber, out);
    case FieldKind::kChoice: {
      std::int32_t read = kAbsent;
      const Status status = value.there() ? read_choice(place, value, &read) : Status::kOk;
      put(field, read, out);
      return status;
    }
    case FieldKind::kTexts:
      return read_list<const char*>(place, value, out);
    case FieldKind::kIntegers:
      return read_list<std::int32_t>(place, value, out);
    case FieldKind::kNumbers:
      return read_list<double>(place, value, out);
    case FieldKind::kPairs:
      return read_list<IndexPair>(place, value, out);
    case FieldKind::kLimbs:
      return read_list<ContractLimb>(place, value, out);
    case FieldKind::kFlag: {
      std::int32_t read = kAbsent;
      const Status status = value.there() ? read_flag(place, value, &read) : Status::kOk;
      put(field, read, out);
      return status;
    }
    case FieldKind::kDigest: {
      const char* read = nullptr;
      const Status status = value.there() ? read_digest(place, value, &read) : Status::kOk;
      put(field, read, out);
      return status;
    }
    case FieldKind::kObject:
      break;
  }
  return Status::kOk;
}

}  // namespace edgepose::contract
