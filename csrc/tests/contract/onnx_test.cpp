// SPDX-License-Identifier: Apache-2.0
#include "core/contract/onnx.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace edgepose {
namespace {

std::string varint(std::size_t value) {
  std::string out;
  for (; value > 0x7F; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  return out + static_cast<char>(value);
}

std::string field(int number, const std::string& body) {
  return varint(static_cast<std::size_t>(number) << 3 | 2) + varint(body.size()) + body;
}

std::string entry(const std::string& key, const std::string& value) {
  return field(14, field(1, key) + field(2, value));
}

std::string times(int count, const std::string& text) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

const std::string kGraph = field(7, "");
const std::string kSpec = entry("edgepose.spec", "{}");

TEST(FindContract, FindsTheEntry) {
  const struct {
    const char* name;
    std::string model;
    std::string wanted;
  } cases[] = {
      {"plain", kGraph + kSpec, "{}"},
      {"before the graph", kSpec + kGraph, "{}"},
      {"huge neighbour", kGraph + entry("x", std::string(5 << 20, ' ')) + kSpec, "{}"},
      {"no value", kGraph + field(14, field(1, "edgepose.spec")), ""},
      {"the last counts",
       kGraph + field(14, field(2, "a") + field(1, "edgepose.spec") + field(2, "b")), "b"},
      {"metadata is a number", kGraph + "\x70\x05" + kSpec, "{}"},
      {"other wires",
       kGraph +
           "\x09"
           "12345678\x0d"
           "1234\x08\x05" +
           kSpec,
       "{}"},
      {"padded numbers", kGraph + std::string("\xF2\x00", 2) + kSpec.substr(1), "{}"},
      {"most entries", kGraph + times(9999, std::string("\x72\x00", 2)) + kSpec, "{}"},
  };
  for (const auto& row : cases) {
    ContractError error;
    const std::string before = row.model;
    const Result<ByteView> found = find_contract(row.model.data(), row.model.size(), &error);
    ASSERT_EQ(found.status, Status::kOk) << row.name << ": " << error.message;
    EXPECT_EQ(std::string(found.value.data, found.value.size), row.wanted) << row.name;
    EXPECT_EQ(row.model, before);
    EXPECT_STREQ(error.message, "");
  }
}

TEST(FindContract, Refuses) {
  const std::string zero(1, '\0');
  const struct {
    std::string model;
    Status status;
    const char* message;
  } cases[] = {
      {"", Status::kBadModel, "not an ONNX model: it has no graph"},
      {kSpec, Status::kBadModel, "not an ONNX model: it has no graph"},
      {"\x38\x01", Status::kBadModel, "not an ONNX model: it has no graph"},
      {"<?xml version", Status::kBadModel, "not an ONNX model: wire type 4 at byte 0"},
      {zero + zero, Status::kBadModel, "not an ONNX model: field number 0 at byte 0"},
      {std::string(64, '\xFF'), Status::kBadModel, "not an ONNX model: no number at byte 0"},
      {std::string(5, '\xFF') + "\x01", Status::kBadModel, "not an ONNX model: field number "},
      {kGraph + "\x72\xFF", Status::kBadModel, "truncated: a number at byte 3 goes past byte 4"},
      {kGraph + "\x72\x7F"
                "abc",
       Status::kBadModel, "truncated: field 14 at byte 2"},
      {kGraph + "\x72" + std::string(9, '\xFF') + "\x01", Status::kBadModel, "truncated: field 14"},
      {kGraph + "\x72" + std::string(9, '\xFF') + "\x7F", Status::kBadModel, "truncated: field 14"},
      {kGraph + field(14,
                      "\x0A\x7F"
                      "abc"),
       Status::kBadModel, "truncated: field 1 at byte 4"},
      {kGraph + kSpec + kSpec, Status::kBadModel, "the metadata has 'edgepose.spec' 2 times"},
      {kGraph + field(14, times(17, std::string("\x08\x00", 2))), Status::kBadModel,
       "not an ONNX model: more than 16 fields in one message"},
      {kGraph + times(10001, std::string("\x72\x00", 2)), Status::kBadModel,
       "the metadata must have at most 10000 entries; got 10001"},
      {kGraph + times(100000, std::string("\x08\x00", 2)), Status::kBadModel,
       "not an ONNX model: more than 100000 fields in one message"},
      {kGraph + entry("edgepose.spec", std::string((1 << 20) + 1, ' ')), Status::kBadModel,
       "metadata 'edgepose.spec' must be at most 1048576 bytes; got 1048577"},
      {kGraph, Status::kNoContract, "the model carries no edgepose.spec"},
      {kGraph + entry("edgepose.speC", "{}"), Status::kNoContract, "the model carries no"},
      {kGraph + field(14, field(2, "{}")), Status::kNoContract, "the model carries no"},
  };
  for (const auto& row : cases) {
    ContractError error;
    EXPECT_EQ(find_contract(row.model.data(), row.model.size(), &error).status, row.status)
        << row.message;
    EXPECT_EQ(std::string(error.message).substr(0, std::string(row.message).size()), row.message);
  }
  EXPECT_EQ(find_contract(nullptr, 1, nullptr).status, Status::kNullPointer);
}

TEST(FindContract, EveryCutOfAModelIsTold) {
  const std::string whole = "\x08\x08" + kSpec + field(7, "graph");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(find_contract(cut.data(), size, nullptr).status, Status::kBadModel) << size;
  }
}

}  // namespace
}  // namespace edgepose
