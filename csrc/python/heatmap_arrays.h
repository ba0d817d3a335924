// SPDX-License-Identifier: Apache-2.0
// Maps of any element type and layout, as Python hands them over.
#pragma once

#include <optional>

#include "core/heatmap/heatmap_view.h"
#include "python/arrays.h"

namespace edgepose::python {

// How an array is read.
struct MapsLayout {
  const char* name;    // of the argument
  const char* shape;   // as the error tells it, such as "[N,K,H,W]"
  int axes;            // 3: vectors [N,K,W], 4: maps, 5: volumes [N,K,D,H,W]
  bool channels_last;  // maps as [N,H,W,K]
};

struct MapsArray {
  py::array kept;  // what `maps` looks into: the array itself, or a copy if it is not aligned
  HeatmapBatch maps;
  int depth = 1;
  std::ptrdiff_t depth_stride = 0;
};

// Raises InputError for other element types or axes, for integers without a scale and for floats
// with one.
MapsArray maps_of(const py::array& array, const MapsLayout& layout,
                  std::optional<float> scale = std::nullopt, int zero_point = 0);

// Raises InputError unless the status is kOk.
void require_maps_ok(Status status, const char* function, const MapsLayout& layout,
                     const py::array& got);

}  // namespace edgepose::python
