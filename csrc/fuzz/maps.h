// SPDX-License-Identifier: Apache-2.0
// Heatmaps of every element type, layout and sign of stride, and the floats that they stand for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "core/heatmap/heatmap_view.h"
#include "core/image/float16.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

namespace edgepose::fuzz {

struct MapShape {
  int people = 1;
  int joints = 1;
  int height = 1;
  int width = 1;

  std::size_t maps() const {
    return static_cast<std::size_t>(people) * static_cast<std::size_t>(joints);
  }
  std::size_t cells() const {
    return maps() * static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
  }
};

// Sides of 1 .. the largest, people and joints from 0, and not more than `most_cells` together.
inline MapShape read_shape(Reader& reader, const MapShape& largest, int most_cells = 4096) {
  MapShape shape;
  shape.width = reader.between(1, largest.width);
  shape.height = reader.between(1, std::min(largest.height, most_cells / shape.width));
  const int area = shape.width * shape.height;
  shape.joints = reader.between(0, std::min(largest.joints, most_cells / area));
  const int person = std::max(shape.joints, 1) * area;
  shape.people = reader.between(0, std::min(largest.people, most_cells / person));
  return shape;
}

class Maps {
 public:
  Maps(Reader& reader, const MapShape& shape)
      : Maps(reader, shape, reader.choice(Element::kUint8)) {}

  Maps(Reader& reader, const MapShape& shape, Element element) {
    batch_.element = element;
    batch_.people = shape.people;
    batch_.joints = shape.joints;
    batch_.height = shape.height;
    batch_.width = shape.width;
    if (element == Element::kInt8 || element == Element::kUint8) {
      batch_.quantization.scale = reader.option(0.25F);
      batch_.quantization.zero_point = reader.hostile(element == Element::kInt8 ? -128 : 0, 127);
    }
    const std::ptrdiff_t first = lay_out(reader);
    fill(reader);
    before_ = stored_;
    if (!stored_.empty()) batch_.data = stored_.data() + first * element_size(element);
  }
  Maps(const Maps&) = delete;
  Maps& operator=(const Maps&) = delete;
  ~Maps() { require(stored_ == before_, "inputs are never written to"); }

  const HeatmapBatch& batch() const { return batch_; }

  // The same maps as packed floats [N, K, H, W]. Needs maps that check_maps accepts.
  std::vector<float> floats() const {
    std::vector<float> values;
    for (std::int64_t person = 0; person < batch_.people; ++person) {
      for (std::int64_t joint = 0; joint < batch_.joints; ++joint) {
        const HeatmapView map = batch_.map(person, joint);
        for (int y = 0; y < map.height; ++y) {
          for (int x = 0; x < map.width; ++x) values.push_back(cell_value(map, x, y));
        }
      }
    }
    return values;
  }
  HeatmapBatch packed(const std::vector<float>& values) const {
    const std::ptrdiff_t area = std::ptrdiff_t{batch_.width} * batch_.height;
    return MapBatch{values.data(), batch_.people,        batch_.joints, batch_.width,
                    batch_.height, batch_.joints * area, area,          batch_.width};
  }

 private:
  // Sets the strides and the size of the memory; gives the element that is cell (0, 0) of the first
  // map. Axes may run backwards, stand still (one map for all) or leave gaps.
  std::ptrdiff_t lay_out(Reader& reader) {
    struct Axis {
      std::int64_t length;
      std::ptrdiff_t* stride;
    };
    const Axis person{batch_.people, &batch_.person_stride};
    const Axis joint{batch_.joints, &batch_.joint_stride};
    const Axis row{batch_.height, &batch_.row_stride};
    const Axis cell{batch_.width, &batch_.cell_stride};
    const Axis first[] = {cell, row, joint, person};  // NCHW, from the inside out
    const Axis last[] = {joint, cell, row, person};   // NHWC
    const std::uint8_t layout = reader.byte();
    const std::uint8_t odd = layout >= 128 ? reader.byte() : 0;  // 2 bits an axis
    std::ptrdiff_t next = 1;
    std::ptrdiff_t start = 0;
    std::ptrdiff_t span = 0;
    for (int i = 0; i < 4; ++i) {
      const Axis& axis = (layout & 1) != 0 ? last[i] : first[i];
      const int way = (odd >> (2 * i)) & 3;  // 0: as usual, 1: gaps, 2: backwards, 3: standing
      const std::ptrdiff_t stride = way == 3 ? 0 : next + (way == 1 ? 2 : 0);
      const std::ptrdiff_t reach = stride * std::max<std::int64_t>(axis.length - 1, 0);
      *axis.stride = way == 2 ? -stride : stride;
      start += way == 2 ? reach : 0;
      span += reach;
      next = stride == 0 ? next : stride * std::max<std::int64_t>(axis.length, 1);
    }
    if (!batch_.empty()) {
      stored_.resize(static_cast<std::size_t>((span + 1) * element_size(batch_.element)));
    }
    return start;
  }

  void fill(Reader& reader) {
    if (batch_.element == Element::kInt8 || batch_.element == Element::kUint8) {
      stored_ = reader.bytes(stored_.size());
      return;
    }
    const auto size = static_cast<std::size_t>(element_size(batch_.element));
    const std::vector<float> values = reader.numbers<float>(stored_.size() / size);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::uint16_t half = float16_bits(values[i]);
      if (size == sizeof half) {
        std::memcpy(&stored_[i * size], &half, size);
      } else {
        std::memcpy(&stored_[i * size], &values[i], size);
      }
    }
  }

  HeatmapBatch batch_;
  std::vector<std::uint8_t> stored_;
  std::vector<std::uint8_t> before_;
};

}  // namespace edgepose::fuzz
