// SPDX-License-Identifier: Apache-2.0
// How coco_evaluate divides its working memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/arena.h"
#include "core/metric/coco_accumulate.h"
#include "core/metric/coco_evaluate.h"

namespace edgepose {

struct CocoWorkspace {
  std::int64_t* label_rows;        // [N]
  std::int64_t* label_start;       // [I + 1]
  std::int64_t* prediction_rows;   // [M]
  std::int64_t* prediction_start;  // [I + 1]
  double* similarity;              // [N] of one prediction
  std::uint8_t* crowd;             // [N] of one image
  std::uint8_t* ignored;           // [A, N] of one image
  std::uint32_t* taken;            // [A, N] of one image
  double* score;                   // [M] of the predictions that count, as CocoCounted
  std::uint32_t* hit;              // [A, M]
  std::uint32_t* spared;           // [A, M] does not count
  std::int64_t* persons;           // [A]
  std::byte* accumulate;

  CocoWorkspace(Arena& arena, const CocoInput& input, const CocoProtocol& protocol) {
    const auto labels = static_cast<std::size_t>(input.labels.count);
    const auto predictions = static_cast<std::size_t>(input.predictions.count);
    const auto images = static_cast<std::size_t>(input.image_count);
    const auto ranges = static_cast<std::size_t>(protocol.range_count);
    label_rows = arena.take<std::int64_t>(labels);
    label_start = arena.take<std::int64_t>(images + 1);
    prediction_rows = arena.take<std::int64_t>(predictions);
    prediction_start = arena.take<std::int64_t>(images + 1);
    similarity = arena.take<double>(labels);
    crowd = arena.take<std::uint8_t>(labels);
    ignored = arena.take<std::uint8_t>(ranges * labels);
    taken = arena.take<std::uint32_t>(ranges * labels);
    score = arena.take<double>(predictions);
    hit = arena.take<std::uint32_t>(ranges * predictions);
    spared = arena.take<std::uint32_t>(ranges * predictions);
    persons = arena.take<std::int64_t>(ranges);
    accumulate = arena.take<std::byte>(coco_accumulate_bytes(input.predictions.count));
  }
};

}  // namespace edgepose
