// SPDX-License-Identifier: Apache-2.0
#include "input.h"

#include "check.h"

std::vector<float> crop_input(const Contract& contract, const Picture& picture,
                              const double* input_to_image) {
  ep_picture view;
  ep_picture_init(&view, sizeof view);
  ep_picture_set_packed3(&view, picture.pixels.data(), picture.width, picture.height);
  ep_crop_options options;
  ep_crop_options_init(&options, sizeof options);
  ep_crop_options_set_contract(&options, contract.get());
  std::vector<float> out(std::size_t{3} * static_cast<std::size_t>(contract->input_width) *
                         static_cast<std::size_t>(contract->input_height));
  ep_tensor tensor;
  ep_tensor_init(&tensor, sizeof tensor);
  ep_tensor_set_contract(&tensor, contract.get(), out.data());
  Checked check;
  check(ep_crop_run(&view, input_to_image, 1, &options, &tensor, check));
  return out;
}

const Tensor& output(const Tensors& outputs, const Contract& contract, std::int32_t role,
                     std::size_t rank) {
  const std::string name = contract->outputs[role];
  const auto found = outputs.find(name);
  if (found == outputs.end()) throw std::runtime_error("the network has no output " + name);
  const std::vector<std::int64_t>& shape = found->second.shape;
  if (shape.size() != rank || shape[0] != 1) {
    throw std::runtime_error("output " + name + " has another shape than its contract says");
  }
  return found->second;
}
