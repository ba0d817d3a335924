// SPDX-License-Identifier: Apache-2.0
// A row of a YUV 4:2:0 picture as RGB bytes. Internal to image/.
#pragma once

#include <cstdint>

#include "core/image/picture.h"

namespace edgepose::crop {

// Factors of the conversion in units of 1 / 65536.
struct YuvFactors {
  std::int32_t black;  // luma of black
  std::int32_t luma;
  std::int32_t v_to_red, u_to_green, v_to_green, u_to_blue;
};
YuvFactors yuv_factors(YuvColor color);

// Pixels from <= x < to of row y, three bytes each, rounded to the nearest and held to 0..255.
//
// Needs: a picture that check_picture accepts, of kYuv420; 0 <= from < to <= width; y inside.
void yuv_row(const Picture& picture, const YuvFactors& factors, int y, int from, int to,
             std::uint8_t* rgb);

}  // namespace edgepose::crop
