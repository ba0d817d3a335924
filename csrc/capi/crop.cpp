// SPDX-License-Identifier: Apache-2.0
#include "core/image/crop.h"

#include <algorithm>

#include "capi/call.h"
#include "core/image/orient.h"

using edgepose::CropTarget;
using edgepose::Picture;
using edgepose::PixelFormat;
using edgepose::TensorLayout;
using edgepose::ValueType;
using edgepose::YuvColor;
using edgepose::capi::Call;

namespace {

static_assert(EP_PIXEL_PACKED4 == static_cast<int>(PixelFormat::kPacked4) &&
              EP_PIXEL_GREY == static_cast<int>(PixelFormat::kGrey) &&
              EP_PIXEL_YUV420 == static_cast<int>(PixelFormat::kYuv420));
static_assert(EP_YUV_BT601_LIMITED == static_cast<int>(YuvColor::kBt601Limited) &&
              EP_YUV_BT709_FULL == static_cast<int>(YuvColor::kBt709Full) &&
              EP_YUV_BT709_LIMITED == static_cast<int>(YuvColor::kBt709Limited));
static_assert(EP_LAYOUT_NHWC == static_cast<int>(TensorLayout::kChannelsLast));

ValueType value_type(std::int32_t element) {
  switch (element) {
    case EP_ELEMENT_FLOAT16:
      return ValueType::kFloat16;
    case EP_ELEMENT_INT8:
      return ValueType::kInt8;
    case EP_ELEMENT_UINT8:
      return ValueType::kUint8;
    default:
      return ValueType::kFloat32;
  }
}

bool read_picture(Call& call, const ep_picture* picture, Picture* out) {
  ep_picture given;
  if (!call.read(picture, "picture", ep_picture_init, &given) ||
      !call.choice("picture.format", given.format, EP_PIXEL_YUV420 + 1) ||
      !call.choice("picture.yuv", given.yuv, EP_YUV_BT709_LIMITED + 1)) {
    return false;
  }
  out->format = static_cast<PixelFormat>(given.format);
  out->width = given.width;
  out->height = given.height;
  out->yuv = static_cast<YuvColor>(given.yuv);
  for (int i = 0; i < 3; ++i) {
    out->plane[i] = given.plane[i];
    out->row_stride[i] = static_cast<std::ptrdiff_t>(given.row_stride[i]);
    out->pixel_stride[i] = static_cast<std::ptrdiff_t>(given.pixel_stride[i]);
    out->channel[i] = given.channel[i];
  }
  return true;
}

bool read_options(Call& call, const ep_crop_options* options, edgepose::CropOptions* out) {
  ep_crop_options given;
  if (!call.read_options(options, "options", ep_crop_options_init, &given)) return false;
  std::copy_n(given.mean, 3, out->color.mean);
  std::copy_n(given.std, 3, out->color.std);
  out->color.swap_rb = given.swap_rb != 0;
  out->color.pad_value = given.pad_value;
  out->antialias = given.antialias != 0;
  return true;
}

bool read_tensor(Call& call, const ep_tensor* tensor, CropTarget* out) {
  ep_tensor given;
  if (!call.read(tensor, "out", ep_tensor_init, &given) ||
      !call.choice("out.element", given.element, EP_ELEMENT_UINT8 + 1) ||
      !call.choice("out.layout", given.layout, EP_LAYOUT_NHWC + 1)) {
    return false;
  }
  *out = {given.data,
          given.width,
          given.height,
          value_type(given.element),
          static_cast<TensorLayout>(given.layout),
          given.scale,
          given.zero_point};
  return true;
}

}  // namespace

void ep_picture_init(ep_picture* picture, size_t struct_size) {
  const Picture core;
  ep_picture defaults{};
  defaults.format = static_cast<int32_t>(core.format);
  defaults.yuv = static_cast<int32_t>(core.yuv);
  std::copy_n(core.channel, 3, defaults.channel);
  edgepose::capi::init_struct(defaults, picture, struct_size);
}

void ep_picture_set_packed3(ep_picture* picture, const uint8_t* pixels, int32_t width,
                            int32_t height) {
  if (picture == nullptr) return;
  picture->format = EP_PIXEL_PACKED3;
  picture->width = width;
  picture->height = height;
  picture->plane[0] = pixels;
  picture->row_stride[0] = int64_t{3} * width;
}

void ep_crop_options_init(ep_crop_options* options, size_t struct_size) {
  const edgepose::CropOptions core;
  ep_crop_options defaults{};
  std::copy_n(core.color.mean, 3, defaults.mean);
  std::copy_n(core.color.std, 3, defaults.std);
  defaults.swap_rb = core.color.swap_rb ? 1 : 0;
  defaults.pad_value = core.color.pad_value;
  defaults.antialias = core.antialias ? 1 : 0;
  edgepose::capi::init_struct(defaults, options, struct_size);
}

void ep_tensor_init(ep_tensor* tensor, size_t struct_size) {
  ep_tensor defaults{};
  defaults.scale = CropTarget{}.scale;
  edgepose::capi::init_struct(defaults, tensor, struct_size);
}

ep_status ep_crop_run(const ep_picture* picture, const double* input_to_image, int64_t count,
                      const ep_crop_options* options, const ep_tensor* out, ep_error* error) {
  Call call(__func__, error);
  Picture image;
  edgepose::CropOptions chosen;
  CropTarget target;
  const bool good = read_picture(call, picture, &image) && read_options(call, options, &chosen) &&
                    read_tensor(call, out, &target);
  if (!good) return call.status();
  return call.done(edgepose::crop_picture(image, input_to_image, count, chosen, target));
}

int64_t ep_crop_part_count(int64_t count, int32_t out_height) {
  return edgepose::crop_part_count(count, out_height);
}

ep_status ep_crop_run_parts(const ep_picture* picture, const double* input_to_image, int64_t count,
                            const ep_crop_options* options, int64_t first_part, int64_t last_part,
                            const ep_tensor* out, ep_error* error) {
  Call call(__func__, error);
  Picture image;
  edgepose::CropOptions chosen;
  CropTarget target;
  const bool good = read_picture(call, picture, &image) && read_options(call, options, &chosen) &&
                    read_tensor(call, out, &target);
  if (!good) return call.status();
  return call.done(
      edgepose::crop_parts(image, input_to_image, count, chosen, target, first_part, last_part));
}

ep_status ep_matrix_orient(const double* input_to_upright, int64_t count, int32_t width,
                           int32_t height, int32_t quarter_turns, int32_t mirror,
                           double* input_to_image, ep_error* error) {
  return Call(__func__, error)
      .done(edgepose::orient_matrices(input_to_upright, count, width, height, quarter_turns,
                                      mirror != 0, input_to_image));
}
