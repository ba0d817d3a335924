// SPDX-License-Identifier: Apache-2.0
// COCO's keypoint evaluation of small data sets.
#include <algorithm>
#include <cmath>

#include "core/metric/coco_accumulate.h"
#include "core/metric/coco_evaluate.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::CocoCurves;
using edgepose::CocoInput;
using edgepose::CocoProtocol;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

namespace {

std::vector<std::int64_t> read_ids(Reader& reader, std::size_t count) {
  std::vector<std::int64_t> ids(count);
  for (std::int64_t& id : ids) id = reader.hostile(0, 5);
  return ids;
}

// Sizes of any kind: a size function must not be fooled, whatever it is asked.
void ask_for_bytes(Reader& reader) {
  CocoInput input;
  input.labels.count = reader.bits<std::int64_t>();
  input.predictions.count = reader.bits<std::int32_t>();
  input.image_count = reader.hostile(0, 100);
  CocoProtocol protocol;
  protocol.range_count = reader.hostile(0, 1024);
  const std::size_t bytes = coco_evaluate_bytes(input, protocol);
  require(bytes < std::size_t{1} << 62, "sizes are counted without overflow");
}

struct Labels {
  Input<std::int64_t> image_id;
  Input<double> xy, box, area;
  Input<std::uint8_t> visible, crowd, ignore;
  Input<std::int64_t> id;

  Labels(Reader& reader, std::size_t count, std::size_t joints)
      : image_id(read_ids(reader, count)),
        xy(reader.numbers<double>(2 * count * joints)),
        box(reader.numbers<double>(4 * count)),
        area(reader.numbers<double>(count)),
        visible(reader.bytes(count * joints)),
        crowd(reader.bytes(count)),
        ignore(reader.bytes(count)),
        id(read_ids(reader, count)) {}

  edgepose::CocoLabels view(bool all) const {
    return {image_id.data(),
            xy.data(),
            visible.data(),
            box.data(),
            area.data(),
            all ? crowd.data() : nullptr,
            all ? ignore.data() : nullptr,
            id.data(),
            static_cast<std::int64_t>(image_id.size())};
  }
};

void check_shares(const std::vector<double>& values) {
  for (const double value : values) {
    require(std::isnan(value) || (value >= 0.0 && value <= 1.0), "shares are NaN or 0 to 1");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  ask_for_bytes(reader);
  const auto joints = static_cast<std::size_t>(reader.between(0, 70));
  const Labels labels(reader, static_cast<std::size_t>(reader.between(0, 10)), joints);
  const auto found = static_cast<std::size_t>(reader.between(0, 12));
  const Input<std::int64_t> found_image(read_ids(reader, found));
  const Input<double> found_xy(reader.numbers<double>(2 * found * joints));
  const Input<double> found_score(reader.numbers<double>(found));
  const Input<double> found_area(reader.numbers<double>(found));
  const Input<double> sigmas(reader.numbers<double>(joints));
  const Input<double> thresholds(
      reader.numbers<double>(static_cast<std::size_t>(reader.between(0, 32))));
  const Input<double> recalls(
      reader.numbers<double>(static_cast<std::size_t>(reader.between(0, 9))));
  std::vector<std::int64_t> ids(static_cast<std::size_t>(reader.between(0, 5)));
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i);
  if (reader.byte() >= 224) std::reverse(ids.begin(), ids.end());
  const Input<std::int64_t> images(ids);

  CocoInput input;
  input.labels = labels.view(reader.flag());
  input.predictions = {found_image.data(), found_xy.data(), found_score.data(),
                       reader.flag() ? found_area.data() : nullptr,
                       static_cast<std::int64_t>(found)};
  input.images = images.data();
  input.image_count = static_cast<std::int64_t>(images.size());
  CocoProtocol protocol;
  protocol.sigmas = sigmas.data();
  protocol.joints = static_cast<std::int64_t>(joints);
  protocol.max_detections = reader.hostile(0, 20);
  protocol.zero_id = reader.choice(edgepose::ZeroId::kMiss);
  if (reader.flag()) {
    protocol.thresholds = thresholds.data();
    protocol.threshold_count = static_cast<int>(thresholds.size());
    protocol.recall_points = recalls.data();
    protocol.recall_count = static_cast<int>(recalls.size());
  }
  const Input<double> similarity(
      reader.numbers<double>(static_cast<std::size_t>(reader.between(0, 120))));
  if (reader.byte() >= 192) {
    input.similarity = similarity.data();
    input.similarity_count = static_cast<std::int64_t>(similarity.size());
  }

  const std::size_t bytes = coco_evaluate_bytes(input, protocol);
  edgepose::fuzz::Workspace workspace(bytes);
  const auto ranges = static_cast<std::size_t>(protocol.range_count);
  const std::size_t rows = static_cast<std::size_t>(protocol.threshold_count) * ranges;
  std::vector<double> precision(rows * static_cast<std::size_t>(protocol.recall_count));
  std::vector<double> recall(rows);
  std::vector<double> score(precision.size());
  std::vector<std::int64_t> persons(ranges);
  const CocoCurves curves{precision.data(), recall.data(), score.data(), persons.data()};
  const Status status =
      coco_evaluate(input, protocol, bytes > 0 ? workspace.data() : nullptr, curves);
  if (status != Status::kOk) return 0;
  check_shares(precision);
  check_shares(recall);
  for (const std::int64_t count : persons) {
    require(count >= 0 && count <= input.labels.count, "no more persons than labels");
  }
  double stats[edgepose::kCocoStatCount];
  if (coco_stats(curves, protocol, stats) != Status::kOk) return 0;
  check_shares({stats, stats + edgepose::kCocoStatCount});
  return 0;
}
