// SPDX-License-Identifier: Apache-2.0
// Heatmaps as a network leaves them: any element type, any layout, any strides. The kernels read
// them a few cells at a time, so no map is ever converted as a whole.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/status.h"
#include "core/view.h"

namespace edgepose {

enum class Element { kFloat32, kFloat16, kInt8, kUint8 };

// What a stored integer means: scale * (stored - zero_point), rounded once to float. Floats are
// read as they are and ignore it. The rule is strictly increasing, so the highest cell is found on
// the stored integers, and only the cells around it are ever turned into floats: exact.
struct Quantization {
  float scale = 1.0F;
  int zero_point = 0;
};

// One heatmap [H, W]. Strides count elements and may be negative or zero.
struct HeatmapView {
  const void* data = nullptr;
  Element element = Element::kFloat32;
  int width = 0;
  int height = 0;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t cell_stride = 1;
  Quantization quantization;

  HeatmapView() = default;
  HeatmapView(const MapView& map)  // NOLINT(google-explicit-constructor): the same map
      : data(map.data), width(map.width), height(map.height), row_stride(map.row_stride) {}
};

// Heatmaps of N people with K joints each: [N, K, H, W], or [N, H, W, K] where joint_stride is 1
// and cell_stride K. Vectors, as of SimCC, are maps of height 1.
struct HeatmapBatch {
  const void* data = nullptr;
  Element element = Element::kFloat32;
  std::int64_t people = 0;
  std::int64_t joints = 0;
  int width = 0;
  int height = 0;
  std::ptrdiff_t person_stride = 0;
  std::ptrdiff_t joint_stride = 0;
  std::ptrdiff_t row_stride = 0;
  std::ptrdiff_t cell_stride = 1;
  Quantization quantization;

  HeatmapBatch() = default;
  HeatmapBatch(const MapBatch& maps)  // NOLINT(google-explicit-constructor): the same maps
      : data(maps.data),
        people(maps.people),
        joints(maps.joints),
        width(maps.width),
        height(maps.height),
        person_stride(maps.person_stride),
        joint_stride(maps.joint_stride),
        row_stride(maps.row_stride) {}

  bool empty() const { return people == 0 || joints == 0; }
  HeatmapView map(std::int64_t person, std::int64_t joint) const;
};

// What every kernel asks of its maps: H and W of 1 to kMaxSide unless N or K is 0; integers with a
// scale of 1e-30 to 1e30 and a zero point that their type can hold.
Status check_maps(const HeatmapBatch& maps);

// Bytes of one element.
std::ptrdiff_t element_size(Element element);

// The value of cell (x, y), which must lie in the map.
float cell_value(const HeatmapView& map, int x, int y);

// Values of cells [from, from + count) of row y, zeros outside the map.
void read_cells(const HeatmapView& map, int y, int from, int count, float* values);

// The same for cells that lie in the map: where they are in memory, or a copy in `buffer`.
const float* view_cells(const HeatmapView& map, int y, int from, int count, float* buffer);

}  // namespace edgepose
