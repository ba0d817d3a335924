// SPDX-License-Identifier: Apache-2.0
#include "capi/call.h"
#include "core/geometry/cells.h"
#include "core/geometry/matrices.h"

using edgepose::Warp;
using edgepose::capi::Call;

namespace {

constexpr std::int32_t kWarps = EP_WARP_LEGACY + 1;
static_assert(EP_WARP_UDP == static_cast<int>(Warp::kUdp) &&
              EP_WARP_LEGACY == static_cast<int>(Warp::kLegacy));

}  // namespace

void ep_box_crop_init(ep_box_crop* crop, size_t struct_size) {
  const edgepose::BoxCrop core;
  ep_box_crop defaults{};
  defaults.warp = static_cast<int32_t>(core.warp);
  defaults.padding = core.padding;
  defaults.rotation_deg = core.rotation_deg;
  edgepose::capi::init_struct(defaults, crop, struct_size);
}

ep_status ep_matrix_from_boxes(const double* boxes, int64_t count, int32_t input_width,
                               int32_t input_height, const ep_box_crop* crop,
                               double* input_to_image, ep_error* error) {
  Call call(__func__, error);
  ep_box_crop given;
  if (!call.read_options(crop, "crop", ep_box_crop_init, &given)) return call.status();
  if (!call.choice("crop.warp", given.warp, kWarps)) return call.status();
  const edgepose::BoxCrop core{given.padding, static_cast<Warp>(given.warp), given.rotation_deg};
  return call.done(
      edgepose::crop_matrices(boxes, count, input_width, input_height, core, input_to_image));
}

ep_status ep_matrix_letterbox(int32_t image_width, int32_t image_height, int32_t input_width,
                              int32_t input_height, int32_t anchor, double* input_to_image,
                              ep_error* error) {
  Call call(__func__, error);
  if (!call.choice("anchor", anchor, EP_ANCHOR_TOP_LEFT + 1)) return call.status();
  return call.done(edgepose::letterbox_matrix(image_width, image_height, input_width, input_height,
                                              anchor == EP_ANCHOR_CENTER, input_to_image));
}

ep_status ep_matrix_stretch(int32_t image_width, int32_t image_height, int32_t input_width,
                            int32_t input_height, double* input_to_image, ep_error* error) {
  return Call(__func__, error)
      .done(edgepose::stretch_matrix(image_width, image_height, input_width, input_height,
                                     input_to_image));
}

ep_status ep_points_map(const double* matrix, const double* xy, int64_t count, double* out,
                        ep_error* error) {
  return Call(__func__, error).done(edgepose::map_points(matrix, xy, count, out));
}

void ep_cell_grid_init(ep_cell_grid* grid, size_t struct_size) {
  const edgepose::CellGrid core;
  ep_cell_grid defaults{};
  defaults.warp = static_cast<int32_t>(core.warp);
  defaults.stride = core.stride;
  defaults.upscale = core.upscale;
  defaults.offset = core.offset;
  edgepose::capi::init_struct(defaults, grid, struct_size);
}

ep_status ep_cells_to_input(const float* xy_cell, int64_t count, const ep_cell_grid* grid,
                            double* xy_input, ep_error* error) {
  Call call(__func__, error);
  ep_cell_grid given;
  if (!call.read(grid, "grid", ep_cell_grid_init, &given)) return call.status();
  if (!call.choice("grid.warp", given.warp, kWarps)) return call.status();
  const edgepose::CellGrid core{static_cast<Warp>(given.warp),
                                given.stride,
                                given.input_width,
                                given.input_height,
                                given.map_width,
                                given.map_height,
                                given.upscale,
                                given.offset};
  return call.done(edgepose::cells_to_input(xy_cell, count, core, xy_input));
}
