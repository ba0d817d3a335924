// SPDX-License-Identifier: Apache-2.0
#include "core/contract/json_text.h"

namespace edgepose::contract {
namespace {

// Lead bytes by range, how many bytes follow, and what the first of them may be: the table of the
// Unicode standard (3-7), which leaves out overlong forms, surrogates and what is above U+10FFFF.
struct Form {
  unsigned char first, last;
  unsigned char more;
  unsigned char low, high;
};
constexpr Form kForms[] = {
    {0x00, 0x7F, 0, 0x00, 0x00}, {0xC2, 0xDF, 1, 0x80, 0xBF}, {0xE0, 0xE0, 2, 0xA0, 0xBF},
    {0xE1, 0xEC, 2, 0x80, 0xBF}, {0xED, 0xED, 2, 0x80, 0x9F}, {0xEE, 0xEF, 2, 0x80, 0xBF},
    {0xF0, 0xF0, 3, 0x90, 0xBF}, {0xF1, 0xF3, 3, 0x80, 0xBF}, {0xF4, 0xF4, 3, 0x80, 0x8F},
};

const Form* form_of(unsigned char lead) {
  for (const Form& form : kForms) {
    if (lead >= form.first && lead <= form.last) return &form;
  }
  return nullptr;
}

}  // namespace

std::size_t valid_utf8(const char* text, std::size_t size) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text);
  std::size_t at = 0;
  while (at < size) {
    const Form* form = form_of(bytes[at]);
    if (form == nullptr || form->more >= size - at) return at;
    for (std::size_t i = 1; i <= form->more; ++i) {
      const unsigned char low = i == 1 ? form->low : 0x80;
      const unsigned char high = i == 1 ? form->high : 0xBF;
      if (bytes[at + i] < low || bytes[at + i] > high) return at;
    }
    at += form->more + 1;
  }
  return size;
}

}  // namespace edgepose::contract
