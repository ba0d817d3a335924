// SPDX-License-Identifier: Apache-2.0
// The C ABI over heatmaps and detectors, called carelessly.
#include "fuzz/abi.h"

using edgepose::fuzz::Caller;
using edgepose::fuzz::disturbed;
using edgepose::fuzz::Given;
using edgepose::fuzz::Reader;

namespace {

Given<ep_heatmaps> maps_of(Caller& caller, int people, int joints, int height, int width) {
  Reader& reader = caller.reader();
  ep_heatmaps maps;
  ep_heatmaps_init(&maps, sizeof maps);
  if (reader.flag()) {
    ep_heatmaps_set_nchw(&maps, caller.floats(), people, joints, height, width);
  } else {
    ep_heatmaps_set_nhwc(&maps, caller.floats(), people, joints, height, width);
  }
  maps.element = reader.hostile(0, 3);
  maps.scale = reader.option(0.5F);
  maps.zero_point = reader.hostile(0, 20);
  return {reader, maps};
}

void decode(Caller& caller, const ep_heatmaps* maps, ep_error* error) {
  Reader& reader = caller.reader();
  const Given<ep_decode_options> options(reader, disturbed(reader, ep_decode_options_init));
  caller.check(
      ep_heatmap_decode(maps, options.get(), caller.out<float>(), caller.out<float>(), error),
      error);
  caller.check(ep_heatmap_argmax(maps, caller.out<float>(), caller.out<float>(), error), error);
}

void peaks(Caller& caller, const ep_heatmaps* maps, ep_error* error) {
  Reader& reader = caller.reader();
  caller.check(ep_heatmap_peaks(maps, reader.hostile(0, 3), reader.hostile(0, 3),
                                reader.option(0.1F), reader.hostile(0, 3), caller.size(20),
                                caller.out<ep_peak>(), caller.out<int32_t>(), error),
               error);
  caller.check(ep_heatmap_resize(maps, reader.hostile(0, 3), reader.hostile(0, 3), caller.size(20),
                                 caller.size(20), caller.out<float>(), error),
               error);
}

void merge(Caller& caller, const ep_heatmaps* maps, const ep_heatmaps* others, ep_error* error) {
  Reader& reader = caller.reader();
  const Given<ep_flip_options> flip(reader, disturbed(reader, ep_flip_options_init));
  caller.check(
      ep_heatmap_merge_flip(maps, others, caller.ids(), flip.get(), caller.out<float>(), error),
      error);
  const Given<ep_simcc_options> simcc(reader, disturbed(reader, ep_simcc_options_init));
  caller.check(
      ep_simcc_decode(maps, others, simcc.get(), caller.out<float>(), caller.out<float>(), error),
      error);
}

void volume(Caller& caller, const ep_heatmaps* slice, int area, ep_error* error) {
  const int depth = caller.size(3);
  caller.check(
      ep_volume_argmax(slice, depth, area, caller.out<float>(), caller.out<float>(), error), error);
  caller.check(ep_volume_integral(slice, depth, area, caller.reader().option(1.0F),
                                  caller.out<float>(), caller.out<float>(), error),
               error);
}

void detect(Caller& caller, ep_error* error) {
  Reader& reader = caller.reader();
  ep_center_maps centers;
  ep_center_maps_init(&centers, sizeof centers);
  centers.width = caller.size(16);
  centers.height = caller.size(16);
  centers.heatmap = caller.floats();
  centers.size = caller.floats();
  centers.offset = caller.floats();
  const Given<ep_center_maps> given(reader, centers);
  caller.check(ep_centers_decode(given.get(), reader.option(4.0F), reader.option(0.1F),
                                 caller.size(20), caller.out<ep_peak>(), caller.out<float>(),
                                 caller.out<float>(), caller.out<int32_t>(), error),
               error);
  ep_yolox_layout layout;
  ep_yolox_layout_init(&layout, sizeof layout);
  layout.input_width = caller.size(8);
  layout.input_height = caller.size(8);
  layout.stride_count = caller.size(3);
  layout.strides = caller.counts();
  layout.class_count = caller.size(2);
  layout.class_index = caller.size(2);
  const Given<ep_yolox_layout> grids(reader, layout);
  const int64_t rows = ep_yolox_rows(grids.get());
  caller.check(
      ep_yolox_decode(caller.floats(), rows, grids.get(), reader.option(0.1F), caller.out<float>(),
                      caller.out<float>(), caller.out<int64_t>(), error),
      error);
  caller.check(ep_box_nms(caller.floats(), caller.floats(), caller.size(30), reader.option(0.5F),
                          caller.out<int64_t>(), caller.out<int64_t>(), error),
               error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  Caller caller(reader);
  ep_error* const error = caller.error();
  const int people = caller.size(3);
  const int joints = caller.size(4);
  const int height = reader.flag() ? 1 : caller.size(8);
  const int width = caller.size(8);
  const Given<ep_heatmaps> maps = maps_of(caller, people, joints, height, width);
  const Given<ep_heatmaps> others = maps_of(caller, people, joints, height, width);
  switch (reader.byte() % 5) {
    case 0:
      decode(caller, maps.get(), error);
      break;
    case 1:
      peaks(caller, maps.get(), error);
      break;
    case 2:
      merge(caller, maps.get(), others.get(), error);
      break;
    case 3:
      volume(caller, maps.get(), 64, error);
      break;
    default:
      detect(caller, error);
  }
  return 0;
}
