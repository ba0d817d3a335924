// SPDX-License-Identifier: Apache-2.0
// One register function per topic.
#pragma once

#include <pybind11/pybind11.h>

namespace edgepose::python {

void register_assign(pybind11::module_& module);
void register_cells(pybind11::module_& module);
void register_coco(pybind11::module_& module);
void register_contract(pybind11::module_& module);
void register_detect(pybind11::module_& module);
void register_group_paf(pybind11::module_& module);
void register_heatmap(pybind11::module_& module);
void register_merge_flip(pybind11::module_& module);
void register_metric(pybind11::module_& module);
void register_picture(pybind11::module_& module);
void register_pose_error(pybind11::module_& module);
void register_resize(pybind11::module_& module);
void register_simcc(pybind11::module_& module);
void register_suppress(pybind11::module_& module);
void register_tags(pybind11::module_& module);
void register_track(pybind11::module_& module);
void register_volume(pybind11::module_& module);

}  // namespace edgepose::python
