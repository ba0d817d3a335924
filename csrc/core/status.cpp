// SPDX-License-Identifier: Apache-2.0
#include "core/status.h"

namespace edgepose {

const char* status_message(Status status) {
  switch (status) {
    case Status::kOk:
      return "ok";
    case Status::kNullPointer:
      return "a needed array is missing";
    case Status::kBadSize:
      return "a count, width or height is outside the allowed range";
    case Status::kBadMatrix:
      return "an affine matrix is singular, not finite or out of range";
    case Status::kBadColor:
      return "mean, std and pad value must be finite and std must not be zero";
    case Status::kBadBlurKernel:
      return "the blur kernel must be an odd number from 1 to 63";
    case Status::kBadThreshold:
      return "a threshold is NaN";
    case Status::kBadStride:
      return "a stride must be positive and finite";
    case Status::kBadQuantization:
      return "a scale must be 1e-30 to 1e30 and a zero point a value of the element type";
    case Status::kBadOption:
      return "an option of the method is not finite or outside its range";
    case Status::kBadBox:
      return "a box must be finite and have width and height";
    case Status::kBadIndex:
      return "an index is outside the array that it points into";
    case Status::kBadSkeleton:
      return "a limb names a part or channel that is not there, or joins a part to itself";
    case Status::kBadPafOption:
      return "an option of the PAF grouping is outside its range";
    case Status::kBadPicture:
      return "the picture's format, channels or strides are not usable";
    case Status::kBadTarget:
      return "the output's type, layout, scale or zero point is not usable";
    case Status::kBadModel:
      return "the file is no ONNX model or is damaged";
    case Status::kNoContract:
      return "the model carries no edgepose.spec";
    case Status::kBadContract:
      return "a field of the contract is missing, unknown or wrong";
    case Status::kNoCapacity:
      return "the output array is too small";
  }
  return "unknown status";
}

}  // namespace edgepose
