// SPDX-License-Identifier: Apache-2.0
// The one table that pairs the statuses of the C ABI with those of the core.
#pragma once

// ROW(C name, core name). Several core statuses may share a C status, in rows of their own.
#define EDGEPOSE_CORE_STATUSES(ROW)          \
  ROW(EP_OK, kOk)                            \
  ROW(EP_NULL_POINTER, kNullPointer)         \
  ROW(EP_BAD_SIZE, kBadSize)                 \
  ROW(EP_BAD_MATRIX, kBadMatrix)             \
  ROW(EP_BAD_COLOR, kBadColor)               \
  ROW(EP_BAD_BLUR_KERNEL, kBadBlurKernel)    \
  ROW(EP_BAD_THRESHOLD, kBadThreshold)       \
  ROW(EP_BAD_STRIDE, kBadStride)             \
  ROW(EP_NO_CAPACITY, kNoCapacity)           \
  ROW(EP_BAD_BOX, kBadBox)                   \
  ROW(EP_BAD_OPTION, kBadOption)             \
  ROW(EP_BAD_QUANTIZATION, kBadQuantization) \
  ROW(EP_BAD_INDEX, kBadIndex)               \
  ROW(EP_BAD_SKELETON, kBadSkeleton)         \
  ROW(EP_BAD_OPTION, kBadPafOption)          \
  ROW(EP_BAD_PICTURE, kBadPicture)           \
  ROW(EP_BAD_TARGET, kBadTarget)             \
  ROW(EP_BAD_MODEL, kBadModel)               \
  ROW(EP_NO_CONTRACT, kNoContract)           \
  ROW(EP_BAD_CONTRACT, kBadContract)

// ROW(C name, message). Statuses that only the C ABI has.
#define EDGEPOSE_ABI_STATUSES(ROW)                                                       \
  ROW(EP_BAD_STRUCT, "a struct was not initialised or asks for what this version lacks") \
  ROW(EP_BAD_CHOICE, "a value is none of the constants for it")                          \
  ROW(EP_SMALL_WORKSPACE, "the workspace is smaller than its size function says")
