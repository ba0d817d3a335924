// SPDX-License-Identifier: Apache-2.0
// The search for the contract in an ONNX file: any bytes as a file.
#include <cstring>

#include "core/contract/onnx.h"
#include "fuzz/check.h"

using edgepose::ByteView;
using edgepose::ContractError;
using edgepose::Result;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input<std::uint8_t> file({data, data + size});
  ContractError error;
  const Result<ByteView> found = edgepose::find_contract(file.data(), size, &error);
  require(std::memchr(error.message, '\0', ContractError::kSize) != nullptr, "a message ends");
  require((found.status == Status::kOk) == (error.message[0] == '\0'),
          "a message where something is wrong");
  if (found.status != Status::kOk) return 0;
  const char* begin = reinterpret_cast<const char*>(file.data());
  require(found.value.data >= begin && found.value.size <= size &&
              found.value.data - begin <= static_cast<std::ptrdiff_t>(size - found.value.size),
          "the document lies in the file");
  return 0;
}
