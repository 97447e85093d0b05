#pragma once
// Linked Art 1.0 (https://linked.art/model/): a JSON document of an object, a text, a person or a place, by itself; nothing that it refers to is fetched. Pure; any thread.

#include <optional>
#include <string_view>

#include "ingest/readers/record.h"

namespace armarium::ingest::readers {

// Nothing where the text is no JSON, or its context is not that of Linked Art.
std::optional<Record> linked_art_record(std::string_view text);

}  // namespace armarium::ingest::readers
