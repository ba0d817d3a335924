// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include "core/contract/codec_parts.h"
#include "core/group/paf_options.h"

namespace edgepose::contract {
namespace {

constexpr std::int32_t kMaxParts = 256;
constexpr std::int32_t kMaxLimbs = 1024;
constexpr std::int32_t kMaxJoints = 1024;
constexpr double kMaxValue = 10'000;

constexpr Choice kPresets[] = {word("openpose", ContractPafPreset::kOpenPose),
                               word("lightweight", ContractPafPreset::kLightweight),
                               word("tf_pose", ContractPafPreset::kTfPose)};
constexpr Choice kMatchings[] = {word("greedy", PafMatching::kGreedy),
                                 word("optimal", PafMatching::kOptimal)};
constexpr Field kPeakThreshold =
    number("peak_threshold", EDGEPOSE_CODEC(peak_threshold), 0, kMaxValue);
constexpr Field kPeople = integer("max_people", EDGEPOSE_CODEC(max_people), 1, kMaxPeople);

constexpr Field kPaf[] = {
    kStride,
    kWarp,
    choice("preset", EDGEPOSE_CODEC(preset), kPresets),
    integer("upscale", EDGEPOSE_CODEC(upscale), 1, 16),
    kPeakThreshold,
    number("sample_threshold", EDGEPOSE_CODEC(sample_threshold), 0, kMaxValue),
    number("min_fraction", EDGEPOSE_CODEC(min_fraction), 0, 1),
    choice("matching", EDGEPOSE_CODEC(matching), kMatchings),
    integer("min_joints", EDGEPOSE_CODEC(min_joints), 1, kMaxParts),
    number("min_joint_score", EDGEPOSE_CODEC(min_joint_score), 0, kMaxValue),
    kPeople,
    limbs(integer("limbs", EDGEPOSE_CODEC(limbs), 0, kMaxChannels - 1), 1, kMaxLimbs),
    all_different(
        list(integer("redundant", EDGEPOSE_CODEC(redundant), 0, kMaxLimbs - 1), 0, kMaxLimbs)),
    all_different(
        list(integer("uncounted", EDGEPOSE_CODEC(uncounted), 0, kMaxParts - 1), 0, kMaxLimbs)),
};
constexpr const char* kPafRoles[] = {"heatmap", "paf"};

constexpr Field kTags[] = {
    kStride,
    kWarp,
    integer("tag_dimensions", EDGEPOSE_CODEC(tag_dimensions), 1, 64),
    odd(integer("nms_kernel", EDGEPOSE_CODEC(nms_kernel), 1, 63)),
    kPeakThreshold,
    number("tag_threshold", EDGEPOSE_CODEC(tag_threshold), 0, kMaxValue),
    number("person_threshold", EDGEPOSE_CODEC(person_threshold), 0, kMaxValue),
    kPeople,
    flag("use_detection_val", EDGEPOSE_CODEC(use_detection_val)),
    flag("ignore_too_much", EDGEPOSE_CODEC(ignore_too_much)),
    flag("merge_equal_tags", EDGEPOSE_CODEC(merge_equal_tags)),
    flag("adjust", EDGEPOSE_CODEC(adjust)),
    flag("refine", EDGEPOSE_CODEC(refine)),
    all_different(list(integer("joint_order", EDGEPOSE_CODEC(joint_order), 0, kMaxJoints - 1), 0,
                       kMaxJoints)),
};
constexpr const char* kTagRoles[] = {"heatmap", "tags"};

Status check_limb(const Reading& reading, const ContractLimb& limb, std::int32_t index,
                  std::int32_t parts) {
  const Path path{"codec", "limbs", index};
  for (const std::int32_t part : {limb.a, limb.b}) {
    const Status status = check_index(reading, path, part, parts - 1);
    if (status != Status::kOk) return status;
  }
  if (limb.a != limb.b) return Status::kOk;
  Message(reading.error)
      .add(path)
      .add(" must join two different keypoints; got ")
      .add(limb.a)
      .add(" twice");
  return Status::kBadContract;
}

Status check_limbs(const Reading& reading, const ContractCodec& codec, std::int32_t parts) {
  Status status = Status::kOk;
  for (std::int32_t i = 0; i < codec.limbs.count && status == Status::kOk; ++i) {
    status = check_limb(reading, codec.limbs.data[i], i, parts);
  }
  return status;
}

Status check_indices(const Reading& reading, const char* field, const List<std::int32_t>& indices,
                     std::int32_t count) {
  Status status = Status::kOk;
  for (std::int32_t i = 0; i < indices.count && status == Status::kOk; ++i) {
    status = check_index(reading, {"codec", field, i}, indices.data[i], count - 1);
  }
  return status;
}

Status check_paf(const Reading& reading, const ContractCodec& codec) {
  const Status status = check_limbs(reading, codec, kMaxParts);
  if (status != Status::kOk) return status;
  return check_indices(reading, "redundant", codec.redundant, codec.limbs.count);
}

Status check_parts(const Reading& reading, const ContractCodec& codec, std::int32_t keypoints) {
  if (keypoints > kMaxParts) {
    refused(reading, {"keypoints", "names"})
        .add("at most ")
        .add(kMaxParts)
        .add(" with codec 'paf'; got ")
        .add(keypoints);
    return Status::kBadContract;
  }
  const Status status = check_limbs(reading, codec, keypoints);
  if (status != Status::kOk) return status;
  return check_indices(reading, "uncounted", codec.uncounted, keypoints);
}

Status check_tags(const Reading& reading, const ContractCodec& codec) {
  if (codec.refine == 0 || codec.adjust != 0) return Status::kOk;
  Message(reading.error).add("codec.refine needs adjust; got refine true and adjust false");
  return Status::kBadContract;
}

// The order holds different indices, so it names each keypoint if it is as long and stays below.
Status check_order(const Reading& reading, const ContractCodec& codec, std::int32_t keypoints) {
  bool good = codec.joint_order.count == keypoints;
  for (const std::int32_t joint : codec.joint_order) good = good && joint < keypoints;
  if (good) return Status::kOk;
  Message(reading.error)
      .add("codec.joint_order must name each of ")
      .add(keypoints)
      .add(" keypoints once; got ")
      .add(codec.joint_order.count)
      .add(" items");
  return Status::kBadContract;
}

constexpr CodecRow kRows[] = {
    {"paf", ContractCodecType::kPaf, ContractTask::kBottomUp, kPaf, kPafRoles, check_paf,
     check_parts, check_maps, false},
    {"tags", ContractCodecType::kTags, ContractTask::kBottomUp, kTags, kTagRoles, check_tags,
     check_order, check_maps, true},
};

}  // namespace

Rows<CodecRow> bottom_up_codecs() { return kRows; }

}  // namespace edgepose::contract
