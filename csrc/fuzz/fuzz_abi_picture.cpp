// SPDX-License-Identifier: Apache-2.0
// The C ABI over geometry and crops, called carelessly.
#include "fuzz/abi.h"

using edgepose::fuzz::Caller;
using edgepose::fuzz::disturbed;
using edgepose::fuzz::Given;
using edgepose::fuzz::Reader;

namespace {

void matrices(Caller& caller, ep_error* error) {
  Reader& reader = caller.reader();
  const Given<ep_box_crop> crop(reader, disturbed(reader, ep_box_crop_init));
  caller.check(
      ep_matrix_from_boxes(caller.doubles(), caller.size(8), reader.hostile(1, 400),
                           reader.hostile(1, 400), crop.get(), caller.out<double>(), error),
      error);
  caller.check(ep_matrix_letterbox(reader.hostile(1, 400), reader.hostile(1, 400),
                                   reader.hostile(1, 400), reader.hostile(1, 400),
                                   reader.hostile(0, 1), caller.out<double>(), error),
               error);
  caller.check(
      ep_matrix_stretch(reader.hostile(1, 400), reader.hostile(1, 400), reader.hostile(1, 400),
                        reader.hostile(1, 400), caller.out<double>(), error),
      error);
  caller.check(ep_matrix_orient(caller.doubles(), caller.size(8), reader.hostile(1, 400),
                                reader.hostile(1, 400), reader.hostile(-5, 5), reader.byte() % 2,
                                caller.out<double>(), error),
               error);
  caller.check(ep_points_map(caller.doubles(), caller.doubles(), caller.size(8),
                             caller.out<double>(), error),
               error);
  const Given<ep_cell_grid> grid(reader, disturbed(reader, ep_cell_grid_init));
  caller.check(
      ep_cells_to_input(caller.floats(), caller.size(8), grid.get(), caller.out<double>(), error),
      error);
}

void crops(Caller& caller, ep_error* error) {
  Reader& reader = caller.reader();
  ep_picture picture;
  ep_picture_init(&picture, sizeof picture);
  ep_picture_set_packed3(&picture, caller.bytes(), caller.size(12), caller.size(12));
  picture.format = reader.hostile(0, 3);
  picture.yuv = reader.hostile(0, 3);
  for (int i = 0; i < 3; ++i) {
    picture.plane[i] = caller.bytes();
    picture.pixel_stride[i] = 1;
    picture.row_stride[i] = 60;
    picture.channel[i] = reader.hostile(0, 3);
  }
  ep_tensor tensor;
  ep_tensor_init(&tensor, sizeof tensor);
  tensor.element = reader.hostile(0, 3);
  tensor.layout = reader.hostile(0, 1);
  tensor.width = caller.size(10);
  tensor.height = caller.size(34);  // two parts
  tensor.zero_point = reader.hostile(0, 20);
  tensor.scale = reader.option(0.1F);
  tensor.data = caller.out<float>();
  const Given<ep_picture> given(reader, picture);
  const Given<ep_tensor> out(reader, tensor);
  const Given<ep_crop_options> options(reader, disturbed(reader, ep_crop_options_init));
  const int count = caller.size(3);
  caller.check(ep_crop_run(given.get(), caller.doubles(), count, options.get(), out.get(), error),
               error);
  ep_crop_part_count(count, tensor.height);
  caller.check(ep_crop_run_parts(given.get(), caller.doubles(), count, options.get(),
                                 reader.hostile(0, 6), reader.hostile(0, 6), out.get(), error),
               error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  Caller caller(reader);
  ep_error* const error = caller.error();
  if (reader.flag()) {
    matrices(caller, error);
  } else {
    crops(caller, error);
  }
  return 0;
}
