// SPDX-License-Identifier: Apache-2.0
// Seeded maps of each element type, with the values that they stand for.
#pragma once

#include <cstring>
#include <random>
#include <vector>

#include "core/heatmap/half.h"
#include "core/heatmap/heatmap_view.h"

namespace edgepose::test {

constexpr Element kElements[] = {Element::kFloat32, Element::kFloat16, Element::kInt8,
                                 Element::kUint8};

// People x joints maps with random strides that keep them apart, and packed floats [N, K, H, W].
struct StoredMaps {
  std::vector<char> bytes;
  std::vector<float> values;
  HeatmapBatch batch;

  HeatmapBatch packed() const {
    const MapBatch maps{values.data(),
                        batch.people,
                        batch.joints,
                        batch.width,
                        batch.height,
                        batch.joints * batch.width * batch.height,
                        batch.width * batch.height,
                        batch.width};
    return maps;
  }
};

// Any bits; halves and floats come out as anything from subnormals to NaN where `wild`.
inline StoredMaps stored_maps(Element element, int people, int joints, int height, int width,
                              bool channels_last, unsigned seed, bool wild = false) {
  StoredMaps maps;
  HeatmapBatch& batch = maps.batch;
  batch.element = element;
  batch.people = people;
  batch.joints = joints;
  batch.height = height;
  batch.width = width;
  batch.cell_stride = channels_last ? joints + 3 : 1;
  batch.joint_stride = channels_last ? 1 : (width + 5) * height;
  batch.row_stride = channels_last ? batch.cell_stride * width : width + 5;
  batch.person_stride = channels_last ? batch.row_stride * height : batch.joint_stride * joints;
  if (element == Element::kInt8) batch.quantization = {0.25F, -100};
  if (element == Element::kUint8) batch.quantization = {0.25F, 9};
  std::mt19937 generator(seed);
  const auto size = static_cast<std::size_t>(element_size(element));
  maps.bytes.resize(static_cast<std::size_t>(batch.person_stride * people) * size);
  for (char& byte : maps.bytes) byte = static_cast<char>(generator() & 0xff);
  if (!wild && element == Element::kFloat32) {
    std::uniform_real_distribution<float> value(-1.0F, 1.0F);
    for (std::size_t at = 0; at < maps.bytes.size(); at += size) {
      const float number = value(generator);
      std::memcpy(&maps.bytes[at], &number, size);
    }
  }
  if (!wild && element == Element::kFloat16) {  // no infinities and no NaN
    for (std::size_t at = 1; at < maps.bytes.size(); at += size) {
      maps.bytes[at] = static_cast<char>(maps.bytes[at] & 0xbf);
    }
  }
  batch.data = maps.bytes.data();
  for (int person = 0; person < people; ++person) {
    for (int joint = 0; joint < joints; ++joint) {
      const HeatmapView map = batch.map(person, joint);
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) maps.values.push_back(cell_value(map, x, y));
      }
    }
  }
  return maps;
}

}  // namespace edgepose::test
