// SPDX-License-Identifier: Apache-2.0
// That every field is read and refused as in Python is shown in tests/spec/test_core_reader.py.
#include "core/contract/contract.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/geometry/warp.h"
#include "core/heatmap/decode.h"
#include "tests/contract/documents.h"

namespace edgepose {
namespace {

using test::changed;
using test::kPose;
using test::kYolox;
using test::Read;

TEST(Contract, ReadsAPoseModel) {
  const std::string given = kPose;
  const Read read(given);
  ASSERT_EQ(read.status, Status::kOk) << read.error.message;
  EXPECT_STREQ(read.error.message, "");
  EXPECT_EQ(given, kPose);
  const Contract& contract = read.contract;
  EXPECT_STREQ(contract.name, "tiny");
  EXPECT_EQ(contract.task, static_cast<int>(ContractTask::kTopDown));
  EXPECT_EQ(contract.input.width, 48);
  EXPECT_EQ(contract.input.color, static_cast<int>(ContractColor::kBgr));
  ASSERT_EQ(contract.input.mean.count, 3);
  EXPECT_EQ(contract.input.mean.data[0], 123.675);
  EXPECT_EQ(contract.input.anchor, kAbsent);
  EXPECT_EQ(contract.input.shrink, kAbsent);
  EXPECT_EQ(contract.input.box_padding, 1.25);
  EXPECT_EQ(contract.codec.type, ContractCodecType::kHeatmap);
  EXPECT_EQ(contract.codec.warp, static_cast<int>(Warp::kUdp));
  EXPECT_EQ(contract.codec.subpixel, static_cast<int>(Subpixel::kDark));
  EXPECT_EQ(contract.codec.blur_kernel, 11);
  ASSERT_EQ(contract.outputs.count, 1);
  EXPECT_STREQ(contract.outputs.data[0], "maps");
  ASSERT_EQ(contract.keypoints.names.count, 3);
  EXPECT_STREQ(contract.keypoints.names.data[1], "left_eye");
  EXPECT_EQ(contract.keypoints.edges.count, 2);
  EXPECT_EQ(contract.keypoints.flip_pairs.data[0].b, 2);
  EXPECT_EQ(contract.keypoints.sigmas.data[2], 0.025);
  EXPECT_STREQ(contract.training.data.data[0], "COCO");
}

TEST(Contract, ReadsADetector) {
  const Read read(kYolox);
  ASSERT_EQ(read.status, Status::kOk) << read.error.message;
  EXPECT_TRUE(std::isnan(read.contract.input.box_padding));
  EXPECT_EQ(read.contract.input.anchor, static_cast<int>(ContractAnchor::kTopLeft));
  EXPECT_EQ(read.contract.input.shrink, static_cast<int>(ContractShrink::kArea));
  ASSERT_EQ(read.contract.codec.strides.count, 2);
  EXPECT_EQ(read.contract.codec.strides.data[1], 16);
  EXPECT_EQ(read.contract.keypoints.names.count, 0);
}

TEST(Contract, NamesTheFieldThatItRefuses) {
  const struct {
    std::string document;
    const char* message;
  } cases[] = {
      {"", "a contract must be JSON: expected a value at byte 0"},
      {"[]", "edgepose.spec must be an object; got a list"},
      {"{}", "edgepose_spec is missing; it is the version of the contract"},
      {changed(kPose, "spec\": 1", "spec\": 2"), "edgepose_spec must be 1; got 2"},
      {changed(kPose, "\"bgr\"", "\"BGR\""), "input.color must be one of 'rgb', 'bgr'; got 'BGR'"},
      {changed(kPose, "103.53", "256"), "input.mean[2] must be a number 0..255; got 256"},
      {changed(kPose, "58.395", "0"),
       "input.std[0] must be a number above 0 and at most 10000; got 0"},
      {changed(kPose, "58.395", "1.1e-38"),
       "input.std[0] must be no nearer to 0 than 1.17549e-38, the least of float32; got 1.1e-38"},
      {changed(kPose, "7,", "1e-60,"),
       "input.pad_value must be no nearer to 0 than 1.17549e-38, the least of float32; got 1e-60"},
      {changed(kPose, "7,", "1e-400,"),
       "a contract must have numbers that float64 holds; got 1e-400"},
      {changed(kPose, "7,", "3.5e38,"), "input.pad_value must be a number 0..255; got 3.5e38"},
      {changed(kPose, "48", "4.0"), "input.width must be a whole number 1..4096; got 4.0"},
      {changed(kPose, "48", "50"), "input.width must be a multiple of stride 4; got 50"},
      {changed(kPose, "\"name\": \"tiny\", ", ""), "name is missing"},
      {changed(kPose, "\"tiny\"", "null"), "name must not be null"},
      {changed(kPose, "tiny", "\\ud800"), "name must be valid Unicode; got '\\ud800'"},
      {changed(kPose, "tiny", "a\\u0000b"),
       "name must be without zero characters; got 'a\\u0000b'"},
      {changed(kPose, "\"warp\"", "\"wrap\""), "codec.warp is missing"},
      {changed(kPose, "{\"heatmap\"", "{\"x\": \"y\", \"heatmap\""),
       "outputs.x is unknown; known here: heatmap"},
      {changed(kPose, ", \"blur_kernel\": 11", ""),
       "codec.blur_kernel is missing; subpixel 'dark' needs it"},
      {changed(kPose, ": 11}", ": 10}"), "codec.blur_kernel must be odd; got 10"},
      {changed(kPose, "[0, 1]", "[0, 3]"), "keypoints.edges[0] must be a whole number 0..2; got 3"},
      {changed(kPose, "[0, 1]", "[0]"),
       "keypoints.edges[0] must be a list of 2 items; got 1 items"},
      {changed(kPose, "nose", "right_eye"), "keypoints.names must differ; got 'right_eye' twice"},
      {changed(kPose, "\"top_down\"", "\"detector\""),
       "codec.type of task 'detector' must be one of 'centers', 'yolox'; got 'heatmap'"},
      {changed(kYolox, "[8, 16]", "[8, 8]"), "codec.strides must differ; got 8 twice"},
  };
  for (const auto& row : cases) {
    const Read read(row.document);
    EXPECT_EQ(read.status, Status::kBadContract) << row.message;
    EXPECT_STREQ(read.error.message, row.message);
  }
}

TEST(Contract, CutsLongMessagesBetweenCharacters) {
  std::string word;
  for (int i = 0; i < 500; ++i) word += "\xE8\x86\x9D";
  const Read read(changed(kPose, "bgr", word));
  EXPECT_EQ(std::string(read.error.message),
            "input.color must be one of 'rgb', 'bgr'; got '" + word.substr(0, 39) + "...'");
}

TEST(Contract, EveryCutOfADocumentIsTold) {
  for (std::size_t size = 0; size < kPose.size(); ++size) {
    EXPECT_EQ(Read(kPose.substr(0, size)).status, Status::kBadContract) << size;
  }
}

TEST(Contract, NeedsNoMoreMemoryThanItSays) {
  std::string one = "[1", names = "[\"a\"", pairs = "[[0,1]";
  for (int i = 1; i < 1024; ++i) one += ",1", names += ",\"" + std::to_string(i) + "\"";
  for (int i = 1; i < 4096; ++i) pairs += ",[0,1]";
  std::string document = changed(kPose, "[0.026, 0.025, 0.025", one);
  document = changed(document, "[\"nose\", \"left_\\u0065ye\", \"right_eye\"", names);
  document = changed(document, "[[0, 1], [0, 2]", pairs);
  const Read read(document);
  ASSERT_EQ(read.status, Status::kOk) << read.error.message;
  EXPECT_EQ(read.contract.keypoints.edges.count, 4096);
  EXPECT_EQ(read.contract.keypoints.names.count, 1024);
  EXPECT_EQ(contract_memory_bytes(1 << 21), 0U);
}

TEST(Contract, TellsOfTooLittleMemory) {
  std::vector<char> memory(contract_memory_bytes(kPose.size()));
  std::size_t enough = 0;
  for (; enough < memory.size(); ++enough) {
    const Status status =
        read_contract(kPose.data(), kPose.size(), memory.data(), enough, nullptr).status;
    if (status == Status::kOk) break;
    ASSERT_EQ(status, Status::kNoCapacity);
  }
  EXPECT_GT(enough, 100U);
  EXPECT_LT(enough, kPose.size());
  EXPECT_EQ(read_contract(kPose.data(), kPose.size(), nullptr, 0, nullptr).status,
            Status::kNoCapacity);
  EXPECT_EQ(read_contract(nullptr, 1, nullptr, 0, nullptr).status, Status::kNullPointer);
}

}  // namespace
}  // namespace edgepose
