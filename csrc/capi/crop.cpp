// SPDX-License-Identifier: Apache-2.0
#include "core/image/crop.h"

#include <algorithm>

#include "capi/call.h"

using edgepose::capi::Call;

namespace {

edgepose::CropColor color_of(const ep_crop_options& options) {
  edgepose::CropColor color;
  std::copy_n(options.mean, 3, color.mean);
  std::copy_n(options.std, 3, color.std);
  color.swap_rb = options.swap_rb != 0;
  color.pad_value = options.pad_value;
  return color;
}

}  // namespace

void ep_picture_init(ep_picture* picture, size_t struct_size) {
  edgepose::capi::init_struct(ep_picture{}, picture, struct_size);
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
  const edgepose::CropColor color;
  ep_crop_options defaults{};
  std::copy_n(color.mean, 3, defaults.mean);
  std::copy_n(color.std, 3, defaults.std);
  defaults.swap_rb = color.swap_rb ? 1 : 0;
  defaults.pad_value = color.pad_value;
  edgepose::capi::init_struct(defaults, options, struct_size);
}

ep_status ep_crop_run(const ep_picture* picture, const double* input_to_image, int64_t count,
                      const ep_crop_options* options, int32_t out_width, int32_t out_height,
                      float* out, ep_error* error) {
  Call call(__func__, error);
  ep_picture given;
  ep_crop_options chosen;
  if (!call.read(picture, "picture", ep_picture_init, &given)) return call.status();
  if (!call.choice("picture.format", given.format, EP_PIXEL_PACKED3 + 1)) return call.status();
  if (!call.read_options(options, "options", ep_crop_options_init, &chosen)) return call.status();
  const edgepose::ImageView image{given.plane[0], given.width, given.height,
                                  static_cast<std::ptrdiff_t>(given.row_stride[0])};
  return call.done(edgepose::crop_normalize(image, input_to_image, count, out_width, out_height,
                                            color_of(chosen), out));
}
