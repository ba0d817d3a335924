// SPDX-License-Identifier: Apache-2.0
// Pictures as a contract wants them at the network's input.
#pragma once

#include <string>
#include <vector>

#include "network.h"
#include "picture.h"

// Fills [1, 3, height, width] with the part of the picture that the matrix maps to.
std::vector<float> crop_input(const Contract& contract, const Picture& picture,
                              const double* input_to_image);

// Output number `role` of the contract; throws where it is missing or not [1, ...] of `rank`.
const Tensor& output(const Tensors& outputs, const Contract& contract, std::int32_t role,
                     std::size_t rank);
