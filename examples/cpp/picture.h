// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

// RGB, rows without gaps.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> pixels;
};

// Reads a binary PPM (P6) or PGM (P5) of 8 bits; throws std::runtime_error.
Picture read_pnm(const std::string& path);
