// SPDX-License-Identifier: Apache-2.0
// Reads the objects of a checked document by their tables.
#pragma once

#include "core/contract/contract.h"
#include "core/contract/field.h"
#include "core/contract/json_value.h"
#include "core/contract/message.h"
#include "core/contract/room.h"

namespace edgepose::contract {

struct Reading {
  Room room;
  ContractError* error;
};

// The values of an object's members, one per row of its table; one that is left out is not there.
struct Members {
  Fields fields;
  JsonValue values[kMaxFields];

  const JsonValue& at(const char* name) const;  // of a name in the table
};

// Finds the members. Refuses what is no object, a missing, unknown or null field; a member that is
// `read_before` and has no row is passed over.
Status find_members(const Reading& reading, const char* object, const JsonValue& value,
                    Fields fields, Members* out, const char* read_before = nullptr);

// Reads one value into its member of `out`, or what stands for its absence.
Status read_field(Reading* reading, const char* object, const Field& field, const JsonValue& value,
                  void* out);

// All of a table but its objects, in the order of the rows.
Status read_members(Reading* reading, const char* object, const Members& members, void* out);

// Both: an object whose fields are all simple.
Status read_object(Reading* reading, const char* object, const JsonValue& value, Fields fields,
                   void* out, const char* read_before = nullptr);

Status read_text(Reading* reading, const Path& path, const JsonValue& value, const char** out);

// Refuses two texts that are equal.
Status check_different(const Reading& reading, const Path& path, const List<const char*>& texts);

// "<path> must be ", to go on with; the status of a refusal is kBadContract.
Message refused(const Reading& reading, const Path& path);

}  // namespace edgepose::contract
