// SPDX-License-Identifier: Apache-2.0
// The one thing that edgepose leaves to others: numbers in, numbers out. Put the inference runtime
// of your device behind this interface.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contract.h"

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> data;
};
using Tensors = std::map<std::string, Tensor>;  // by the network's own names

class Network {
 public:
  explicit Network(Contract contract) : contract_(std::move(contract)) {}
  virtual ~Network() = default;

  // Input float32 [1, 3, height, width] as the contract wants it.
  virtual Tensors run(const std::vector<float>& input) = 0;

  const Contract& contract() const { return contract_; }

 private:
  Contract contract_;
};

// A folder: outputs that were recorded before, read from .npy files (replay.cpp). A model file:
// run by OpenVINO where this program was built with it (openvino.cpp).
std::unique_ptr<Network> open_network(const std::string& path);
std::unique_ptr<Network> open_replay(const std::string& folder);
std::unique_ptr<Network> open_openvino(const std::string& model_file);

// The whole file as text; throws std::runtime_error.
std::string read_file(const std::string& path);
