#include "ingest/readers/marcxml.h"

#include <utility>

#include "ingest/readers/record.h"
#include "ingest/readers/xml_parts.h"

namespace armarium::ingest::readers {
namespace {

char indicator(const xml::Node& node, std::string_view name) {
  const std::string_view value = node.attribute(name);
  return value.empty() ? ' ' : value.front();
}

}  // namespace

bool is_marcxml(const xml::Node& node) {
  if (node.name() != "record") return false;
  return node.space() == "http://www.loc.gov/MARC21/slim" ||
         (child_of(node, "leader") && (child_of(node, "controlfield") || child_of(node, "datafield")));
}

MarcRecord marcxml_record(const xml::Node& record) {
  MarcRecord out;
  out.line = record.line();
  out.leader = child_of(record, "leader").raw_text();
  for (const xml::Node node : record.children()) {
    MarcField field;
    field.tag = node.attribute("tag");
    field.line = node.line();
    if (node.name() == "controlfield") {
      field.value = node.raw_text();
    } else if (node.name() == "datafield") {
      field.first = indicator(node, "ind1");
      field.second = indicator(node, "ind2");
      for (const xml::Node part : children_of(node, "subfield")) {
        const std::string_view code = part.attribute("code");
        if (!code.empty()) field.parts.emplace_back(code.front(), collapsed(part.text()));
      }
    } else {
      continue;
    }
    if (field.tag.size() != 3) {
      if (out.problems.size() < kMostRecordProblems)
        out.problems.push_back({field.line, std::string("A field has no tag of three signs and is passed over.")});
      continue;
    }
    out.fields.push_back(std::move(field));
  }
  return out;
}

}  // namespace armarium::ingest::readers
