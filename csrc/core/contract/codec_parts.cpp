// SPDX-License-Identifier: Apache-2.0
#include "core/contract/codec_parts.h"

namespace edgepose::contract {

Status belongs(const Reading& reading, Owned owned, const Field& chosen, std::int32_t value,
               std::int32_t owner) {
  if ((value == owner) == owned.there) return Status::kOk;
  if (value == owner) return needs(reading, owned.field, chosen, value);
  Message(reading.error)
      .add(Path{"codec", owned.field})
      .add(" belongs to ")
      .add(chosen.name)
      .add(" ")
      .quoted(choice_name(chosen.choices, owner))
      .add("; got ")
      .add(chosen.name)
      .add(" ")
      .quoted(choice_name(chosen.choices, value));
  return Status::kBadContract;
}

Status needs(const Reading& reading, const char* field, const Field& chosen, std::int32_t value) {
  Message(reading.error)
      .add(Path{"codec", field})
      .add(" is missing; ")
      .add(chosen.name)
      .add(" ")
      .quoted(choice_name(chosen.choices, value))
      .add(" needs it");
  return Status::kBadContract;
}

Status check_stride(const Reading& reading, std::int32_t stride, const ContractInput& input) {
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

Status check_maps(const Reading& reading, const ContractCodec& codec, const ContractInput& input) {
  const Status status = check_stride(reading, codec.stride, input);
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

Status check_index(const Reading& reading, const Path& path, std::int32_t value,
                   std::int32_t high) {
  if (value >= 0 && value <= high) return Status::kOk;
  refused(reading, path).add("a whole number 0..").add(high).add("; got ").add(value);
  return Status::kBadContract;
}

}  // namespace edgepose::contract
