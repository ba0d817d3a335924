// SPDX-License-Identifier: Apache-2.0
// Pictures as a contract wants them at the network's input.
#pragma once

#include <string>
#include <vector>

#include "network.h"
#include "picture.h"

// Fills [1, 3, height, width] with the part of the picture that the matrix maps to.
std::vector<float> crop_input(const Json& contract, const Picture& picture,
                              const double* input_to_image);

// The constant that stands for a name: its place in the list.
int choice(const std::string& name, const std::vector<std::string>& names);

// The output that the contract gives a role; throws where it is missing or not [1, ...] of `rank`.
const Tensor& output(const Tensors& outputs, const Json& contract, const char* role,
                     std::size_t rank);
