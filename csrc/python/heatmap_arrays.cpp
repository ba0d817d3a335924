// SPDX-License-Identifier: Apache-2.0
#include "python/heatmap_arrays.h"

#include <cstdint>

namespace edgepose::python {
namespace {

bool element_of(const py::array& array, Element* element) {
  const bool half = array.dtype().kind() == 'f' && array.itemsize() == 2 &&
                    array.dtype().attr("isnative").cast<bool>();
  if (py::isinstance<py::array_t<float>>(array)) {
    *element = Element::kFloat32;
  } else if (half) {
    *element = Element::kFloat16;
  } else if (py::isinstance<py::array_t<std::int8_t>>(array)) {
    *element = Element::kInt8;
  } else if (py::isinstance<py::array_t<std::uint8_t>>(array)) {
    *element = Element::kUint8;
  } else {
    return false;
  }
  return true;
}

py::array aligned(const py::array& array) {
  const py::ssize_t size = array.itemsize();
  bool good = reinterpret_cast<std::uintptr_t>(array.data()) % static_cast<std::size_t>(size) == 0;
  for (py::ssize_t axis = 0; axis < array.ndim(); ++axis) {
    good = good && array.strides(axis) % size == 0;
  }
  return good ? array : py::array(array.attr("copy")("C"));
}

std::string wanted(const MapsLayout& layout) {
  return std::string("float32, float16, int8 or uint8 ") + layout.shape;
}

}  // namespace

MapsArray maps_of(const py::array& array, const MapsLayout& layout, std::optional<float> scale,
                  int zero_point) {
  MapsArray out;
  HeatmapBatch& maps = out.maps;
  if (!element_of(array, &maps.element) || array.ndim() != layout.axes) {
    fail_array(layout.name, wanted(layout).c_str(), array);
  }
  const bool integers = maps.element == Element::kInt8 || maps.element == Element::kUint8;
  if (integers != scale.has_value()) {
    fail(std::string(layout.name) + " of integers, and only those, need a scale; got " +
         describe(array) + (integers ? " without one" : " with one"));
  }
  maps.quantization = {scale.value_or(1.0F), zero_point};
  out.kept = aligned(array);
  const py::array& kept = out.kept;
  const py::ssize_t size = kept.itemsize();
  const py::ssize_t last = layout.axes - 1;
  const py::ssize_t joint_axis = layout.channels_last ? last : 1;
  const py::ssize_t column_axis = layout.channels_last ? last - 1 : last;
  maps.data = kept.data();
  maps.people = kept.shape(0);
  maps.person_stride = kept.strides(0) / size;
  maps.joints = kept.shape(joint_axis);
  maps.joint_stride = kept.strides(joint_axis) / size;
  maps.width = side_of(kept.shape(column_axis));
  maps.cell_stride = kept.strides(column_axis) / size;
  maps.height = 1;
  if (layout.axes > 3) {
    maps.height = side_of(kept.shape(column_axis - 1));
    maps.row_stride = kept.strides(column_axis - 1) / size;
  }
  if (layout.axes == 5) {
    out.depth = side_of(kept.shape(2));
    out.depth_stride = kept.strides(2) / size;
  }
  return out;
}

void require_maps_ok(Status status, const char* function, const MapsLayout& layout,
                     const py::array& got) {
  if (status == Status::kBadSize) {
    fail_array(layout.name, (wanted(layout) + " with sides of 1 to 1048576").c_str(), got);
  }
  require_ok(status, function);
}

}  // namespace edgepose::python
