// SPDX-License-Identifier: Apache-2.0
#include <pybind11/stl.h>

#include <array>
#include <cstdlib>
#include <optional>

#include "core/image/crop.h"
#include "python/arrays.h"
#include "python/bind.h"

namespace edgepose::python {
namespace {

using Pixels = py::array_t<std::uint8_t, py::array::c_style>;
using Crops = py::array_t<float>;

// The picture as it lies in memory, or a copy where its pixels are not side by side or its rows
// overlap.
py::array packed_pixels(const py::array& image) {
  const bool packed = image.strides(2) == 1 && image.strides(1) == 3;
  const bool apart = image.shape(0) <= 1 || std::abs(image.strides(0)) >= 3 * image.shape(1);
  return packed && apart ? image : py::array(Pixels::ensure(image));
}

Crops output_of(const std::optional<py::array>& out, py::ssize_t count, int height, int width) {
  if (!out) return Crops({count, py::ssize_t{3}, py::ssize_t{height}, py::ssize_t{width}});
  const char* wanted = "writeable, contiguous float32 [N,3,h,w] of the crops' size";
  require<float>(*out, "out", wanted, {count, 3, height, width});
  if (!out->writeable() || (out->flags() & py::array::c_style) == 0) {
    fail_array("out", wanted, *out);
  }
  return Crops(*out);
}

CropColor color_of(const std::array<double, 3>& mean, const std::array<double, 3>& std,
                   bool swap_rb, double pad_value) {
  CropColor color;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    color.mean[channel] = static_cast<float>(mean[channel]);
    color.std[channel] = static_cast<float>(std[channel]);
  }
  color.swap_rb = swap_rb;
  color.pad_value = static_cast<float>(pad_value);
  return color;
}

Crops crop(const py::array& image_in, const py::array& matrix_in, std::array<int, 2> out_hw,
           const std::array<double, 3>& mean, const std::array<double, 3>& std, bool swap_rb,
           double pad_value, const std::optional<py::array>& out_in) {
  require<std::uint8_t>(image_in, "image", "uint8 [H,W,3]", {-1, -1, 3});
  const py::array image = packed_pixels(image_in);
  const auto matrix =
      require_packed<double>(matrix_in, "input_to_image", "float64 [N,2,3]", {-1, 2, 3});
  if (out_hw[0] < 1 || out_hw[1] < 1 || out_hw[0] > kMaxSide || out_hw[1] > kMaxSide) {
    fail("out_hw must be two positive sizes; got (" + std::to_string(out_hw[0]) + ", " +
         std::to_string(out_hw[1]) + ")");
  }
  Crops out = output_of(out_in, matrix.shape(0), out_hw[0], out_hw[1]);
  const ImageView view{static_cast<const std::uint8_t*>(image.data()), side_of(image.shape(1)),
                       side_of(image.shape(0)), image.strides(0)};
  const CropColor color = color_of(mean, std, swap_rb, pad_value);
  const double* matrices = matrix.data();
  const std::int64_t count = matrix.shape(0);
  float* target = out.mutable_data();
  Status status;
  {
    const py::gil_scoped_release release;
    status = crop_normalize(view, matrices, count, out_hw[1], out_hw[0], color, target);
  }
  require_ok(status, "crop_normalize");
  return out;
}

}  // namespace

void register_crop(py::module_& module) {
  using py::literals::operator""_a;
  module.def("crop_normalize", &crop, "image"_a, "input_to_image"_a, "out_hw"_a, "mean"_a, "std"_a,
             "swap_rb"_a = false, "pad_value"_a = 0.0, "out"_a = py::none(),
             "Cut, resize and normalise crops of one picture: float32 [N,3,h,w].");
}

}  // namespace edgepose::python
