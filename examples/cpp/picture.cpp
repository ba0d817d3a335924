// SPDX-License-Identifier: Apache-2.0
#include "picture.h"

#include <cctype>
#include <stdexcept>

#include "network.h"

namespace {

// The next number of the header; comments run from # to the end of the line.
int number(const std::string& bytes, std::size_t& at) {
  for (; at < bytes.size(); ++at) {
    if (bytes[at] == '#') {
      at = bytes.find('\n', at);
      if (at == std::string::npos) break;
    } else if (std::isspace(static_cast<unsigned char>(bytes[at])) == 0) {
      break;
    }
  }
  int value = 0;
  bool any = false;
  for (; at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9' && value < 100000; ++at) {
    value = 10 * value + (bytes[at] - '0');
    any = true;
  }
  if (!any) throw std::runtime_error("the header of the picture is broken");
  return value;
}

}  // namespace

Picture read_pnm(const std::string& path) {
  const std::string bytes = read_file(path);
  const bool grey = bytes.compare(0, 2, "P5") == 0;
  if (!grey && bytes.compare(0, 2, "P6") != 0) {
    throw std::runtime_error(path + " must be a binary PPM or PGM");
  }
  std::size_t at = 2;
  Picture picture;
  picture.width = number(bytes, at);
  picture.height = number(bytes, at);
  if (number(bytes, at) != 255) throw std::runtime_error(path + " must have 8 bits");
  ++at;  // one white space
  const std::size_t count =
      static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height);
  const std::size_t channels = grey ? 1 : 3;
  if (count == 0 || bytes.size() < at + channels * count) {
    throw std::runtime_error(path + " is empty or ends too early");
  }
  picture.pixels.resize(3 * count);
  for (std::size_t i = 0; i < 3 * count; ++i) {
    picture.pixels[i] = static_cast<std::uint8_t>(bytes[at + (grey ? i / 3 : i)]);
  }
  return picture;
}
