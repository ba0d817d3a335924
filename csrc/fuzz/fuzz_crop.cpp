// SPDX-License-Identifier: Apache-2.0
// Crops of pictures of every format, to outputs of every type.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/image/crop.h"
#include "fuzz/check.h"
#include "fuzz/reader.h"

using edgepose::CropOptions;
using edgepose::CropTarget;
using edgepose::Picture;
using edgepose::PixelFormat;
using edgepose::Status;
using edgepose::ValueType;
using edgepose::fuzz::Input;
using edgepose::fuzz::Reader;
using edgepose::fuzz::require;

namespace {

struct Plane {
  std::ptrdiff_t start, row_stride;
  std::size_t bytes;
};

// Rows with a gap of `gap` bytes between them, from the top or from the bottom; the memory ends
// with the last pixel.
Plane lay_out(int height, std::ptrdiff_t row_bytes, int gap, bool upside_down) {
  const std::ptrdiff_t stride = row_bytes + gap;
  const std::ptrdiff_t last = stride * (height - 1);
  return {upside_down ? last : 0, upside_down ? -stride : stride,
          static_cast<std::size_t>(last + row_bytes)};
}

// A picture in memory of its own that is not a byte larger than it must be.
class Stored {
 public:
  explicit Stored(Reader& reader) : picture_(shape_of(reader)), memory_(fill(reader)) {
    for (int i = 0; i < 3; ++i) {
      if (sizes_[i] > 0) picture_.plane[i] = memory_.data() + starts_[i];
    }
  }
  const Picture& picture() const { return picture_; }

 private:
  static Picture shape_of(Reader& reader) {
    Picture picture;
    picture.format = reader.choice(PixelFormat::kYuv420);
    picture.yuv = reader.choice(edgepose::YuvColor::kBt709Limited);
    const bool wide = reader.byte() >= 224;  // more than the kernels hold of a row at a time
    picture.width = reader.between(1, wide ? 8000 : 120);
    picture.height = reader.between(1, wide ? 6 : 60);
    const int bytes = picture.format == PixelFormat::kPacked4   ? 4
                      : picture.format == PixelFormat::kPacked3 ? 3
                                                                : 1;
    for (int& channel : picture.channel) channel = reader.hostile(0, bytes - 1);
    return picture;
  }

  std::vector<std::uint8_t> fill(Reader& reader) {
    const bool yuv = picture_.format == PixelFormat::kYuv420;
    const int gap = reader.between(0, 3);
    const bool upside_down = reader.flag();
    std::ptrdiff_t at = 0;
    for (int i = 0; i < (yuv ? 3 : 1); ++i) {
      const int width = i == 0 ? picture_.width : picture_.chroma_width();
      const int height = i == 0 ? picture_.height : picture_.chroma_height();
      const int pixel = picture_.format == PixelFormat::kPacked4   ? 4
                        : picture_.format == PixelFormat::kPacked3 ? 3
                                                                   : 1;
      picture_.pixel_stride[i] = yuv ? reader.between(1, 2) : 0;
      const std::ptrdiff_t row =
          yuv ? picture_.pixel_stride[i] * (width - 1) + 1 : std::ptrdiff_t{pixel} * width;
      const Plane plane = lay_out(height, row, gap, upside_down);
      picture_.row_stride[i] = plane.row_stride;
      starts_[i] = at + plane.start;
      sizes_[i] = plane.bytes;
      at += static_cast<std::ptrdiff_t>(plane.bytes);
    }
    return reader.bytes(static_cast<std::size_t>(at));
  }

