// SPDX-License-Identifier: Apache-2.0
// To add a codec: its members in ContractCodec, a table, and a row in kRows.
#include <cstddef>

#include "core/contract/tables.h"
#include "core/geometry/warp.h"
#include "core/heatmap/decode.h"

namespace edgepose::contract {
namespace {

constexpr std::int32_t kMaxStride = 128;
constexpr std::int32_t kMaxBoxes = 10'000;
constexpr std::int32_t kMaxClasses = 10'000;

constexpr Choice kWarps[] = {word("half_pixel", Warp::kHalfPixel), word("udp", Warp::kUdp),
                             word("legacy", Warp::kLegacy)};
constexpr Choice kSubpixels[] = {word("none", Subpixel::kNone), word("quarter", Subpixel::kQuarter),
                                 word("quadratic", Subpixel::kQuadratic),
                                 word("dark", Subpixel::kDark), word("udp", Subpixel::kUdp)};

#define EDGEPOSE_AT(member) offsetof(ContractCodec, member)
constexpr Field kStride = integer("stride", EDGEPOSE_AT(stride), 1, kMaxStride);
constexpr Field kScoreThreshold = number("score_threshold", EDGEPOSE_AT(score_threshold), 0, 1);
constexpr Field kNmsIou = number("nms_iou", EDGEPOSE_AT(nms_iou), 0, 1);
constexpr Field kBoxes = integer("max_boxes", EDGEPOSE_AT(max_boxes), 1, kMaxBoxes);

constexpr Field kHeatmap[] = {
    kStride,
    choice("warp", EDGEPOSE_AT(warp), kWarps),
    choice("subpixel", EDGEPOSE_AT(subpixel), kSubpixels),
    optional(odd(integer("blur_kernel", EDGEPOSE_AT(blur_kernel), 1, 63))),
};
constexpr Field kCenters[] = {kStride, kScoreThreshold, kNmsIou, kBoxes};
constexpr Field kYolox[] = {
    all_different(list(integer("strides", EDGEPOSE_AT(strides), 1, kMaxStride), 1, 8)),
    integer("class_index", EDGEPOSE_AT(class_index), 0, kMaxClasses - 1),
    kScoreThreshold,
    kNmsIou,
    kBoxes,
};
#undef EDGEPOSE_AT

constexpr const char* kHeatmapRoles[] = {"heatmap"};
constexpr const char* kCenterRoles[] = {"heatmap", "size", "offset"};
constexpr const char* kYoloxRoles[] = {"predictions"};

Status divides(const Reading& reading, std::int32_t stride, const ContractInput& input) {
  const struct {
    const char* name;
    std::int32_t value;
  } sides[] = {{"width", input.width}, {"height", input.height}};
  for (const auto& side : sides) {
    if (side.value % stride == 0) continue;
    refused(reading, {"input", side.name})
        .add("a multiple of stride ")
        .add(stride)
        .add("; got ")
        .add(side.value);
    return Status::kBadContract;
  }
  return Status::kOk;
}

Status no_check(const Reading&, const ContractCodec&) { return Status::kOk; }

Status check_blur(const Reading& reading, const ContractCodec& codec) {
  const auto subpixel = static_cast<Subpixel>(codec.subpixel);
  const bool blurs = subpixel == Subpixel::kDark || subpixel == Subpixel::kUdp;
  if (!blurs || codec.blur_kernel != kAbsent) return Status::kOk;
  Message(reading.error)
      .add("codec.blur_kernel is missing; subpixel ")
      .quoted(choice_name(kSubpixels, codec.subpixel))
      .add(" needs it");
  return Status::kBadContract;
}

Status check_heatmap_input(const Reading& reading, const ContractCodec& codec,
                           const ContractInput& input) {
  const Status status = divides(reading, codec.stride, input);
  if (status != Status::kOk) return status;
  if (static_cast<Warp>(codec.warp) != Warp::kUdp || (input.width > 1 && input.height > 1)) {
    return Status::kOk;
  }
  Message(reading.error)
      .add("codec.warp 'udp' needs an input of at least 2x2; got ")
      .add(input.width)
      .add("x")
      .add(input.height);
  return Status::kBadContract;
}

Status check_centers_input(const Reading& reading, const ContractCodec& codec,
                           const ContractInput& input) {
  return divides(reading, codec.stride, input);
}

Status check_yolox_input(const Reading& reading, const ContractCodec& codec,
                         const ContractInput& input) {
  Status status = Status::kOk;
  for (const std::int32_t stride : codec.strides) {
    if (status == Status::kOk) status = divides(reading, stride, input);
  }
  return status;
}

constexpr CodecRow kRows[] = {
    {"heatmap", ContractCodecType::kHeatmap, ContractTask::kTopDown, kHeatmap, kHeatmapRoles,
     check_blur, check_heatmap_input},
    {"centers", ContractCodecType::kCenters, ContractTask::kDetector, kCenters, kCenterRoles,
     no_check, check_centers_input},
    {"yolox", ContractCodecType::kYolox, ContractTask::kDetector, kYolox, kYoloxRoles, no_check,
     check_yolox_input},
};

const CodecRow* find_row(const JsonValue& type) {
  for (const CodecRow& row : kRows) {
    if (type.kind() == JsonKind::kText && json_equal(type, row.name)) return &row;
  }
  return nullptr;
}

}  // namespace

Rows<CodecRow> codec_rows() { return kRows; }

Status read_codec(Reading* reading, const JsonValue& value, ContractCodec* out,
                  const CodecRow** row) {
  if (value.kind() != JsonKind::kObject) {
    refused(*reading, {"codec", nullptr}).add("an object; got ").shown(value);
    return Status::kBadContract;
  }
  const JsonValue type = json_member(value, "type");
  if (!type.there()) {
    Message(reading->error).add("codec.type is missing");
    return Status::kBadContract;
  }
  *row = find_row(type);
  if (*row == nullptr) {
    Message message = refused(*reading, {"codec", "type"}).add("one of ");
    for (const CodecRow& known : kRows) message.add(&known == kRows ? "" : ", ").quoted(known.name);
    message.add("; got ").shown(type);
    return Status::kBadContract;
  }
  out->type = (*row)->type;
  const Status status = read_object(reading, "codec", value, (*row)->fields, out, "type");
  return status == Status::kOk ? (*row)->check(*reading, *out) : status;
}

}  // namespace edgepose::contract
