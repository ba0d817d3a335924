// SPDX-License-Identifier: Apache-2.0
#include "contract.h"

#include "check.h"
#include "network.h"

Contract::Contract(const std::string& document)
    : memory_(ep_contract_memory_size(document.size())) {
  Checked check;
  ep_contract_init(&contract_, sizeof contract_);
  check(ep_contract_read(document.data(), document.size(), memory_.data(), memory_.size(),
                         &contract_, check));
}

std::optional<std::string> find_document(const std::string& onnx_file) {
  const std::string model = read_file(onnx_file);
  const char* document = nullptr;
  std::size_t size = 0;
  Checked check;
  const ep_status status = ep_contract_find(model.data(), model.size(), &document, &size, check);
  if (status == EP_NO_CONTRACT) return std::nullopt;
  check(status);
  return std::string(document, size);
}
