#pragma once
// msDesc of TEI: the description of a manuscript. Inside the reader of TEI headers only. Pure; any thread.

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

void tei_manuscript(const xml::Node& description, Record& out);
// The text of an element without its notes.
std::string tei_text(const xml::Node& node);
// The date of @when, or of @notBefore and @notAfter (@from and @to) where they are one; only what is certain.
std::string tei_date(const xml::Node& node);

}  // namespace armarium::ingest::readers
