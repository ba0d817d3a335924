// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <initializer_list>

#include "core/contract/tables.h"

namespace edgepose::contract {
namespace {

constexpr std::int32_t kMaxKeypoints = 1024;
constexpr std::int32_t kMaxPairs = 4096;

#define EDGEPOSE_AT(member) offsetof(ContractKeypoints, member)
constexpr Field kFields[] = {
    all_different(list(text("names", EDGEPOSE_AT(names)), 1, kMaxKeypoints)),
    pairs(integer("edges", EDGEPOSE_AT(edges), 0, kMaxKeypoints - 1), kMaxPairs),
    pairs(integer("flip_pairs", EDGEPOSE_AT(flip_pairs), 0, kMaxKeypoints - 1), kMaxPairs),
    list(above_low(number("sigmas", EDGEPOSE_AT(sigmas), 0, 10)), 0, kMaxKeypoints),
};
#undef EDGEPOSE_AT

Status check_pairs(const Reading& reading, const char* field, const List<IndexPair>& pairs,
                   std::int32_t count) {
  for (const IndexPair& pair : pairs) {
    if (pair.a != pair.b) continue;
    refused(reading, {"keypoints", field})
        .add("pairs of different keypoint indices 0..")
        .add(count - 1)
        .add("; got (")
        .add(pair.a)
        .add(", ")
        .add(pair.b)
        .add(")");
    return Status::kBadContract;
  }
  return Status::kOk;
}

Status check_twins(const Reading& reading, const ContractKeypoints& keypoints) {
  bool seen[kMaxKeypoints] = {};
  for (const IndexPair& pair : keypoints.flip_pairs) {
    for (const std::int32_t index : {pair.a, pair.b}) {
      if (seen[index]) {
        Message(reading.error)
            .add("keypoints.flip_pairs must name a keypoint once; got ")
            .quoted(keypoints.names.data[index])
            .add(" in two pairs");
        return Status::kBadContract;
      }
      seen[index] = true;
    }
  }
  return Status::kOk;
}

Status check_sigmas(const Reading& reading, std::int32_t sigmas, std::int32_t names) {
  if (sigmas == 0 || sigmas == names) return Status::kOk;
  refused(reading, {"keypoints", "sigmas"})
      .add("a list of ")
      .add(names)
      .add(" items, one per name, or none; got ")
      .add(sigmas)
      .add(" items");
  return Status::kBadContract;
}

}  // namespace

Fields keypoint_fields() { return kFields; }

Status read_keypoints(Reading* reading, const JsonValue& value, ContractKeypoints* out) {
  Members members;
  Status status = find_members(*reading, "keypoints", value, kFields, &members);
  for (std::int32_t row = 0; status == Status::kOk && row < members.fields.count; ++row) {
    Field field = kFields[row];
    if (field.kind == FieldKind::kPairs) field.high = out->names.count - 1;
    status = read_field(reading, "keypoints", field, members.values[row], out);
  }
  const std::int32_t count = out->names.count;
  if (status == Status::kOk) status = check_sigmas(*reading, out->sigmas.count, count);
  if (status == Status::kOk) status = check_pairs(*reading, "edges", out->edges, count);
  if (status == Status::kOk) status = check_pairs(*reading, "flip_pairs", out->flip_pairs, count);
  if (status == Status::kOk) status = check_twins(*reading, *out);
  return status;
}

}  // namespace edgepose::contract
