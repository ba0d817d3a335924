// SPDX-License-Identifier: Apache-2.0
#include "input.h"

#include <algorithm>

#include "check.h"

std::vector<float> crop_input(const Json& contract, const Picture& picture,
                              const double* input_to_image) {
  const Json& input = contract.at("input");
  const int width = input.integer("width");
  const int height = input.integer("height");
  ep_picture view;
  ep_picture_init(&view, sizeof view);
  ep_picture_set_packed3(&view, picture.pixels.data(), picture.width, picture.height);
  ep_crop_options options;
  ep_crop_options_init(&options, sizeof options);
  options.swap_rb = input.at("color").text == "bgr" ? 1 : 0;
  options.antialias = 0;  // as the networks were trained
  options.pad_value = static_cast<float>(input.number_or("pad_value", 0));
  for (std::size_t c = 0; c < 3; ++c) {
    options.mean[c] = static_cast<float>(input.at("mean").list.at(c).number);
    options.std[c] = static_cast<float>(input.at("std").list.at(c).number);
  }
  std::vector<float> out(static_cast<std::size_t>(3) * static_cast<std::size_t>(width) *
                         static_cast<std::size_t>(height));
  ep_tensor tensor;
  ep_tensor_init(&tensor, sizeof tensor);
  tensor.width = width;
  tensor.height = height;
  tensor.data = out.data();
  Checked check;
  check(ep_crop_run(&view, input_to_image, 1, &options, &tensor, check));
  return out;
}

int choice(const std::string& name, const std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw std::runtime_error("the contract says \"" + name + "\"");
  return static_cast<int>(found - names.begin());
}

const Tensor& output(const Tensors& outputs, const Json& contract, const char* role,
                     std::size_t rank) {
  const std::string& name = contract.at("outputs").at(role).text;
  const auto found = outputs.find(name);
  if (found == outputs.end()) throw std::runtime_error("the network has no output " + name);
  const std::vector<std::int64_t>& shape = found->second.shape;
  if (shape.size() != rank || shape[0] != 1) {
    throw std::runtime_error("output " + name + " has another shape than its contract says");
  }
  return found->second;
}
