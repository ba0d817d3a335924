// SPDX-License-Identifier: Apache-2.0
// A contract to test with, and what the reader makes of a text.
#pragma once

#include <string>
#include <vector>

#include "core/contract/contract.h"

namespace edgepose::test {

inline const std::string kPose = R"({"edgepose_spec": 1, "name": "tiny", "task": "top_down",
 "input": {"name": "image", "width": 48, "height": 64, "layout": "NCHW", "dtype": "float32",
  "color": "bgr", "mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375],
  "resize": "crop", "pad_value": 7, "box_padding": 1.25},
 "codec": {"type": "heatmap", "stride": 4, "warp": "udp", "subpixel": "dark", "blur_kernel": 11},
 "outputs": {"heatmap": "maps"},
 "keypoints": {"names": ["nose", "left_\u0065ye", "right_eye"], "edges": [[0, 1], [0, 2]],
  "flip_pairs": [[1, 2]], "sigmas": [0.026, 0.025, 0.025]},
 "training": {"data": ["COCO"], "description": "For tests."}, "license": "Apache-2.0"})";

inline const std::string kYolox = R"({"edgepose_spec": 1, "name": "boxes", "task": "detector",
 "input": {"name": "image", "width": 64, "height": 64, "layout": "NCHW", "dtype": "float32",
  "color": "rgb", "mean": [0, 0, 0], "std": [1, 1, 1], "resize": "letterbox", "pad_value": 114,
  "anchor": "top_left", "shrink": "area"},
 "codec": {"type": "yolox", "strides": [8, 16], "class_index": 2, "score_threshold": 0.3,
  "nms_iou": 0.65, "max_boxes": 100},
 "outputs": {"predictions": "output"},
 "training": {"data": [], "description": "For tests."}, "license": "none stated"})";

// The text with the first `from` in it replaced.
inline std::string changed(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

struct Read {
  explicit Read(const std::string& document) : memory(contract_memory_bytes(document.size())) {
    const Result<Contract> result =
        read_contract(document.data(), document.size(), memory.data(), memory.size(), &error);
    status = result.status;
    contract = result.value;
  }

  std::vector<char> memory;
  ContractError error;
  Status status = Status::kOk;
  Contract contract;
};

}  // namespace edgepose::test
