// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/vectors.h"

#include <sys/stat.h>

#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace edgepose::golden {
namespace {

std::string path_of(const std::string& file, const std::string& array) {
  return std::string(EDGEPOSE_GOLDEN_DIR) + "/" + file + "/" + array + ".npy";
}

double from_half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1f;
  const double fraction = bits & 0x3ff;
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

template <typename T>
std::vector<T> read(const std::string& bytes, std::size_t at) {
  std::vector<T> values((bytes.size() - at) / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), &bytes[at], values.size() * sizeof(T));
  return values;
}

// What stands between `key` and the next `end` in the header.
std::string field(const std::string& header, const std::string& key, char end) {
  const std::size_t at = header.find(key);
  if (at == std::string::npos) return "";
  const std::size_t from = at + key.size();
  return header.substr(from, header.find(end, from) - from);
}

bool fill(Array& array, const std::string& type, const std::string& bytes, std::size_t at) {
  if (type == "<f2") {
    array.halves = read<std::uint16_t>(bytes, at);
    for (const std::uint16_t half : array.halves) array.values.push_back(from_half(half));
  } else if (type == "<f4") {
    array.values = doubles(read<float>(bytes, at));
  } else if (type == "<f8") {
    array.values = read<double>(bytes, at);
  } else if (type == "<i2") {
    array.values = doubles(read<std::int16_t>(bytes, at));
  } else if (type == "<i8") {
    for (const std::int64_t value : read<std::int64_t>(bytes, at)) {
      array.values.push_back(static_cast<double>(value));
    }
  } else if (type == "|b1" || type == "|u1") {
    array.values = doubles(read<std::uint8_t>(bytes, at));
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::vector<std::int64_t> Array::integers() const {
  std::vector<std::int64_t> result;
  for (const double value : values) result.push_back(static_cast<std::int64_t>(value));
  return result;
}

std::vector<std::uint8_t> Array::flags() const {
  std::vector<std::uint8_t> result;
  for (const double value : values) result.push_back(value != 0 ? 1 : 0);
  return result;
}

bool present() {
  struct stat folder;
  return stat(EDGEPOSE_GOLDEN_DIR, &folder) == 0;
}

bool File::has(const std::string& array) const {
  return std::ifstream(path_of(name_, array)).good();
}

Array File::operator[](const std::string& array) const {
  std::ifstream file(path_of(name_, array), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  Array result;
  constexpr std::size_t kPrefix = 10;  // magic, version 1.0, two bytes of the header's length
  if (bytes.size() < kPrefix || bytes.compare(1, 7, std::string("NUMPY\x01\x00", 7)) != 0) {
    ADD_FAILURE() << path_of(name_, array) << " is no .npy file of version 1.0";
    return result;
  }
  std::uint16_t length;
  std::memcpy(&length, &bytes[kPrefix - 2], sizeof length);
  const std::string header = bytes.substr(kPrefix, length);
  std::size_t cells = 1;
  const std::string shape = field(header, "'shape': (", ')');
  for (const char* at = shape.c_str(); *at != '\0';) {
    char* end = nullptr;
    const auto extent = std::strtoll(at, &end, 10);
    if (end == at) {
      ++at;  // a comma or a space
      continue;
    }
    result.shape.push_back(extent);
    cells *= static_cast<std::size_t>(extent);
    at = end;
  }
  const bool known = fill(result, field(header, "'descr': '", '\''), bytes, kPrefix + length);
  if (!known || field(header, "'fortran_order': ", ',') != "False" ||
      result.values.size() != cells) {
    ADD_FAILURE() << path_of(name_, array) << " has an unexpected header: " << header;
  }
  return result;
}

std::string test_name(std::string text) {
  for (char& letter : text) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return text;
}

void expect_close(const std::vector<double>& values, const std::vector<double>& wanted,
                  double tolerance, const std::vector<double>* counts) {
  ASSERT_EQ(values.size(), wanted.size());
  if (values.empty()) return;
  const std::size_t group = counts == nullptr ? 1 : values.size() / counts->size();
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (counts != nullptr && (*counts)[i / group] == 0) continue;
    if (std::abs(values[i] - wanted[i]) <= tolerance) continue;
    if (values[i] == wanted[i] || (std::isnan(values[i]) && std::isnan(wanted[i]))) continue;
    if (wrong++ < 5) ADD_FAILURE() << "[" << i << "] is " << values[i] << ", not " << wanted[i];
  }
  EXPECT_EQ(wrong, 0U) << "of " << values.size() << " values";
}

}  // namespace edgepose::golden
