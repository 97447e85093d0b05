#pragma once
// PBCore 2.x (https://pbcore.org/elements), a <pbcoreDescriptionDocument> element, to fields. Pure; any thread.

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

bool is_pbcore(const xml::Node& node);
Record pbcore_record(const xml::Node& root);

}  // namespace armarium::ingest::readers
