// SPDX-License-Identifier: Apache-2.0
#include "core/contract/contract.h"

#include <cstddef>

#include "core/contract/json_text.h"
#include "core/contract/tables.h"

namespace edgepose {
namespace contract {
namespace {

constexpr std::int32_t kVersion = 1;

constexpr Choice kWhole[] = {word("letterbox", ContractResize::kLetterbox),
                             word("stretch", ContractResize::kStretch)};
constexpr Choice kBox[] = {word("crop", ContractResize::kCrop)};
constexpr TaskRow kTaskRows[] = {
    {"top_down", ContractTask::kTopDown, kBox, true},
    {"bottom_up", ContractTask::kBottomUp, kWhole, true},
    {"detector", ContractTask::kDetector, kWhole, false},
};
constexpr Choice kTasks[] = {word("top_down", ContractTask::kTopDown),
                             word("bottom_up", ContractTask::kBottomUp),
                             word("detector", ContractTask::kDetector)};

#define EDGEPOSE_AT(member) offsetof(Contract, member)
constexpr Field kFields[] = {
    integer("edgepose_spec", EDGEPOSE_AT(edgepose_spec), kVersion, kVersion),
    text("name", EDGEPOSE_AT(name)),
    choice("task", EDGEPOSE_AT(task), kTasks),
    object("input"),
    object("codec"),
    object("outputs"),
    optional(object("keypoints")),
    object("training"),
    text("license", EDGEPOSE_AT(license)),
    optional(object("quantization")),
};
#define EDGEPOSE_TRAINING(member) offsetof(ContractTraining, member)
constexpr Field kTraining[] = {
    list(text("data", EDGEPOSE_TRAINING(data)), 0, 1000),
    text("description", EDGEPOSE_TRAINING(description)),
};
#undef EDGEPOSE_TRAINING
#undef EDGEPOSE_AT

Status check_version(const Reading& reading, const JsonValue& document) {
  if (document.kind() != JsonKind::kObject) {
    refused(reading, {"edgepose.spec", nullptr}).add("an object; got ").shown(document);
    return Status::kBadContract;
  }
  const JsonValue version = json_member(document, "edgepose_spec");
  std::int64_t number = 0;
  if (!version.there()) {
    Message(reading.error).add("edgepose_spec is missing; it is the version of the contract");
  } else if (version.kind() != JsonKind::kNumber || !json_integer(version, &number) ||
             number != kVersion) {
    refused(reading, {"", "edgepose_spec"}).add(kVersion).add("; got ").shown(version);
  } else {
    return Status::kOk;
  }
  return Status::kBadContract;
}

// "<what> of task 'top_down' must be one of ", to go on with.
Message refused_of_task(const Reading& reading, const char* what, const TaskRow& task) {
  return Message(reading.error)
      .add(what)
      .add(" of task ")
      .quoted(task.name)
      .add(" must be one of ");
}

Status check_task(const Reading& reading, const Contract& contract, const CodecRow& codec,
                  const TaskRow& task, bool keypoints, const JsonValue& resize) {
  const char* comma = "";
  if (codec.task != task.task) {
    Message message = refused_of_task(reading, "codec.type", task);
    for (const CodecRow& known : codecs_of(task.task)) {
      message.add(comma).quoted(known.name);
      comma = ", ";
    }
    message.add("; got ").quoted(codec.name);
    return Status::kBadContract;
  }
  if (choice_name(task.resizes, contract.input.resize) == nullptr) {
    Message message = refused_of_task(reading, "input.resize", task);
    for (const Choice& known : task.resizes) {
      message.add(comma).quoted(known.name);
      comma = ", ";
    }
    message.add("; got ").shown(resize);
    return Status::kBadContract;
  }
  if (task.keypoints == keypoints) return Status::kOk;
  Message message = Message(reading.error).add("keypoints ");
  if (task.keypoints) {
    message.add("is missing; task ").quoted(task.name).add(" needs it");
    return Status::kBadContract;
  }
  message.add("belongs to task ");
  for (const TaskRow& owner : kTaskRows) {
    if (!owner.keypoints) continue;
    message.add(comma).quoted(owner.name);
    comma = ", ";
  }
  message.add("; got task ").quoted(task.name);
  return Status::kBadContract;
}

// One text per role, read by a table made of the roles.
Status read_outputs(Reading* reading, const JsonValue& value, const CodecRow& codec,
                    List<const char*>* out) {
  const Rows<const char*> roles = codec.roles;
  Field rows[kMaxFields];
  std::size_t offset = 0;
  for (std::int32_t i = 0; i < roles.count; ++i, offset += sizeof(const char*)) {
    rows[i] = text(roles.data[i], offset);
  }
  Fields fields;
  fields.data = rows;
  fields.count = roles.count;
  auto* names = reading->room.take<const char*>(static_cast<std::size_t>(roles.count));
  if (names == nullptr) return Status::kNoCapacity;
  const Status status = read_object(reading, "outputs", value, fields, names);
  if (status != Status::kOk) return status;
  *out = {names, roles.count};
  if (!codec.different_outputs) return Status::kOk;
  return check_different(*reading, {"", "outputs"}, *out);
}

Status read(Reading* reading, const JsonValue& document, Contract* out) {
  Status status = check_version(*reading, document);
  Members root;
  if (status == Status::kOk) status = find_members(*reading, "", document, kFields, &root);
  if (status != Status::kOk) return status;
  const JsonValue& keypoints = root.at("keypoints");
  const CodecRow* codec = nullptr;
  status = read_input(reading, root.at("input"), &out->input);
  if (status == Status::kOk) status = read_codec(reading, root.at("codec"), &out->codec, &codec);
  if (status == Status::kOk) {
    status = read_object(reading, "training", root.at("training"), kTraining, &out->training);
  }
  if (status == Status::kOk && keypoints.there()) {
    status = read_keypoints(reading, keypoints, &out->keypoints);
  }
  const JsonValue& quantization = root.at("quantization");
  if (status == Status::kOk && quantization.there()) {
    status = read_quantization(reading, quantization, &out->quantization);
  }
  if (status == Status::kOk) status = read_members(reading, "", root, out);
  if (status == Status::kOk) {
    status = check_task(*reading, *out, *codec, kTaskRows[out->task], keypoints.there(),
                        json_member(root.at("input"), "resize"));
  }
  if (status == Status::kOk && codec->check_keypoints != nullptr) {
    status = codec->check_keypoints(*reading, out->codec, out->keypoints.names.count);
  }
  if (status == Status::kOk) status = codec->check_input(*reading, out->codec, out->input);
  if (status != Status::kOk) return status;
  return read_outputs(reading, root.at("outputs"), *codec, &out->outputs);
}

}  // namespace

Fields contract_fields() { return kFields; }
Fields training_fields() { return kTraining; }
Rows<TaskRow> task_rows() { return kTaskRows; }

}  // namespace contract

std::size_t contract_memory_bytes(std::size_t size) {
  // A text takes no more than its own bytes and a pointer. Room for a list is taken before its
  // items are looked at: at most sixteen bytes for each, of at least two in the document ("1,").
  static_assert(sizeof(ContractLimb) == 16);
  constexpr std::size_t kAlignment = 512;
  return size > contract::kMaxJsonBytes ? 0 : 8 * size + kAlignment;
}

Result<Contract> read_contract(const void* document, std::size_t size, void* memory,
                               std::size_t memory_size, ContractError* error) {
  const char* text = static_cast<const char*>(document);
  Result<Contract> result;
  contract::Message(error).clear();
  result.status = contract::check_json(text, size, error);
  if (result.status != Status::kOk) return result;
  contract::Reading reading{{memory, memory_size}, error};
  result.status =
      contract::read(&reading, contract::json_document(text, text + size), &result.value);
  return result;
}

}  // namespace edgepose
