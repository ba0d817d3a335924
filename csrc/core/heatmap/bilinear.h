// SPDX-License-Identifier: Apache-2.0
// Maps at another size.
#pragma once

#include "core/status.h"
#include "core/view.h"

namespace edgepose {

// Bilinear resize of one map to out [height, width], rows side by side.
//
// Units: half-pixel centres: cell i of the output reads at (i + 0.5) * in / out - 0.5, and beyond
//        the outer centres at the border (align_corners = False of PyTorch).
// Gives: NaN and infinite cells spread to the outputs that read them. A map that keeps its size is
//        copied.
// Cost:  O(width * height); no allocation.
Status resize_bilinear(const MapView& map, int width, int height, float* out);

}  // namespace edgepose
