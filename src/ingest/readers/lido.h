#pragma once
// LIDO 1.0 and 1.1 (https://lido-schema.org), a <lido> element, to fields. Pure; any thread.

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

inline constexpr std::string_view kLidoSpace = "http://www.lido-schema.org";

bool is_lido(const xml::Node& node);
Record lido_record(const xml::Node& lido);

}  // namespace armarium::ingest::readers
