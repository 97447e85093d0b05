#pragma once
// EAC-CPF 1.x and 2.0 (https://eac.staatsbibliothek-berlin.de), an <eac-cpf> or <eac> element: a person, a family or a body, to fields. Pure; any thread.

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

bool is_eac(const xml::Node& node);
Record eac_record(const xml::Node& root);

}  // namespace armarium::ingest::readers
