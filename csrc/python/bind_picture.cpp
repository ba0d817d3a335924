// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "core/image/crop.h"
#include "core/image/orient.h"
#include "python/arrays.h"
#include "python/bind.h"
#include "python/parallel.h"

namespace edgepose::python {
namespace {

using Pixels = py::array_t<std::uint8_t, py::array::c_style>;

// A picture and the arrays that hold its memory.
struct Held {
  Picture picture;
  std::vector<py::array> arrays;
};

const std::uint8_t* bytes_of(const py::array& array) {
  return static_cast<const std::uint8_t*>(array.data());
}

// The array as it lies in memory, or a copy where the core would not read it so: pixels that are
// not side by side, rows that overlap (broadcast views).
py::array readable(const py::array& array) {
  const py::ssize_t bytes = array.ndim() == 3 ? array.shape(2) : 1;
  const bool packed = array.strides(1) == bytes && (array.ndim() == 2 || array.strides(2) == 1);
  const bool apart = array.shape(0) <= 1 || std::abs(array.strides(0)) >= bytes * array.shape(1);
  return packed && apart ? array : py::array(Pixels::ensure(array));
}

Held packed(const py::array& plane, const std::array<int, 3>& channels) {
  const bool is_byte = py::isinstance<py::array_t<std::uint8_t>>(plane);
  const bool grey = plane.ndim() == 2;
  if (!is_byte || (!grey && (plane.ndim() != 3 || plane.shape(2) < 3 || plane.shape(2) > 4))) {
    fail_array("picture", "uint8 [H,W], [H,W,3] or [H,W,4]", plane);
  }
  Held held;
  held.arrays = {readable(plane)};
  const py::array& array = held.arrays[0];
  Picture& picture = held.picture;
  picture.format = grey                  ? PixelFormat::kGrey
                   : array.shape(2) == 3 ? PixelFormat::kPacked3
                                         : PixelFormat::kPacked4;
  picture.width = side_of(array.shape(1));
  picture.height = side_of(array.shape(0));
  picture.plane[0] = bytes_of(array);
  picture.row_stride[0] = array.strides(0);
  for (std::size_t i = 0; i < 3; ++i) picture.channel[i] = grey ? 0 : channels[i];
  return held;
}

YuvColor yuv_color(const std::string& name) {
  if (name == "bt601_full") return YuvColor::kBt601Full;
  if (name == "bt601_limited") return YuvColor::kBt601Limited;
  if (name == "bt709_full") return YuvColor::kBt709Full;
  if (name == "bt709_limited") return YuvColor::kBt709Limited;
  fail("color must be one of bt601_full, bt601_limited, bt709_full, bt709_limited; got " + name);
}

Held yuv420(const std::vector<py::array>& planes, const std::string& color) {
  const char* names[3] = {"y", "u", "v"};
  Held held;
  held.arrays = planes;
  Picture& picture = held.picture;
  picture.format = PixelFormat::kYuv420;
  picture.yuv = yuv_color(color);
  require<std::uint8_t>(planes[0], "y", "uint8 [H,W]", {-1, -1});
  const py::ssize_t height = planes[0].shape(0);
  const py::ssize_t width = planes[0].shape(1);
  picture.width = side_of(width);
  picture.height = side_of(height);
  for (std::size_t i = 0; i < 3; ++i) {
    if (i > 0) {
      require<std::uint8_t>(planes[i], names[i], "uint8 of half the size of y, rounded up",
                            {(height + 1) / 2, (width + 1) / 2});
    }
    picture.plane[i] = bytes_of(planes[i]);
    picture.row_stride[i] = planes[i].strides(0);
    picture.pixel_stride[i] = planes[i].strides(1);
  }
  return held;
}

ValueType type_of(const py::array& out) {
  if (py::isinstance<py::array_t<float>>(out)) return ValueType::kFloat32;
  if (py::isinstance<py::array_t<std::uint8_t>>(out)) return ValueType::kUint8;
  if (py::isinstance<py::array_t<std::int8_t>>(out)) return ValueType::kInt8;
  if (out.dtype().kind() == 'f' && out.itemsize() == 2) return ValueType::kFloat16;
  fail_array("out", "float32, float16, uint8 or int8", out);
}

CropTarget target_of(py::array& out, py::ssize_t count, const std::string& layout, double scale,
                     int zero_point) {
  if (layout != "nchw" && layout != "nhwc") fail("layout must be nchw or nhwc; got " + layout);
  const bool first = layout == "nchw";
  const char* wanted = first ? "writeable, contiguous [N,3,h,w] with an image per matrix"
                             : "writeable, contiguous [N,h,w,3] with an image per matrix";
  if (out.ndim() != 4 || out.shape(0) != count || out.shape(first ? 1 : 3) != 3 ||
      !out.writeable() || (out.flags() & py::array::c_style) == 0) {
    fail_array("out", wanted, out);
  }
  CropTarget target;
  target.data = out.mutable_data();
  target.height = side_of(out.shape(first ? 2 : 1));
  target.width = side_of(out.shape(first ? 3 : 2));
  target.type = type_of(out);
  target.layout = first ? TensorLayout::kChannelsFirst : TensorLayout::kChannelsLast;
  target.scale = static_cast<float>(scale);
  target.zero_point = zero_point;
  return target;
}

void crop_into(const std::vector<py::array>& planes, const std::array<int, 3>& channels,
               const std::string& yuv, const py::array& matrix_in, py::array out,
               const std::string& layout, const std::array<double, 3>& mean,
               const std::array<double, 3>& std, bool swap_rb, double pad_value, bool antialias,
               double scale, int zero_point, int threads) {
  if (planes.size() != 1 && planes.size() != 3) {
    fail("planes must be one or three arrays; got " + std::to_string(planes.size()));
  }
  if (threads < 1) fail("threads must be at least 1; got " + std::to_string(threads));
  const Held held = planes.size() == 1 ? packed(planes[0], channels) : yuv420(planes, yuv);
  const auto matrix =
      require_packed<double>(matrix_in, "input_to_image", "float64 [N,2,3]", {-1, 2, 3});
  const std::int64_t count = matrix.shape(0);
  const CropTarget target = target_of(out, count, layout, scale, zero_point);
  CropOptions options;
  options.antialias = antialias;
  options.color.swap_rb = swap_rb;
  options.color.pad_value = static_cast<float>(pad_value);
  for (std::size_t i = 0; i < 3; ++i) {
    options.color.mean[i] = static_cast<float>(mean[i]);
    options.color.std[i] = static_cast<float>(std[i]);
  }
  const double* matrices = matrix.data();
  std::atomic<Status> status{Status::kOk};
  {
    const py::gil_scoped_release release;
    parallel_for(crop_part_count(count, target.height), threads,
                 [&](std::int64_t first, std::int64_t last) {
                   const Status found =
                       crop_parts(held.picture, matrices, count, options, target, first, last);
                   if (found != Status::kOk) status = found;
                 });
  }
  require_ok(status, "crop_picture");
}

py::array_t<double> orient(const py::array& matrix_in, std::array<int, 2> image_wh,
                           int quarter_turns, bool mirror) {
  const auto matrix =
      require_packed<double>(matrix_in, "input_to_upright", "float64 [N,2,3]", {-1, 2, 3});
  py::array_t<double> out({matrix.shape(0), py::ssize_t{2}, py::ssize_t{3}});
  require_ok(orient_matrices(matrix.data(), matrix.shape(0), image_wh[0], image_wh[1],
                             quarter_turns, mirror, out.mutable_data()),
             "orient_matrices");
  return out;
}

}  // namespace

void register_picture(py::module_& module) {
  using py::literals::operator""_a;
  module.def("crop_picture", &crop_into, "planes"_a, "channels"_a, "yuv"_a, "input_to_image"_a,
             "out"_a, "layout"_a, "mean"_a, "std"_a, "swap_rb"_a, "pad_value"_a, "antialias"_a,
             "scale"_a, "zero_point"_a, "threads"_a,
             "Cut crops of a picture of any format into `out`, on some threads.");
  module.def("orient_matrices", &orient, "input_to_upright"_a, "image_wh"_a, "quarter_turns"_a,
             "mirror"_a, "Matrices to the upright picture as matrices to the stored one.");
}

}  // namespace edgepose::python
