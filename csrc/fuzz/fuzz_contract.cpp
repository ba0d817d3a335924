// SPDX-License-Identifier: Apache-2.0
// The reader of contracts: any bytes as a document.
#include <cstring>

#include "core/contract/contract.h"
#include "core/contract/json_text.h"
#include "fuzz/check.h"

using edgepose::Contract;
using edgepose::ContractError;
using edgepose::IndexPair;
using edgepose::List;
using edgepose::Result;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::require;
using edgepose::fuzz::Workspace;

namespace {

// Touches every byte of a text: one that does not end is read beyond the memory.
void check_text(const char* text) {
  const std::size_t size = std::strlen(text);
  require(edgepose::contract::valid_utf8(text, size) == size, "texts are UTF-8");
}

void check_texts(const List<const char*>& texts) {
  for (const char* text : texts) check_text(text);
}

void check_indices(const List<std::int32_t>& indices, std::int32_t count) {
  for (const std::int32_t index : indices) require(index >= 0 && index < count, "indices fit");
}

void check_pairs(const List<IndexPair>& pairs, std::int32_t count) {
  for (const IndexPair& pair : pairs) {
    require(pair.a >= 0 && pair.a < count && pair.b >= 0 && pair.b < count, "indices fit");
    require(pair.a != pair.b, "pairs are of two");
  }
}

void check(const Contract& contract) {
  for (const char* text :
       {contract.name, contract.license, contract.input.name, contract.training.description}) {
    check_text(text);
  }
  check_texts(contract.outputs);
  check_texts(contract.keypoints.names);
  check_texts(contract.training.data);
  require(contract.input.mean.count == 3 && contract.input.std.count == 3, "three channels");
  for (const double spread : contract.input.std) require(spread > 0.0, "std is above 0");
  const std::int32_t names = contract.keypoints.names.count;
  check_pairs(contract.keypoints.edges, names);
  check_pairs(contract.keypoints.flip_pairs, names);
  const std::int32_t sigmas = contract.keypoints.sigmas.count;
  require(sigmas == 0 || sigmas == names, "a sigma for each name, or none");
  const edgepose::ContractCodec& codec = contract.codec;
  check_indices(codec.redundant, codec.limbs.count);
  check_indices(codec.uncounted, names);
  check_indices(codec.joint_order, names);
  for (const auto& limb : codec.limbs) {
    require(limb.a >= 0 && limb.a < names && limb.b >= 0 && limb.b < names, "indices fit");
  }
  for (const std::int32_t stride : codec.strides) require(stride > 0, "strides are positive");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input<std::uint8_t> document({data, data + size});
  const std::size_t needed = edgepose::contract_memory_bytes(size);
  Workspace memory(needed);
  ContractError error;
  const Result<Contract> read =
      edgepose::read_contract(document.data(), size, memory.data(), needed, &error);
  require(read.status != Status::kNoCapacity, "the memory is always enough");
  require(std::memchr(error.message, '\0', ContractError::kSize) != nullptr, "a message ends");
  require((read.status == Status::kOk) == (error.message[0] == '\0'),
          "a message where something is wrong");
  const std::size_t length = std::strlen(error.message);
  require(edgepose::contract::valid_utf8(error.message, length) == length, "messages are UTF-8");
  if (read.status == Status::kOk) check(read.value);
  Workspace little(needed / 8);
  const Result<Contract> cramped =
      edgepose::read_contract(document.data(), size, little.data(), needed / 8, nullptr);
  if (cramped.status == Status::kOk) check(cramped.value);
  return 0;
}
