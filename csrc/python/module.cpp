// SPDX-License-Identifier: Apache-2.0
#include <pybind11/pybind11.h>

#include "python/bind.h"

PYBIND11_MODULE(_core, module) {
  module.doc() = "Compiled kernels of edgepose.";
  edgepose::python::register_assign(module);
  edgepose::python::register_cells(module);
  edgepose::python::register_coco(module);
  edgepose::python::register_contract(module);
  edgepose::python::register_detect(module);
  edgepose::python::register_group_paf(module);
  edgepose::python::register_heatmap(module);
  edgepose::python::register_merge_flip(module);
  edgepose::python::register_metric(module);
  edgepose::python::register_picture(module);
  edgepose::python::register_pose_error(module);
  edgepose::python::register_resize(module);
  edgepose::python::register_simcc(module);
  edgepose::python::register_suppress(module);
  edgepose::python::register_tags(module);
  edgepose::python::register_track(module);
  edgepose::python::register_volume(module);
}
