#pragma once
// MARCXML (https://www.loc.gov/standards/marcxml/), a <record> element, to the record that the reader of MARC takes. Pure; any thread.

#include "ingest/readers/marc_record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

bool is_marcxml(const xml::Node& node);
MarcRecord marcxml_record(const xml::Node& record);

}  // namespace armarium::ingest::readers
