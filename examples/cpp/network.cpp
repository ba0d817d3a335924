// SPDX-License-Identifier: Apache-2.0
#include "network.h"

#include <filesystem>
#include <fstream>
#include <iterator>

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::unique_ptr<Network> open_network(const std::string& path) {
  if (std::filesystem::is_directory(path)) return open_replay(path);
#ifdef EDGEPOSE_EXAMPLE_OPENVINO
  return open_openvino(path);
#else
  throw std::runtime_error("this program was built without OpenVINO: " + path +
                           " must be a folder of recorded outputs");
#endif
}
