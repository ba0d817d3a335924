// SPDX-License-Identifier: Apache-2.0
// A network that was run elsewhere: call i gives what lies in FOLDER/i/OUTPUT.npy.
#include <cstring>
#include <filesystem>

#include "network.h"

namespace {

// float32, C order, format version 1: what numpy.save writes for such arrays.
Tensor read_npy(const std::string& path) {
  const std::string bytes = read_file(path);
  const auto bad = [&](const char* why) { throw std::runtime_error(path + ": " + why); };
  if (bytes.size() < 10 || bytes.compare(0, 8, "\x93NUMPY\x01\x00", 8) != 0) {
    bad("not a .npy file of version 1");
  }
  const std::size_t length = static_cast<unsigned char>(bytes[8]) |
                             static_cast<std::size_t>(static_cast<unsigned char>(bytes[9])) << 8;
  const std::string header = bytes.substr(10, length);
  if (header.find("'<f4'") == std::string::npos) bad("must be float32");
  if (header.find("'fortran_order': False") == std::string::npos) bad("must be in C order");
  Tensor tensor;
  std::int64_t count = 1;
  const std::size_t open = header.find('(');
  if (open == std::string::npos) bad("has no shape");
  for (const char* at = header.c_str() + open + 1; *at != ')' && *at != '\0';) {
    char* end = nullptr;
    const auto side = std::strtoll(at, &end, 10);
    if (end == at || side < 0 || side > (1 << 24)) bad("has a bad shape");
    tensor.shape.push_back(side);
    count *= side;
    if (count > (1 << 28)) bad("is too large");
    at = end + std::strspn(end, ", ");
  }
  const std::size_t start = 10 + length;
  const std::size_t size = static_cast<std::size_t>(count) * sizeof(float);
  if (bytes.size() < start + size) bad("ends too early");
  tensor.data.resize(static_cast<std::size_t>(count));
  std::memcpy(tensor.data.data(), bytes.data() + start, size);
  return tensor;
}

class Replay final : public Network {
 public:
  explicit Replay(const std::string& folder)
      : Network(Contract(read_file(folder + "/spec.json"))), folder_(folder) {}

  Tensors run(const std::vector<float>&) override {
    const std::filesystem::path call = std::filesystem::path(folder_) / std::to_string(calls_++);
    if (!std::filesystem::is_directory(call)) {
      throw std::runtime_error(folder_ + ": the recording ends after " +
                               std::to_string(calls_ - 1) + " calls");
    }
    Tensors outputs;
    for (const auto& entry : std::filesystem::directory_iterator(call)) {
      if (entry.path().extension() != ".npy") continue;
      outputs[entry.path().stem().string()] = read_npy(entry.path().string());
    }
    return outputs;
  }

 private:
  std::string folder_;
  int calls_ = 0;
};

}  // namespace

std::unique_ptr<Network> open_replay(const std::string& folder) {
  return std::make_unique<Replay>(folder);
}
