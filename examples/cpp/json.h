// SPDX-License-Identifier: Apache-2.0
// Just enough JSON to read a model's contract.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

struct Json {
  enum class Kind { kNull, kBool, kNumber, kText, kList, kObject };
  Kind kind = Kind::kNull;
  double number = 0;  // also of a bool
  std::string text;
  std::vector<Json> list;
  std::map<std::string, Json> object;

  static Json parse(const std::string& text);  // throws std::runtime_error

  bool has(const std::string& key) const { return object.count(key) > 0; }
  const Json& at(const std::string& key) const {
    const auto found = object.find(key);
    if (found == object.end()) throw std::runtime_error("the contract lacks \"" + key + "\"");
    return found->second;
  }
  int integer(const std::string& key) const { return static_cast<int>(at(key).number); }
  double number_or(const std::string& key, double fallback) const {
    return has(key) ? at(key).number : fallback;
  }
  std::string text_or(const std::string& key, const std::string& fallback) const {
    return has(key) ? at(key).text : fallback;
  }
};
