#pragma once
// Dublin Core: oai_dc, and the elements and terms of DCMI (https://www.dublincore.org/specifications/dublin-core/dcmi-terms/) under whatever root. Pure; any thread.

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

inline constexpr std::string_view kElementsSpace = "http://purl.org/dc/elements/1.1/";
inline constexpr std::string_view kTermsSpace = "http://purl.org/dc/terms/";

// An element that holds elements or terms of Dublin Core, and nothing that says that it is another format.
bool is_dublin_core(const xml::Node& node);
Record dublin_core_record(const xml::Node& node);

}  // namespace armarium::ingest::readers
