// SPDX-License-Identifier: Apache-2.0
// The core's reader of contracts, for the tests that hold it against edgepose.spec. Documents are
// made from the reader's own tables, so that no field is named here.
#include <cmath>
#include <cstring>
#include <string_view>
#include <vector>

#include "core/contract/contract.h"
#include "core/contract/onnx.h"
#include "core/contract/tables.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

using contract::Field;
using contract::FieldKind;
using contract::Fields;

[[noreturn]] void raise(const char* type, const ContractError& error) {
  const py::object kind = py::module_::import("edgepose.errors").attr(type);
  PyErr_SetString(kind.ptr(), error.message);
  throw py::error_already_set();
}

template <typename T>
T member(const Field& field, const void* object) {
  T value;
  std::memcpy(&value, static_cast<const char*>(object) + field.offset, sizeof value);
  return value;
}

py::object plain(const char* value) {
  return value == nullptr ? py::none() : py::object(py::str(value));
}
py::object plain(double value) {
  return std::isnan(value) ? py::none() : py::object(py::float_(value));
}
py::object plain(std::int32_t value) {
  return value == kAbsent ? py::none() : py::object(py::int_(value));
}
py::object plain(const IndexPair& pair) {
  py::list both;
  both.append(pair.a);
  both.append(pair.b);
  return std::move(both);
}

py::object plain(const ContractLimb& limb) {
  py::list all;
  for (const std::int32_t value : {limb.a, limb.b, limb.channel_x, limb.channel_y}) {
    all.append(value);
  }
  return std::move(all);
}

template <typename T>
py::object plain(const List<T>& list) {
  if (list.data == nullptr) return py::none();
  py::list items;
  for (const T& item : list) items.append(plain(item));
  return std::move(items);
}

py::object value_of(const Field& field, const void* object) {
  switch (field.kind) {
    case FieldKind::kText:
    case FieldKind::kDigest:
      return plain(member<const char*>(field, object));
    case FieldKind::kChoice:
      return plain(contract::choice_name(field.choices, member<std::int32_t>(field, object)));
    case FieldKind::kInteger:
      return plain(member<std::int32_t>(field, object));
    case FieldKind::kNumber:
      return plain(member<double>(field, object));
    case FieldKind::kTexts:
      return plain(member<List<const char*>>(field, object));
    case FieldKind::kIntegers:
      return plain(member<List<std::int32_t>>(field, object));
    case FieldKind::kNumbers:
      return plain(member<List<double>>(field, object));
    case FieldKind::kPairs:
      return plain(member<List<IndexPair>>(field, object));
    case FieldKind::kLimbs:
      return plain(member<List<ContractLimb>>(field, object));
    case FieldKind::kFlag: {
      const auto value = member<std::int32_t>(field, object);
      return value == kAbsent ? py::none() : py::object(py::bool_(value != 0));
    }
    case FieldKind::kObject:
      break;
  }
  return py::none();
}

void add_members(Fields fields, const void* object, py::dict* out) {
  for (const Field& field : fields) {
    const py::object value = value_of(field, object);
    if (!value.is_none()) (*out)[field.name] = value;
  }
}

py::dict members(Fields fields, const void* object) {
  py::dict found;
  add_members(fields, object, &found);
  return found;
}

py::dict document_of(const Contract& contract) {
  py::dict found = members(contract::contract_fields(), &contract);
  found["input"] = members(contract::input_fields(), &contract.input);
  contract::for_each_codec([&](const contract::CodecRow& row) {
    if (row.type != contract.codec.type) return;
    py::dict codec;
    codec["type"] = row.name;
    add_members(row.fields, &contract.codec, &codec);
    found["codec"] = codec;
    py::dict outputs;
    for (std::int32_t i = 0; i < row.roles.count; ++i) {
      outputs[row.roles.data[i]] = contract.outputs.data[i];
    }
    found["outputs"] = outputs;
  });
  if (contract.keypoints.names.count > 0) {
    found["keypoints"] = members(contract::keypoint_fields(), &contract.keypoints);
  }
  found["training"] = members(contract::training_fields(), &contract.training);
  if (contract.quantization.method != nullptr) {
    found["quantization"] = members(contract::quantization_fields(), &contract.quantization);
  }
  return found;
}

py::dict read(const py::bytes& document) {
  const std::string_view text = document;
  std::vector<char> memory(contract_memory_bytes(text.size()));
  ContractError error;
  const Result<Contract> result =
      read_contract(text.data(), text.size(), memory.data(), memory.size(), &error);
  if (result.status == Status::kBadContract) raise("SpecError", error);
  require_ok(result.status, "read_contract");
  return document_of(result.value);
}

py::object find(const py::bytes& model) {
  const std::string_view bytes = model;
  ContractError error;
  const Result<ByteView> result = find_contract(bytes.data(), bytes.size(), &error);
  if (result.status == Status::kNoContract) return py::none();
  if (result.status == Status::kBadModel) raise("ModelError", error);
  require_ok(result.status, "find_contract");
  return py::bytes(result.value.data, result.value.size);
}

py::dict described(const Field& field) {
  static constexpr const char* kKinds[] = {"text",  "choice",   "integer", "number",
                                           "texts", "integers", "numbers", "pairs",
                                           "limbs", "flag",     "digest",  "object"};
  py::dict row;
  row["kind"] = kKinds[static_cast<int>(field.kind)];
  row["required"] = field.required;
  row["low"] = field.low;
  row["high"] = field.high;
  row["above"] = field.above;
  row["odd"] = field.odd;
  row["different"] = field.different;
  row["count"] = py::make_tuple(field.min_count, field.max_count);
  py::list choices;
  for (const contract::Choice& choice : field.choices) choices.append(choice.name);
  row["choices"] = choices;
  return row;
}

py::dict described(Fields fields) {
  py::dict table;
  for (const Field& field : fields) table[field.name] = described(field);
  return table;
}

// {"": {field: {...}}, "input": .., "keypoints": .., "training": .., "quantization": ..,
//  "codecs": {type: {...}}, "tasks": {task: {...}}}.
py::dict tables() {
  py::dict all;
  all[""] = described(contract::contract_fields());
  all["input"] = described(contract::input_fields());
  all["keypoints"] = described(contract::keypoint_fields());
  all["training"] = described(contract::training_fields());
  all["quantization"] = described(contract::quantization_fields());
  py::dict codecs;
  py::dict tasks;
  for (const contract::TaskRow& task : contract::task_rows()) {
    py::dict row;
    py::list resizes;
    for (const contract::Choice& resize : task.resizes) resizes.append(resize.name);
    row["resizes"] = resizes;
    row["keypoints"] = task.keypoints;
    tasks[task.name] = row;
  }
  contract::for_each_codec([&](const contract::CodecRow& codec) {
    py::dict row;
    py::list roles;
    for (const char* role : codec.roles) roles.append(role);
    row["task"] = contract::task_rows().data[static_cast<int>(codec.task)].name;
    row["roles"] = roles;
    row["fields"] = described(codec.fields);
    codecs[codec.name] = row;
  });
  all["codecs"] = codecs;
  all["tasks"] = tasks;
  return all;
}

}  // namespace

void register_contract(py::module_& module) {
  using py::literals::operator""_a;
  module.def("read_contract", &read, "document"_a,
             "The core's reading of a contract: what Spec.from_json(document).to_dict() gives.");
  module.def("find_contract", &find, "model"_a,
             "The contract's bytes inside those of an ONNX file, None without one.");
  module.def("contract_tables", &tables, "The tables that the core reads contracts by.");
}

}  // namespace edgepose::python
