// SPDX-License-Identifier: Apache-2.0
// The contract inside an ONNX file, found without an ONNX library and without reading the network.
// Source: the public description of protobuf's encoding and onnx.proto (ModelProto.metadata_props =
// 14, StringStringEntryProto key = 1, value = 2).
#pragma once

#include <cstddef>

#include "core/contract/error.h"
#include "core/status.h"

namespace edgepose {

// Bytes inside those that were given.
struct ByteView {
  const char* data = nullptr;
  std::size_t size = 0;
};

// The value of the entry `edgepose.spec` in the metadata of a model, for read_contract.
// Needs: the bytes of the whole file, perhaps mapped. They need not be trusted: every length is
//        checked against the file and the number of fields is bounded. error may be null.
// Gives: kBadModel where this is no ONNX model, is cut short, has the entry twice or the entry is
//        longer than 1 MiB; kNoContract where there is no entry.
// Cost:  touches the tags of the outermost fields, at most 100,000, and the metadata.
Result<ByteView> find_contract(const void* model, std::size_t size, ContractError* error);

}  // namespace edgepose
