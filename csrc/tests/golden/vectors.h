// SPDX-License-Identifier: Apache-2.0
// Golden vectors as unpack.py lays them out: one .npy file per array.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace edgepose::golden {

// Numbers of any stored type; `halves` holds the bits where the type is float16.
struct Array {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
  std::vector<std::uint16_t> halves;

  std::int64_t count(std::size_t axis) const { return shape.at(axis); }
  std::vector<float> floats() const { return {values.begin(), values.end()}; }
  std::vector<std::int64_t> integers() const;
  std::vector<std::uint8_t> flags() const;
};

// Arrays of one golden file. A missing or odd one fails the test and is empty.
class File {
 public:
  explicit File(std::string name) : name_(std::move(name)) {}
  bool has(const std::string& array) const;
  Array operator[](const std::string& array) const;

 private:
  std::string name_;
};

bool present();

// Tests that skip themselves where there are no golden vectors.
template <typename Base>
class OrSkip : public Base {
 protected:
  void SetUp() override {
    if (!present()) GTEST_SKIP() << "golden vectors not found; set EDGEPOSE_SHARED";
  }
};
using GoldenTest = OrSkip<::testing::Test>;
template <typename T>
using GoldenTestOf = OrSkip<::testing::TestWithParam<T>>;

// A parameter's name from any text: what is no letter and no digit becomes a low line.
std::string test_name(std::string text);

// A numpy-like comparison: everything within `tolerance`, NaN equal to NaN; where `counts` is given
// it has one entry per `values.size() / counts->size()` values, and zero leaves them out.
void expect_close(const std::vector<double>& values, const std::vector<double>& wanted,
                  double tolerance, const std::vector<double>* counts = nullptr);

template <typename T>
std::vector<double> doubles(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

}  // namespace edgepose::golden
