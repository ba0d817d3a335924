// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include "core/contract/tables.h"

namespace edgepose::contract {
namespace {

constexpr Choice kActivations[] = {word("uint8", ContractActivations::kUint8),
                                   word("int8", ContractActivations::kInt8),
                                   word("symmetric", ContractActivations::kSymmetric)};

#define EDGEPOSE_AT(member) offsetof(ContractQuantization, member)
constexpr Field kFields[] = {
    choice("activations", EDGEPOSE_AT(activations), kActivations),
    integer("weight_bits", EDGEPOSE_AT(weight_bits), 7, 8),
    flag("per_channel", EDGEPOSE_AT(per_channel)),
    text("method", EDGEPOSE_AT(method)),
    integer("calibration_crops", EDGEPOSE_AT(calibration_crops), 1, 1'000'000),
    digest("calibration_sha256", EDGEPOSE_AT(calibration_sha256)),
    list(text("float_layers", EDGEPOSE_AT(float_layers)), 0, 10'000),
    text("metric", EDGEPOSE_AT(metric)),
    number("float_accuracy", EDGEPOSE_AT(float_accuracy), 0, 100),
    number("accuracy", EDGEPOSE_AT(accuracy), 0, 100),
};
#undef EDGEPOSE_AT

}  // namespace

Fields quantization_fields() { return kFields; }

Status read_quantization(Reading* reading, const JsonValue& value, ContractQuantization* out) {
  return read_object(reading, "quantization", value, kFields, out);
}

}  // namespace edgepose::contract
