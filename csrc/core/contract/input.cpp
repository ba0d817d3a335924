// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstddef>

#include "core/contract/tables.h"

namespace edgepose::contract {
namespace {

constexpr std::int32_t kMaxSide = 4096;

constexpr Choice kLayouts[] = {word("NCHW", ContractLayout::kNchw),
                               word("NHWC", ContractLayout::kNhwc)};
constexpr Choice kTypes[] = {{"float32", 0}};
constexpr Choice kColors[] = {word("rgb", ContractColor::kRgb), word("bgr", ContractColor::kBgr)};
constexpr Choice kResizes[] = {word("crop", ContractResize::kCrop),
                               word("letterbox", ContractResize::kLetterbox),
                               word("stretch", ContractResize::kStretch)};
constexpr Choice kAnchors[] = {word("center", ContractAnchor::kCenter),
                               word("top_left", ContractAnchor::kTopLeft)};
constexpr Choice kShrinks[] = {word("bilinear", ContractShrink::kBilinear),
                               word("area", ContractShrink::kArea)};

#define EDGEPOSE_AT(member) offsetof(ContractInput, member)
constexpr Field kFields[] = {
    text("name", EDGEPOSE_AT(name)),
    integer("width", EDGEPOSE_AT(width), 1, kMaxSide),
    integer("height", EDGEPOSE_AT(height), 1, kMaxSide),
    choice("layout", EDGEPOSE_AT(layout), kLayouts),
    choice("dtype", EDGEPOSE_AT(dtype), kTypes),
    choice("color", EDGEPOSE_AT(color), kColors),
    list(number("mean", EDGEPOSE_AT(mean), 0, 255), 3, 3),
    list(above_low(number("std", EDGEPOSE_AT(std), 0, 10'000)), 3, 3),
    choice("resize", EDGEPOSE_AT(resize), kResizes),
    number("pad_value", EDGEPOSE_AT(pad_value), 0, 255),
    optional(choice("anchor", EDGEPOSE_AT(anchor), kAnchors)),
    optional(above_low(number("box_padding", EDGEPOSE_AT(box_padding), 0, 10))),
    optional(choice("shrink", EDGEPOSE_AT(shrink), kShrinks)),
};
#undef EDGEPOSE_AT

// A field that one way of resizing needs and the others do not know.
Status belongs(const Reading& reading, const char* field, bool there, std::int32_t resize,
               ContractResize owner) {
  const bool owned = resize == static_cast<std::int32_t>(owner);
  if (owned == there) return Status::kOk;
  const char* owner_name = choice_name(kResizes, static_cast<std::int32_t>(owner));
  Message message = Message(reading.error).add(Path{"input", field});
  if (owned) {
    message.add(" is missing; resize ").quoted(owner_name).add(" needs it");
  } else {
    message.add(" belongs to resize ").quoted(owner_name).add("; got resize ");
    message.quoted(choice_name(kResizes, resize));
  }
  return Status::kBadContract;
}

}  // namespace

const char* choice_name(Rows<Choice> choices, std::int32_t value) {
  for (const Choice& choice : choices) {
    if (choice.value == value) return choice.name;
  }
  return nullptr;
}

Fields input_fields() { return kFields; }

Status read_input(Reading* reading, const JsonValue& value, ContractInput* out) {
  Status status = read_object(reading, "input", value, kFields, out);
  if (status != Status::kOk) return status;
  status =
      belongs(*reading, "anchor", out->anchor != kAbsent, out->resize, ContractResize::kLetterbox);
  if (status != Status::kOk) return status;
  return belongs(*reading, "box_padding", !std::isnan(out->box_padding), out->resize,
                 ContractResize::kCrop);
}

}  // namespace edgepose::contract
