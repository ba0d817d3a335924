// SPDX-License-Identifier: Apache-2.0
// The contract of a model: every number between a picture and the network comes from it.
#pragma once

#include <edgepose.h>

#include <optional>
#include <string>
#include <vector>

class Contract {
 public:
  // Reads the JSON document; throws std::runtime_error that names the field which is wrong.
  explicit Contract(const std::string& document);
  Contract(Contract&&) = default;
  Contract& operator=(Contract&&) = default;

  const ep_contract* operator->() const { return &contract_; }
  const ep_contract* get() const { return &contract_; }

 private:
  std::vector<char> memory_;  // what contract_ points to; moving it leaves it in its place
  ep_contract contract_;
};

// The document inside an ONNX file, none where it carries none; throws where it is no ONNX file.
std::optional<std::string> find_document(const std::string& onnx_file);
