// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <initializer_list>

#include "core/contract/read_field.h"

namespace edgepose::contract {
namespace {

const Field* find(Fields fields, const JsonValue& key) {
  for (const Field& field : fields) {
    if (json_equal(key, field.name)) return &field;
  }
  return nullptr;
}

Status unknown(const Reading& reading, const char* object, const JsonValue& key, Fields fields) {
  Message message(reading.error);
  message.add(object)
      .add(object[0] == '\0' ? "" : ".")
      .raw(key.begin + 1, key.end - 1)
      .add(" is unknown; known here: ");
  const char* comma = "";
  for (const bool required : {true, false}) {
    for (const Field& field : fields) {
      if (field.required != required) continue;
      message.add(comma).add(field.name);
      comma = ", ";
    }
  }
  return Status::kBadContract;
}

}  // namespace

const JsonValue& Members::at(const char* name) const {
  std::int32_t row = 0;
  while (row + 1 < fields.count && std::strcmp(fields.data[row].name, name) != 0) ++row;
  return values[row];
}

Message refused(const Reading& reading, const Path& path) {
  return Message(reading.error).add(path).add(" must be ");
}

Status find_members(const Reading& reading, const char* object, const JsonValue& value,
                    Fields fields, Members* out, const char* read_before) {
  if (value.kind() != JsonKind::kObject) {
    refused(reading, {object, nullptr}).add("an object; got ").shown(value);
    return Status::kBadContract;
  }
  *out = {fields, {}};
  JsonValue key;
  JsonValue item;
  for (JsonItems items(value); items.next(&key, &item);) {
    const Field* field = find(fields, key);
    if (field != nullptr) out->values[field - fields.data] = item;
  }
  for (std::int32_t row = 0; row < fields.count; ++row) {
    if (!fields.data[row].required || out->values[row].there()) continue;
    Message(reading.error).add(Path{object, fields.data[row].name}).add(" is missing");
    return Status::kBadContract;
  }
  for (JsonItems items(value); items.next(&key, &item);) {
    if (read_before != nullptr && json_equal(key, read_before)) continue;
    const Field* field = find(fields, key);
    if (field == nullptr) return unknown(reading, object, key, fields);
    if (item.kind() != JsonKind::kNull) continue;
    Message(reading.error)
        .add(Path{object, field->name})
        .add(field->required ? " must not be null" : " must not be null; leave it out");
    return Status::kBadContract;
  }
  return Status::kOk;
}

Status read_members(Reading* reading, const char* object, const Members& members, void* out) {
  for (std::int32_t row = 0; row < members.fields.count; ++row) {
    const Field& field = members.fields.data[row];
    if (field.kind == FieldKind::kObject) continue;
    const Status status = read_field(reading, object, field, members.values[row], out);
    if (status != Status::kOk) return status;
  }
  return Status::kOk;
}

Status read_object(Reading* reading, const char* object, const JsonValue& value, Fields fields,
                   void* out, const char* read_before) {
  Members members;
  const Status status = find_members(*reading, object, value, fields, &members, read_before);
  return status == Status::kOk ? read_members(reading, object, members, out) : status;
}

}  // namespace edgepose::contract
