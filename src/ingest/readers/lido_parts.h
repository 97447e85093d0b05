#pragma once
// Terms, names, events, places and measurements of LIDO. Inside the reader of LIDO only. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "ingest/readers/record.h"
#include "xml/document.h"

namespace armarium::ingest::readers {

struct LidoText {
  std::string text;
  std::string language;
};
// Of a concept: its terms but alternate ones, or the labels of its SKOS concept. One for each language.
std::vector<LidoText> lido_terms(const xml::Node& concept_node);
// Of a set of appellations: those that are not alternate, or if all are, the first.
std::vector<LidoText> lido_names(const xml::Node& set);
// One text of either, for a line that several things stand in.
std::string lido_text(const std::vector<LidoText>& texts);
void lido_add(Record& out, std::string_view field, const std::vector<LidoText>& texts);

void lido_event(const xml::Node& set, Record& out);
void lido_place(const xml::Node& place, std::string_view field, Record& out);
void lido_measurements(const xml::Node& set, Record& out);

}  // namespace armarium::ingest::readers