  Picture picture_;
  std::ptrdiff_t starts_[3] = {};
  std::size_t sizes_[3] = {};
  Input<std::uint8_t> memory_;
};

// Straight, by quarters, turned and wild matrices.
std::vector<double> read_matrices(Reader& reader, std::size_t count) {
  std::vector<double> matrices;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t kind = reader.byte();
    double value[6];
    for (double& entry : value) entry = 2.0 * reader.number<double>();
    if (kind % 4 == 0) value[1] = value[3] = 0.0;
    if (kind % 4 == 1) value[0] = value[4] = 0.0;
    if ((kind & 32) != 0) value[0] *= 16.0;
    if (kind >= 128) {  // into the picture
      value[2] *= 8.0;
      value[5] *= 8.0;
    }
    matrices.insert(matrices.end(), value, value + 6);
  }
  return matrices;
}

CropOptions read_options(Reader& reader) {
  CropOptions options;
  options.antialias = reader.flag();
  options.color.swap_rb = reader.flag();
  options.color.pad_value = reader.option(114.0F);
  for (int channel = 0; channel < 3; ++channel) {
    options.color.mean[channel] = reader.option(120.0F);
    options.color.std[channel] = reader.option(58.0F);
  }
  return options;
}

bool ordinary(const CropOptions& options) {
  bool good = std::fabs(options.color.pad_value) <= 1e4F;
  for (int channel = 0; channel < 3; ++channel) {
    good = good && std::fabs(options.color.mean[channel]) <= 1e4F &&
           std::fabs(options.color.std[channel]) >= 1e-3F;
  }
  return good;
}

// Grey levels lie between those of the picture and that of the padding.
void check_range(const std::vector<std::uint8_t>& stored, const CropTarget& target,
                 const CropOptions& options) {
  const std::size_t area = static_cast<std::size_t>(target.width * target.height);
  const float low = std::min(options.color.pad_value, 0.0F) - 0.1F;
  const float high = std::max(options.color.pad_value, 255.0F) + 0.1F;
  for (std::size_t i = 0; i < stored.size() / sizeof(float); ++i) {
    float value;
    std::memcpy(&value, stored.data() + i * sizeof value, sizeof value);
    const bool planes = target.layout == edgepose::TensorLayout::kChannelsFirst;
    const std::size_t channel = planes ? i / area % 3 : i % 3;
    const float grey = value * options.color.std[channel] + options.color.mean[channel];
    const float slack = 1e-5F * std::fabs(options.color.mean[channel]);
    require(grey >= low - slack && grey <= high + slack, "a blend lies between what it blends");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader reader(data, size);
  const CropOptions options = read_options(reader);
  CropTarget target;
  target.width = reader.between(1, 80);
  target.height = reader.between(1, 70);
  target.type = reader.choice(ValueType::kInt8);
  target.layout = reader.choice(edgepose::TensorLayout::kChannelsLast);
  target.scale = reader.option(0.02F);
  target.zero_point = reader.hostile(0, 127);
  const auto count = static_cast<std::size_t>(reader.between(0, 3));
  const Input<double> matrices(read_matrices(reader, count));
  const Stored stored(reader);

  const std::size_t bytes = count * 3 * static_cast<std::size_t>(target.width * target.height) *
                            static_cast<std::size_t>(value_bytes(target.type));
  std::vector<std::uint8_t> whole(bytes, 0x5a);
  target.data = whole.data();
  const auto crops = static_cast<std::int64_t>(count);
  const Status status = crop_picture(stored.picture(), matrices.data(), crops, options, target);
  if (status != Status::kOk) {
    const bool untouched =
        std::all_of(whole.begin(), whole.end(), [](std::uint8_t byte) { return byte == 0x5a; });
    require(untouched, "what is refused leaves the target untouched");
    return 0;
  }

  std::vector<std::uint8_t> parts(bytes, 0xa5);
  target.data = parts.data();
  const std::int64_t last = edgepose::crop_part_count(crops, target.height);
  const std::int64_t middle = last * reader.byte() / 256;
  crop_parts(stored.picture(), matrices.data(), crops, options, target, middle, last);
  crop_parts(stored.picture(), matrices.data(), crops, options, target, 0, middle);
  require(parts == whole, "the same values however the parts are shared out");
  if (target.type == ValueType::kFloat32 && ordinary(options)) check_range(whole, target, options);
  return 0;
}
