// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include "core/contract/codec_parts.h"

namespace edgepose::contract {
namespace {

constexpr std::int32_t kMaxBoxes = 10'000;
constexpr std::int32_t kMaxClasses = 10'000;

constexpr Field kScoreThreshold = number("score_threshold", EDGEPOSE_CODEC(score_threshold), 0, 1);
constexpr Field kNmsIou = number("nms_iou", EDGEPOSE_CODEC(nms_iou), 0, 1);
constexpr Field kBoxes = integer("max_boxes", EDGEPOSE_CODEC(max_boxes), 1, kMaxBoxes);

constexpr Field kCenters[] = {kStride, kScoreThreshold, kNmsIou, kBoxes};
constexpr const char* kCenterRoles[] = {"heatmap", "size", "offset"};

constexpr Field kYolox[] = {
    all_different(list(integer("strides", EDGEPOSE_CODEC(strides), 1, kMaxStride), 1, 8)),
    integer("class_index", EDGEPOSE_CODEC(class_index), 0, kMaxClasses - 1),
    kScoreThreshold,
    kNmsIou,
    kBoxes,
};
constexpr const char* kYoloxRoles[] = {"predictions"};

Status check_centers(const Reading& reading, const ContractCodec& codec,
                     const ContractInput& input) {
  return check_stride(reading, codec.stride, input);
}

Status check_levels(const Reading& reading, const ContractCodec& codec,
                    const ContractInput& input) {
  Status status = Status::kOk;
  for (const std::int32_t stride : codec.strides) {
    if (status == Status::kOk) status = check_stride(reading, stride, input);
  }
  return status;
}

constexpr CodecRow kRows[] = {
    {"centers", ContractCodecType::kCenters, ContractTask::kDetector, kCenters, kCenterRoles,
     nullptr, nullptr, check_centers, true},
    {"yolox", ContractCodecType::kYolox, ContractTask::kDetector, kYolox, kYoloxRoles, nullptr,
     nullptr, check_levels, true},
};

}  // namespace

Rows<CodecRow> detector_codecs() { return kRows; }

}  // namespace edgepose::contract
