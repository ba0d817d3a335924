// SPDX-License-Identifier: Apache-2.0
#include "core/contract/onnx.h"

#include <cstdint>
#include <cstring>

#include "core/contract/json_text.h"
#include "core/contract/message.h"

namespace edgepose {
namespace contract {
namespace {

constexpr char kEntry[] = "edgepose.spec";
constexpr std::size_t kEntrySize = sizeof kEntry - 1;
enum Wire { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };
constexpr std::uint64_t kGraph = 7, kMetadata = 14, kKey = 1, kValue = 2;
constexpr std::uint64_t kMaxNumber = (1U << 29) - 1;
constexpr int kMaxFields = 100'000;
// An entry has a key and a value, and models have a few dozen entries.
constexpr int kMaxEntries = 10'000;
constexpr int kMaxEntryFields = 16;
constexpr int kMaxVarintBytes = 10;

// One field of a message: where its body lies.
struct WireField {
  std::uint64_t number;
  std::uint64_t wire;
  std::size_t body, end;

  bool is(std::uint64_t wanted) const { return number == wanted && wire == kLength; }
};

// Goes over the fields of the message in [at, end) of a file.
class Walk {
 public:
  Walk(const unsigned char* file, std::size_t begin, std::size_t end, int max_fields,
       ContractError* error)
      : file_(file), at_(begin), end_(end), left_(max_fields), max_(max_fields), error_(error) {}

  // False at the end of the message and at damage, which good() tells apart.
  bool next(WireField* field) {
    if (!good_ || at_ == end_) return false;
    start_ = at_;
    if (left_-- == 0) {
      return fail("not an ONNX model: more than ").add(max_).add(" fields in one message"), false;
    }
    std::uint64_t tag = 0;
    if (!varint(&tag)) return false;
    field->number = tag >> 3;
    field->wire = tag & 7;
    if (field->number < 1 || field->number > kMaxNumber) {
      return not_onnx("field number ", field->number);
    }
    std::uint64_t length = 0;
    switch (field->wire) {
      case kVarint:
        field->body = at_;
        if (!varint(&length)) return false;
        field->end = at_;
        return true;
      case kLength:
        if (!varint(&length)) return false;
        break;
      case kFixed64:
        length = 8;
        break;
      case kFixed32:
        length = 4;
        break;
      default:
        return not_onnx("wire type ", field->wire);
    }
    if (length > end_ - at_) {
      fail("truncated: field ")
          .add(count(field->number))
          .add(" at byte ")
          .add(count(start_))
          .add(" must end by byte ")
          .add(count(end_));
      return false;
    }
    field->body = at_;
    at_ += static_cast<std::size_t>(length);
    field->end = at_;
    return true;
  }
  bool good() const { return good_; }

 private:
  // A number beyond 64 bits becomes the largest there is, which no caller takes.
  bool varint(std::uint64_t* value) {
    const std::size_t first = at_;
    *value = 0;
    for (int i = 0; i < kMaxVarintBytes; ++i) {
      if (at_ == end_) {
        fail("truncated: a number at byte ")
            .add(count(first))
            .add(" goes past byte ")
            .add(count(end_));
        return false;
      }
      const std::uint64_t byte = file_[at_++];
      if (i == kMaxVarintBytes - 1 && byte < 0x80 && byte > 1) *value = UINT64_MAX;
      *value |= (byte & 0x7F) << (7 * i);
      if (byte < 0x80) return true;
    }
    fail("not an ONNX model: no number at byte ").add(count(first));
    return false;
  }

  static std::int64_t count(std::uint64_t value) { return static_cast<std::int64_t>(value); }
  Message fail(const char* why) {
    good_ = false;
    return Message(error_).add(why);
  }
  bool not_onnx(const char* what, std::uint64_t value) {
    fail("not an ONNX model: ").add(what).add(count(value)).add(" at byte ").add(count(start_));
    return false;
  }

  const unsigned char* file_;
  std::size_t at_, end_;
  int left_, max_;
  ContractError* error_;
  std::size_t start_ = 0;
  bool good_ = true;
};

// Key and value of an entry, the last of each, as protobuf has it; number 0 where there is none.
struct Entry {
  WireField key{}, value{};
};

bool read_entry(const unsigned char* file, const WireField& message, ContractError* error,
                Entry* out) {
  Walk walk(file, message.body, message.end, kMaxEntryFields, error);
  for (WireField field; walk.next(&field);) {
    if (field.is(kKey)) out->key = field;
    if (field.is(kValue)) out->value = field;
  }
  return walk.good();
}

bool is_contract(const unsigned char* file, const Entry& entry) {
  const WireField& key = entry.key;
  return key.number != 0 && key.end - key.body == kEntrySize &&
         std::memcmp(file + key.body, kEntry, kEntrySize) == 0;
}

// Whether the outermost fields are those of a model with few enough entries.
bool check_model(const unsigned char* file, std::size_t size, ContractError* error) {
  Walk walk(file, 0, size, kMaxFields, error);
  bool graph = false;
  std::int64_t entries = 0;
  for (WireField field; walk.next(&field);) {
    graph = graph || field.is(kGraph);
    if (field.number == kMetadata) ++entries;
  }
  if (!walk.good()) return false;
  if (!graph) {
    Message(error).add("not an ONNX model: it has no graph");
  } else if (entries > kMaxEntries) {
    Message(error)
        .add("the metadata must have at most ")
        .add(kMaxEntries)
        .add(" entries; got ")
        .add(entries);
  }
  return graph && entries <= kMaxEntries;
}

Status find(const unsigned char* file, std::size_t size, ContractError* error, WireField* value) {
  if (!check_model(file, size, error)) return Status::kBadModel;
  std::int64_t found = 0;
  Walk walk(file, 0, size, kMaxFields, error);
  for (WireField field; walk.next(&field);) {
    Entry entry;
    if (!field.is(kMetadata)) continue;
    if (!read_entry(file, field, error, &entry)) return Status::kBadModel;
    if (!is_contract(file, entry)) continue;
    ++found;
    *value = entry.value;
  }
  if (found == 0) {
    Message(error).add("the model carries no ").add(kEntry);
    return Status::kNoContract;
  }
  const std::size_t length = value->end - value->body;
  if (found == 1 && length <= kMaxJsonBytes) return Status::kOk;
  Message message =
      Message(error).add(found > 1 ? "the metadata has " : "metadata ").quoted(kEntry);
  if (found > 1) {
    message.add(" ").add(found).add(" times");
  } else {
    message.add(" must be at most 1048576 bytes; got ").add(static_cast<std::int64_t>(length));
  }
  return Status::kBadModel;
}

}  // namespace
}  // namespace contract

Result<ByteView> find_contract(const void* model, std::size_t size, ContractError* error) {
  contract::Message(error).clear();
  if (model == nullptr && size > 0) {
    contract::Message(error).add("the bytes of a model are missing");
    return {Status::kNullPointer, {}};
  }
  contract::WireField value{};
  const Status status =
      contract::find(static_cast<const unsigned char*>(model), size, error, &value);
  if (status != Status::kOk) return {status, {}};
  return {Status::kOk, {static_cast<const char*>(model) + value.body, value.end - value.body}};
}

}  // namespace edgepose
