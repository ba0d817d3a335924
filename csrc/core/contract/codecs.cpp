// SPDX-License-Identifier: Apache-2.0
// To add a codec: its members in ContractCodec, and a table and a row in the file of its task.
#include "core/contract/codec_parts.h"

namespace edgepose::contract {
namespace {

const CodecRow* find_row(const JsonValue& type) {
  if (type.kind() != JsonKind::kText) return nullptr;
  const CodecRow* found = nullptr;
  for_each_codec([&](const CodecRow& row) {
    if (json_equal(type, row.name)) found = &row;
  });
  return found;
}

}  // namespace

Rows<CodecRow> codecs_of(ContractTask task) {
  switch (task) {
    case ContractTask::kTopDown:
      return top_down_codecs();
    case ContractTask::kBottomUp:
      return bottom_up_codecs();
    case ContractTask::kDetector:
      break;
  }
  return detector_codecs();
}

Status read_codec(Reading* reading, const JsonValue& value, ContractCodec* out,
                  const CodecRow** row) {
  if (value.kind() != JsonKind::kObject) {
    refused(*reading, {"codec", nullptr}).add("an object; got ").shown(value);
    return Status::kBadContract;
  }
  const JsonValue type = json_member(value, "type");
  if (!type.there()) {
    Message(reading->error).add("codec.type is missing");
    return Status::kBadContract;
  }
  *row = find_row(type);
  if (*row == nullptr) {
    Message message = refused(*reading, {"codec", "type"}).add("one of ");
    const char* comma = "";
    for_each_codec([&](const CodecRow& known) {
      message.add(comma).quoted(known.name);
      comma = ", ";
    });
    message.add("; got ").shown(type);
    return Status::kBadContract;
  }
  out->type = (*row)->type;
  const Status status = read_object(reading, "codec", value, (*row)->fields, out, "type");
  if (status != Status::kOk || (*row)->check == nullptr) return status;
  return (*row)->check(*reading, *out);
}

}  // namespace edgepose::contract
