// SPDX-License-Identifier: Apache-2.0
// PCK and its relatives, and the errors of poses in space.
#include <algorithm>
#include <cmath>

#include "core/metric/coco_rules.h"
#include "core/metric/mpjpe.h"
#include "core/metric/pck.h"
#include "core/metric/svd3.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::PckInput;
using edgepose::Result;
using edgepose::Status;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

namespace {

void measure_pixels(Reader& reader, std::size_t people, std::size_t joints) {
  const Input<double> predicted(reader.numbers<double>(2 * people * joints));
  const Input<double> labelled(reader.numbers<double>(2 * people * joints));
  const Input<std::uint8_t> visible(reader.bytes(people * joints));
  const Input<double> norm(reader.numbers<double>(people));
  const PckInput input{predicted.data(),
                       labelled.data(),
                       reader.flag() ? visible.data() : nullptr,
                       reader.flag() ? norm.data() : nullptr,
                       static_cast<std::int64_t>(people),
                       static_cast<std::int64_t>(joints)};
  std::vector<std::int64_t> correct(joints);
  std::vector<std::int64_t> counted(joints);
  if (pck_counts(input, reader.option(0.5), correct.data(), counted.data()) == Status::kOk) {
    for (std::size_t k = 0; k < joints; ++k) {
      require(correct[k] >= 0 && correct[k] <= counted[k] && counted[k] <= input.people,
              "correct of labelled of all");
    }
  }
  const Result<double> share = keypoint_auc(input, reader.hostile(1, 20));
  const bool good = std::isnan(share.value) || (share.value >= 0.0 && share.value <= 1.0);
  require(share.status != Status::kOk || good, "an area under a curve is NaN or 0 to 1");
  const Result<double> error = keypoint_error(input);
  require(error.status == Status::kOk, "good sizes are taken");
}

void measure_space(Reader& reader, std::size_t people, std::size_t joints) {
  const Input<double> predicted(reader.numbers<double>(3 * people * joints));
  const Input<double> labelled(reader.numbers<double>(3 * people * joints));
  const Input<std::uint8_t> counted(reader.bytes(people * joints));
  const Input<std::uint8_t> fitted(reader.bytes(people * joints));
  const edgepose::Poses3d poses{predicted.data(),
                                labelled.data(),
                                reader.flag() ? counted.data() : nullptr,
                                reader.flag() ? fitted.data() : nullptr,
                                static_cast<std::int64_t>(people),
                                static_cast<std::int64_t>(joints)};
  std::vector<double> error(people);
  std::vector<double> aligned(3 * people * joints);
  const auto alignment = reader.choice(edgepose::Alignment::kRigid);
  const Status status =
      mpjpe(poses, alignment, error.data(), reader.flag() ? aligned.data() : nullptr);
  require(status == Status::kOk, "good sizes are taken");
  const auto tame = [](double value) { return std::fabs(value) <= 1e6; };
  const bool ordinary = std::all_of(predicted.values().begin(), predicted.values().end(), tame) &&
                        std::all_of(labelled.values().begin(), labelled.values().end(), tame);
  for (const double value : error) {
    require(std::isnan(value) || value >= 0.0, "errors are distances");
    const bool everybody = poses.counted == nullptr && joints > 0;
    require(!ordinary || !everybody || std::isfinite(value), "ordinary poses have an error");
  }
}

// Small matrices of ordinary numbers are what their decomposition multiplies out to.
void decompose(Reader& reader) {
  const Input<double> a(reader.numbers<double>(9));
  const edgepose::Svd3 svd = edgepose::svd3(a.data());
  double size = 0.0;
  for (const double value : a.values()) size = std::max(size, std::fabs(value));
  for (const double value : a.values()) size = std::isnan(value) ? value : size;
  if (!(size <= 1e100) || size < 1e-100) return;
  for (int i = 0; i < 3; ++i) {
    require(svd.s[i] >= 0.0 && (i == 0 || svd.s[i] <= svd.s[i - 1]), "singular values fall");
    for (int j = 0; j < 3; ++j) {
      double sum = 0.0;
      for (int k = 0; k < 3; ++k) sum += svd.u[3 * i + k] * svd.s[k] * svd.v[3 * j + k];
      require(std::fabs(sum - a[static_cast<std::size_t>(3 * i + j)]) <= 1e-12 * size,
              "u diag(s) v^T is the matrix");
    }
  }
}

void group_rows(Reader& reader) {
  std::vector<std::int64_t> ids(static_cast<std::size_t>(reader.between(0, 12)));
  for (std::int64_t& id : ids) id = reader.hostile(0, 6);
  std::vector<std::int64_t> rising(static_cast<std::size_t>(reader.between(0, 6)));
  for (std::int64_t& id : rising) id = reader.hostile(0, 6);
  if (reader.flag()) std::sort(rising.begin(), rising.end());
  const Input<std::int64_t> image_id(ids);
  const Input<std::int64_t> images(rising);
  std::vector<std::int64_t> rows(ids.size());
  std::vector<std::int64_t> start(images.size() + 1);
  const auto count = static_cast<std::int64_t>(ids.size());
  const auto image_count = static_cast<std::int64_t>(images.size());
  if (edgepose::group_by_image(image_id.data(), count, images.data(), image_count, rows.data(),
                               start.data()) != Status::kOk) {
    return;
  }
  require(start[0] == 0, "the first image starts at the first row");
  edgepose::fuzz::require_distinct(rows.data(), start.back(), count);
  for (std::size_t i = 0; i < images.size(); ++i) {
    for (std::int64_t at = start[i]; at < start[i + 1]; ++at) {
      const std::int64_t row = rows[static_cast<std::size_t>(at)];
      require(ids[static_cast<std::size_t>(row)] == images[i], "rows lie with their image");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const auto people = static_cast<std::size_t>(reader.between(0, 6));
  const auto joints = static_cast<std::size_t>(reader.between(0, 17));
  switch (reader.byte() % 4) {
    case 0:
      measure_pixels(reader, people, joints);
      break;
    case 1:
      measure_space(reader, people, joints);
      break;
    case 2:
      decompose(reader);
      break;
    default:
      group_rows(reader);
  }
  return 0;
}
