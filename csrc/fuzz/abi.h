// SPDX-License-Identifier: Apache-2.0
// Arguments of the C ABI as a careless caller hands them over.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

#include "fuzz/check.h"
#include "fuzz/reader.h"
#include "include/edgepose.h"

namespace edgepose::fuzz {

// A struct whose struct_size may be anything, in memory of that size: a read beyond is seen.
template <typename Struct>
class Given {
 public:
  Given(Reader& reader, const Struct& value) {
    const std::uint8_t pick = reader.byte();
    if (pick == 0) return;  // NULL
    constexpr std::uint32_t kSize = sizeof(Struct);
    // None of these ends in the middle of a pointer, which no header ever did.
    constexpr std::uint32_t kSizes[] = {0,         4,    5,    8,          (kSize - 1) / 8 * 8,
                                        kSize + 8, 1024, 1025, 0xffffffff, kSize / 16 * 8};
    const bool honest = pick > std::size(kSizes);
    const std::uint32_t noted = honest ? kSize : kSizes[pick - 1];
    const std::size_t bytes = std::min<std::size_t>(std::max<std::uint32_t>(noted, 4), 1024);
    memory_.reset(std::malloc(bytes));
    std::memset(memory_.get(), honest || reader.flag() ? 0 : 1, bytes);
    std::memcpy(memory_.get(), &value, std::min(bytes, sizeof value));
    std::memcpy(memory_.get(), &noted, sizeof noted);
  }
  const Struct* get() const { return static_cast<const Struct*>(memory_.get()); }

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::unique_ptr<void, Free> memory_;
};

// The defaults with up to three fields replaced by anything. For structs without pointers.
template <typename Struct>
Struct disturbed(Reader& reader, void (*init)(Struct*, std::size_t)) {
  Struct value;
  init(&value, sizeof value);
  for (int i = reader.between(0, 3); i > 0; --i) {
    const std::size_t at = 4 * (1 + reader.byte() % (sizeof value / 4 - 1));
    const std::int32_t anything = reader.hostile(0, 12);
    std::memcpy(reinterpret_cast<char*>(&value) + at, &anything, sizeof anything);
  }
  return value;
}

// Either small sizes and arrays that are large enough for them, a few of them NULL, or sizes of any
// kind and no array at all.
class Caller {
 public:
  explicit Caller(Reader& reader)
      : reader_(reader),
        empty_handed_(reader.byte() < 64),
        numbers_(repeated(reader.numbers<float>(61), kBytes / 4)),
        doubles_(repeated(reader.numbers<double>(61), kBytes / 8)) {
    std::vector<std::int64_t> ids(16);
    std::vector<std::int32_t> counts(16);
    for (std::size_t i = 0; i < 8; ++i) {
      ids[i] = reader.hostile(0, 4);
      counts[i] = reader.hostile(0, 4);
    }
    ids_ = std::make_unique<Input<std::int64_t>>(std::move(ids));
    counts_ = std::make_unique<Input<std::int32_t>>(std::move(counts));
  }

  // -1 .. high, or anything where there are no arrays.
  int size(int high) {
    return empty_handed_ ? reader_.hostile(0, high)
                         : std::min(reader_.between(0, high + 8) - 1, high);
  }
  const float* floats() { return array(numbers_.data()); }
  const double* doubles() { return array(doubles_.data()); }
  const std::uint8_t* bytes() {
    return array(reinterpret_cast<const std::uint8_t*>(numbers_.data()));
  }
  const std::int64_t* ids() { return array(ids_->data()); }
  const std::int32_t* counts() { return array(counts_->data()); }
  template <typename T>
  T* out() {
    if (array(numbers_.data()) == nullptr) return nullptr;
    outs_.emplace_back(new char[kOutBytes]);  // outputs must not overlap
    return reinterpret_cast<T*>(outs_.back().get());
  }
  ep_error* error() { return reader_.byte() == 1 ? nullptr : &error_; }
  Reader& reader() { return reader_; }

  // After each call.
  void check(ep_status status, const ep_error* error) {
    require(status >= EP_OK && status <= EP_BAD_CONTRACT, "a status of the header");
    require(ep_status_name(status) != nullptr && ep_status_message(status) != nullptr,
            "every status has a name and a sentence");
    if (error == nullptr) return;
    require(error->status == status, "the error holds the status");
    const void* end = std::memchr(error->message, '\0', EP_MESSAGE_SIZE);
    require(end != nullptr, "a message ends");
    require((status == EP_OK) == (error->message[0] == '\0'), "a message where something is wrong");
  }

 private:
  static constexpr std::size_t kBytes = 1 << 13;
  static constexpr std::size_t kOutBytes = 1 << 15;

  template <typename T>
  static std::vector<T> repeated(const std::vector<T>& few, std::size_t count) {
    std::vector<T> many(count);
    for (std::size_t i = 0; i < count; ++i) many[i] = few[i % few.size()];
    return many;
  }

  template <typename T>
  T* array(T* given) {
    return empty_handed_ || reader_.byte() == 1 ? nullptr : given;
  }

  Reader& reader_;
  bool empty_handed_;
  Input<float> numbers_;
  Input<double> doubles_;
  std::unique_ptr<Input<std::int64_t>> ids_;
  std::unique_ptr<Input<std::int32_t>> counts_;
  std::vector<std::unique_ptr<char[]>> outs_;
  ep_error error_;
};

// Working memory of the size that a size function tells, or of too little, or none.
class AbiWorkspace {
 public:
  AbiWorkspace(Reader& reader, std::size_t needed) {
    const std::uint8_t pick = reader.byte();
    size_ = pick == 1 ? needed / 2 : needed;
    if (pick == 2 || needed > kMost) return;
    memory_ = std::make_unique<Workspace>(size_);
  }
  void* data() { return memory_ == nullptr ? nullptr : memory_->data(); }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kMost = std::size_t{1} << 21;
  std::size_t size_;
  std::unique_ptr<Workspace> memory_;
};

}  // namespace edgepose::fuzz
