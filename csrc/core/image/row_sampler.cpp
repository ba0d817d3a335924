// SPDX-License-Identifier: Apache-2.0
// Picture rows are first mixed into one row of floats, which vectorises over plain memory; every
// output pixel is then mixed from a few neighbours of that row.
#include "core/image/row_sampler.h"

#include "core/float4.h"
#include "core/image/row_mix.h"

namespace edgepose::crop {

void RowSampler::plan_taps(int first, int end) {
  const int max_span = kMaxValues / reader_.lanes();
  int low = 0;
  int high = 0;
  int count = 0;
  on_pixels_ = true;
  while (count < kTileColumns && first + count < end) {
    const Tap tap = tap_of(across_.step * (first + count) + across_.start, reader_.width());
    const int new_low = count == 0 || tap.index < low ? tap.index : low;
    const int new_high = count == 0 || tap.index + 1 > high ? tap.index + 1 : high;
    if (new_high - new_low >= max_span) break;
    low = new_low;
    high = new_high;
    offset_[count] = tap.index;
    weight_[count] = tap.weight;
    on_pixels_ = on_pixels_ && tap.weight == 0.0F;
    ++count;
  }
  count_ = count;
  first_pixel_ = low;
  span_ = high - low + 1;
}

void RowSampler::plan_boxes(int first, int end) {
  const int max_span = kMaxValues / reader_.lanes();
  int low = 0;
  int high = 0;  // one past the last
  int count = 0;
  while (count < kTileColumns && first + count < end) {
    const double center = across_.step * (first + count) + across_.start;
    const BoxTap box = box_of(center, across_.box, reader_.width());
    if (box.count > 0) {
      const int new_low = low == high || box.first < low ? box.first : low;
      const int box_end = box.first + box.count;
      const int new_high = low == high || box_end > high ? box_end : high;
      if (new_high - new_low > max_span) break;
      low = new_low;
      high = new_high;
    }
    offset_[count] = box.count > 0 ? box.first : -1;
    box_[count] = box;
    ++count;
  }
  // A box outside has no weight wherever it is read.
  for (int i = 0; i < count; ++i) {
    if (offset_[i] < 0) offset_[i] = low;
  }
  whole_ = count > 0 ? box_[0].count : 0;
  for (int i = 0; i < count; ++i) {
    const BoxTap& box = box_[i];
    const bool whole = box.count > 1 && box.first_weight == 1.0F && box.last_weight == 1.0F &&
                       box.pad_share == 0.0F;
    if (!whole || box.count != whole_) whole_ = 0;
  }
  count_ = count;
  first_pixel_ = low;
  span_ = high - low;
}

int RowSampler::plan(int first, int end) {
  if (across_.box > 0.0) {
    plan_boxes(first, end);
  } else {
    plan_taps(first, end);
  }
  const int lanes = reader_.lanes();
  for (int i = 0; i < count_; ++i) offset_[i] = lanes * (offset_[i] - first_pixel_);
  const int last = first_pixel_ + span_;
  const int from = first_pixel_ > 0 ? first_pixel_ : 0;
  const int to = last < reader_.width() ? last : reader_.width();
  if (to > from) {
    reader_.set_window(from, to);
    inside_from_ = lanes * (from - first_pixel_);
    inside_to_ = lanes * (to - first_pixel_);
  } else {
    inside_from_ = inside_to_ = 0;
  }
  for (int i = 0; i < inside_from_; ++i) blended_[i] = pad_;
  for (int i = inside_to_; i < lanes * span_; ++i) blended_[i] = pad_;
  for (int i = 0; i < kSlack; ++i) blended_[lanes * span_ + i] = 0.0F;
  return count_;
}

// The mean over boxes of kCount whole pixels, summed in the order that other boxes are summed in.
template <int kCount>
EDGEPOSE_INLINE void whole_boxes(const float* blended, const int* offset, std::ptrdiff_t lanes,
                                 int count, float unit, float* pixels) {
  for (std::ptrdiff_t i = 0; i < count; ++i) {
    const float* from = blended + offset[i];
    Float4 sum = load4(from) + load4(from + lanes * (kCount - 1));
    if constexpr (kCount == 3) sum += load4(from + lanes);
    if constexpr (kCount == 4) sum += load4(from + lanes) + load4(from + 2 * lanes);
    store4(pixels + 4 * i, sum * unit);
  }
}

EDGEPOSE_MULTIVERSION
void sample_row(RowSampler* sampler, int row, float* pixels) {
  RowSampler& s = *sampler;
  const double place = s.down_.step * row + s.down_.start;
  const std::ptrdiff_t lanes = s.reader_.lanes();
  if (s.inside_to_ > s.inside_from_) {
    float* target = s.blended_ + s.inside_from_;
    const int length = s.inside_to_ - s.inside_from_;
    if (s.down_.box > 0.0) {
      average_rows(&s.reader_, box_of(place, s.down_.box, s.reader_.height()), s.down_.box, s.pad_,
                   length, s.sum_, target);
    } else {
      blend_rows(&s.reader_, tap_of(place, s.reader_.height()), s.pad_, length, target);
    }
  }
  if (s.across_.box <= 0.0 && s.on_pixels_) {
    for (std::ptrdiff_t i = 0; i < s.count_; ++i) {
      store4(pixels + 4 * i, load4(s.blended_ + s.offset_[i]));
    }
    return;
  }
  if (s.across_.box <= 0.0) {
    for (std::ptrdiff_t i = 0; i < s.count_; ++i) {
      const float* left = s.blended_ + s.offset_[i];
      store4(pixels + 4 * i, mix4(load4(left), load4(left + lanes), s.weight_[i]));
    }
    return;
  }
  const float unit = static_cast<float>(1.0 / s.across_.box);
  switch (s.whole_) {
    case 2:
      return whole_boxes<2>(s.blended_, s.offset_, lanes, s.count_, unit, pixels);
    case 3:
      return whole_boxes<3>(s.blended_, s.offset_, lanes, s.count_, unit, pixels);
    case 4:
      return whole_boxes<4>(s.blended_, s.offset_, lanes, s.count_, unit, pixels);
    default:
      break;
  }
  for (std::ptrdiff_t i = 0; i < s.count_; ++i) {
    const BoxTap& box = s.box_[i];
    const float* from = s.blended_ + s.offset_[i];
    Float4 ends = load4(from) * box.first_weight;
    Float4 odd = {0, 0, 0, 0};
    Float4 even = {0, 0, 0, 0};
    const float* last = from + lanes * (box.count - 1);
    const float* at = from + lanes;
    for (; at + lanes < last; at += 2 * lanes) {
      odd += load4(at);
      even += load4(at + lanes);
    }
    if (at < last) odd += load4(at);
    if (box.count > 1) ends += load4(last) * box.last_weight;
    const float base = s.pad_ * box.pad_share;
    store4(pixels + 4 * i, (ends + (odd + even)) * unit + Float4{base, base, base, base});
  }
}

void RowSampler::sample(int row, float* pixels) { sample_row(this, row, pixels); }

}  // namespace edgepose::crop
