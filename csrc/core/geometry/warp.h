// SPDX-License-Identifier: Apache-2.0
// How a network's input and its heatmaps are laid over each other and over the picture.
#pragma once

namespace edgepose {

enum class Warp {
  kHalfPixel,  // the outer edges fall together
  kUdp,        // the centres of the outermost pixels do (Huang et al. 2020)
  kLegacy,     // input pixel W / 2 is the centre, cell x is input pixel stride * x (HRNet)
};

}  // namespace edgepose
