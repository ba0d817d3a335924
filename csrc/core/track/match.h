// SPDX-License-Identifier: Apache-2.0
// Who of this frame is who of the last.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/status.h"

namespace edgepose {

// Intersection over union of every a with every b.
//
// Shapes: a [N, 4] and b [M, 4] as x1, y1, x2, y2; out [N, M], 0..1.
// Gives:  0 for boxes that do not overlap, have no area (also x2 < x1) or hold a NaN.
// Cost:   O(N * M); no allocation.
Status iou_matrix(const double* a, std::int64_t a_count, const double* b, std::int64_t b_count,
                  double* out);

// Bytes of workspace that `match_similar` needs; 0 for sizes that it refuses.
std::size_t match_workspace_bytes(int rows, int columns);

// Pairs rows with columns at the greatest total similarity.
//
// Shapes: similarity [rows, columns]; column_of_row [rows], -1 for a row without partner.
// Needs:  workspace of match_workspace_bytes(rows, columns) bytes at any address; a gate that is
//         not NaN.
// Gives:  the number of pairs. A pair whose similarity is below `gate`, NaN or infinite is never
//         made. Of what remains as many pairs as possible are made, then the most similar; ties as
//         in `assign`.
// Cost:   that of `assign`; no allocation.
Result<int> match_similar(const double* similarity, int rows, int columns, double gate,
                          void* workspace, int* column_of_row);

}  // namespace edgepose
