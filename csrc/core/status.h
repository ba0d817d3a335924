// SPDX-License-Identifier: Apache-2.0
// What a core function answers. The core never throws, prints or aborts.
#pragma once

namespace edgepose {

enum class Status {
  kOk = 0,
  kNullPointer,      // a needed array is missing
  kBadSize,          // a count, width or height outside the allowed range
  kBadMatrix,        // an affine matrix that is singular, NaN, infinite or out of range
  kBadColor,         // mean, std or pad value not finite, or a std of zero
  kBadBlurKernel,    // a blur kernel that is even or outside 1..kMaxBlurKernel
  kBadThreshold,     // a threshold that is NaN
  kBadStride,        // a stride that is not positive and finite
  kBadQuantization,  // a scale or zero point outside its range
  kBadOption,        // an option of a method that is not finite or outside its range
  kBadBox,           // a box without width or height, or not finite
  kBadIndex,         // an index outside the array that it points into
  kBadSkeleton,      // a limb that names a part or channel which is not there
  kBadPafOption,     // an option of the PAF grouping outside its range
  kBadPicture,       // a picture's format, channels or strides are not usable
  kBadTarget,        // an output's type, layout, scale or zero point is not usable
  kBadModel,         // a file that is no ONNX model, or is damaged
  kNoContract,       // a model that carries no contract
  kBadContract,      // a contract with a field that is missing, unknown or wrong
  kNoCapacity,       // the caller's output is too small
};

// One sentence in English for each status, never null.
const char* status_message(Status status);

// A value, meaningful only where the status is kOk.
template <typename T>
struct Result {
  Status status = Status::kOk;
  T value{};
};

}  // namespace edgepose
