// SPDX-License-Identifier: Apache-2.0
#include "core/status.h"

#include "capi/status_table.h"
#include "include/edgepose.h"

#define EDGEPOSE_TEXT(token) #token
#define EDGEPOSE_DOTTED(major, minor, patch) \
  EDGEPOSE_TEXT(major) "." EDGEPOSE_TEXT(minor) "." EDGEPOSE_TEXT(patch)

namespace {

constexpr bool equal(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) ++a, ++b;
  return *a == *b;
}
constexpr const char* kVersion =
    EDGEPOSE_DOTTED(EP_VERSION_MAJOR, EP_VERSION_MINOR, EP_VERSION_PATCH);
static_assert(equal(kVersion, EDGEPOSE_PROJECT_VERSION), "edgepose.h and CMakeLists.txt differ");

}  // namespace

const char* ep_status_name(ep_status status) {
#define EDGEPOSE_ROW(abi, text) \
  if (status == (abi)) return #abi;
  EDGEPOSE_CORE_STATUSES(EDGEPOSE_ROW)
  EDGEPOSE_ABI_STATUSES(EDGEPOSE_ROW)
#undef EDGEPOSE_ROW
  return "EP_UNKNOWN";
}

const char* ep_status_message(ep_status status) {
#define EDGEPOSE_ROW(abi, core) \
  if (status == (abi)) return edgepose::status_message(edgepose::Status::core);
  EDGEPOSE_CORE_STATUSES(EDGEPOSE_ROW)
#undef EDGEPOSE_ROW
#define EDGEPOSE_ROW(abi, message) \
  if (status == (abi)) return (message);
  EDGEPOSE_ABI_STATUSES(EDGEPOSE_ROW)
#undef EDGEPOSE_ROW
  return "unknown status";
}

int32_t ep_version_number(void) {
  return EP_VERSION_MAJOR * 10000 + EP_VERSION_MINOR * 100 + EP_VERSION_PATCH;
}

const char* ep_version_string(void) { return kVersion; }
