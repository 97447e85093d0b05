#pragma once
// TEI P5 (https://tei-c.org/release/doc/tei-p5-doc/en/html/HD.html, MS.html), the <teiHeader> of a <TEI> element, to fields. Pure; any thread.

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

bool is_tei(const xml::Node& node);
Record tei_record(const xml::Node& root);

}  // namespace armarium::ingest::readers
