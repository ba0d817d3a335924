// SPDX-License-Identifier: Apache-2.0
#include "core/image/orient.h"

#include "core/view.h"

namespace edgepose {
namespace {

bool side_ok(int side) { return side >= 1 && side <= kMaxSide; }

// A row of a matrix, or the place counted from the far side.
void take_row(const double* row, bool reversed, double last, double* out) {
  for (int i = 0; i < 3; ++i) out[i] = reversed ? 0.0 - row[i] : row[i];
  if (reversed) out[2] += last;
}

}  // namespace

Status orient_matrices(const double* input_to_upright, std::int64_t count, int width, int height,
                       int quarter_turns, bool mirror, double* input_to_image) {
  if (count < 0 || !side_ok(width) || !side_ok(height)) return Status::kBadSize;
  if (count == 0) return Status::kOk;
  if (input_to_upright == nullptr || input_to_image == nullptr) return Status::kNullPointer;
  const int turns = ((quarter_turns % 4) + 4) % 4;
  const bool lying = turns % 2 == 1;
  // Stored x is upright x or y, counted from the far side or not; stored y is the other one.
  const bool x_reversed = turns >= 2;
  const bool y_reversed = (turns == 1 || turns == 2);
  const double last_upright_x = (lying ? height : width) - 1.0;
  for (std::int64_t i = 0; i < count; ++i) {
    double upright[2][3];
    take_row(input_to_upright + 6 * i, mirror, last_upright_x, upright[0]);
    take_row(input_to_upright + 6 * i + 3, false, 0.0, upright[1]);
    take_row(upright[lying ? 1 : 0], x_reversed, width - 1.0, input_to_image + 6 * i);
    take_row(upright[lying ? 0 : 1], y_reversed, height - 1.0, input_to_image + 6 * i + 3);
  }
  return Status::kOk;
}

}  // namespace edgepose
