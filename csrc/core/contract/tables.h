// SPDX-License-Identifier: Apache-2.0
// The tables of the contract's objects, and what they cannot say: how fields depend on each other.
// `schema.json` has the same rows; a test compares them.
#pragma once

#include "core/contract/read_field.h"

namespace edgepose::contract {

Fields contract_fields();      // of Contract, at the root
Fields input_fields();         // of ContractInput
Fields keypoint_fields();      // of ContractKeypoints
Fields training_fields();      // of ContractTraining
Fields quantization_fields();  // of ContractQuantization

// One row per task.
struct TaskRow {
  const char* name;
  ContractTask task;
  Rows<Choice> resizes;  // the ways of input.resize that it can have
  bool keypoints;        // whether it has keypoints
};
Rows<TaskRow> task_rows();

// One row per codec.type. A check that is null passes.
struct CodecRow {
  const char* name;
  ContractCodecType type;
  ContractTask task;
  Fields fields;            // of ContractCodec, besides type
  Rows<const char*> roles;  // of its outputs
  // What its fields need of each other, of the keypoints and of the input.
  Status (*check)(const Reading& reading, const ContractCodec& codec);
  Status (*check_keypoints)(const Reading& reading, const ContractCodec& codec,
                            std::int32_t keypoints);
  Status (*check_input)(const Reading& reading, const ContractCodec& codec,
                        const ContractInput& input);
  bool different_outputs;  // no tensor has two roles
};
Rows<CodecRow> codecs_of(ContractTask task);

template <typename Visitor>
void for_each_codec(Visitor visit) {
  for (const TaskRow& task : task_rows()) {
    for (const CodecRow& row : codecs_of(task.task)) visit(row);
  }
}

Status read_input(Reading* reading, const JsonValue& value, ContractInput* out);
Status read_keypoints(Reading* reading, const JsonValue& value, ContractKeypoints* out);
Status read_quantization(Reading* reading, const JsonValue& value, ContractQuantization* out);
// `*row` becomes the codec's row.
Status read_codec(Reading* reading, const JsonValue& value, ContractCodec* out,
                  const CodecRow** row);

// The word that stands for a value, null where none does.
const char* choice_name(Rows<Choice> choices, std::int32_t value);

}  // namespace edgepose::contract
