#include "ingest/readers/lido.h"

#include <algorithm>
#include <string>
#include <vector>

#include "ingest/readers/lido_parts.h"
#include "ingest/readers/xml_parts.h"
#include "ingest/text_case.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

class Reader {
 public:
  explicit Reader(const Node& lido) : lido_(lido) {}
  Record read() &&;

 private:
  void classification(const Node& wrap);
  void identification(const Node& wrap);
  void titles(const Node& wrap);
  void repository(const Node& wrap);
  void relations(const Node& wrap);
  void subject(const Node& set);
  void administration(const Node& wrap);
  void rights(const Node& set);

  const Node lido_;
  Record out_;
};

void Reader::classification(const Node& wrap) {
  for (const Node type : wrap.below(kLidoSpace, "objectWorkType")) lido_add(out_, "type", lido_terms(type));
  for (const Node kind : wrap.below(kLidoSpace, "classification")) {
    if (lower(attribute_of(kind, "type")) != "europeana:type") lido_add(out_, "classification", lido_terms(kind));
  }
}

// The first set is the title in its languages; where the description repeats in another language, in that one, too.
void Reader::titles(const Node& wrap) {
  bool first = true;
  for (const Node set : children_of(wrap, "titleSet")) {
    for (const LidoText& name : lido_names(set)) {
      const bool there = std::any_of(out_.fields.begin(), out_.fields.end(), [&](const RecordField& field) {
        return field.name == "title" && field.language == name.language;
      });
      out_.add(first && !there ? "title" : "alternative title", name.text, name.language);
    }
    first = first && !out_.has("title");
    for (const Node name : children_of(set, "appellationValue")) {
      if (lower(attribute_of(name, "pref")) == "alternate")
        out_.add("alternative title", name.text(), language_of(name));
    }
  }
}

void Reader::repository(const Node& wrap) {
  for (const Node set : children_of(wrap, "repositorySet")) {
    const std::string type = lower(attribute_of(set, "type"));
    const bool former = type.find("former") != std::string::npos;
    for (const Node body : children_of(set, "repositoryName"))
      lido_add(out_, former ? "provenance" : "repository", lido_names(child_of(body, "legalBodyName")));
    for (const Node number : children_of(set, "workID")) {
      out_.identifier(number.text());
      if (!former) out_.add("identifier inventory number", number.text());
    }
    if (former) continue;
    for (const Node place : children_of(set, "repositoryLocation")) lido_place(place, "location", out_);
  }
}

void Reader::identification(const Node& wrap) {
  titles(child_of(wrap, "titleWrap"));
  for (const Node part : wrap.children()) {
    if (part.name() == "inscriptionsWrap") {
      for (const Node text : part.below(kLidoSpace, "inscriptionTranscription"))
        out_.add("inscription", text.text(), language_of(text));
      for (const Node set : part.below(kLidoSpace, "inscriptionDescription"))
        for (const Node text : children_of(set, "descriptiveNoteValue"))
          out_.add("inscription", text.text(), language_of(text));
    } else if (part.name() == "repositoryWrap") {
      repository(part);
    } else if (part.name() == "displayStateEditionWrap") {
      for (const Node text : children_of(part, "displayState")) out_.add("condition", text.text(), language_of(text));
      for (const Node text : children_of(part, "displayEdition")) out_.add("edition", text.text(), language_of(text));
    } else if (part.name() == "objectDescriptionWrap") {
      for (const Node text : part.below(kLidoSpace, "descriptiveNoteValue"))
        out_.add("abstract", text.text(), language_of(text));
    } else if (part.name() == "objectMeasurementsWrap") {
      for (const Node set : children_of(part, "objectMeasurementsSet")) lido_measurements(set, out_);
    }
  }
}

void Reader::subject(const Node& set) {
  const Node about = child_of(set, "subject");
  if (!about) {
    for (const Node text : children_of(set, "displaySubject")) out_.add("subject", text.text(), language_of(text));
    return;
  }
  for (const Node part : about.children()) {
    const std::string_view name = part.name();
    if (name == "subjectConcept") lido_add(out_, "subject", lido_terms(part));
    if (name == "subjectActor") {
      const auto names = lido_names(at_path(part, "actor/nameActorSet"));
      names.empty() ? out_.add("subject name", text_of(part, "displayActor")) : lido_add(out_, "subject name", names);
    }
    if (name == "subjectPlace") {
      const Node place = child_of(part, "place");
      place ? lido_place(place, "place", out_) : out_.add("place", text_of(part, "displayPlace"));
    }
    if (name == "subjectDate") out_.add("period", text_of(part, "displayDate"));
    if (name == "subjectEvent") {
      const std::string shown = text_of(part, "displayEvent");
      out_.add("subject", shown.empty() ? lido_text(lido_names(at_path(part, "event/eventName"))) : shown);
    }
    if (name == "subjectObject") out_.add("subject", text_of(part, "displayObject"));
  }
}

void Reader::relations(const Node& wrap) {
  for (const Node set : wrap.below(kLidoSpace, "subjectSet")) subject(set);
  for (const Node set : wrap.below(kLidoSpace, "relatedWorkSet")) {
    const Node work = child_of(set, "relatedWork");
    std::string text = text_of(work, "displayObject");
    if (text.empty()) text = at_path(work, "object/objectNote").text();
    const std::string kind = lower(lido_text(lido_terms(child_of(set, "relatedWorkRelType"))));
    const bool part = kind.find("part of") != std::string::npos || kind.starts_with("teil von");
    out_.add(part ? "host" : "related", text, language_of(work));
  }
}

// rightsWorkSet and rightsResource are about the thing and its pictures; recordRights about the record, and not read.
void Reader::rights(const Node& set) {
  for (const Node type : children_of(set, "rightsType")) {
    std::vector<std::string> addresses;
    for (const Node id : type.below(xml::kAnySpace, "conceptID")) addresses.push_back(id.text());
    for (const Node concept_node : type.children())
      addresses.emplace_back(concept_node.attribute("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "about"));
    for (const LidoText& term : lido_terms(type)) {
      out_.rights_statement("rights", term.text, addresses.empty() ? std::string() : addresses.front(), term.language);
    }
    for (const std::string& address : addresses) {
      out_.rights_from(address);
    }
  }
  for (const Node holder : children_of(set, "rightsHolder"))
    lido_add(out_, "rights holder", lido_names(child_of(holder, "legalBodyName")));
  for (const Node credit : children_of(set, "creditLine")) out_.add("credit line", credit.text(), language_of(credit));
}

void Reader::administration(const Node& wrap) {
  // The pictures' own statement stands for what is shown.
  for (const Node set : wrap.below(kLidoSpace, "rightsResource")) rights(set);
  for (const Node set : wrap.below(kLidoSpace, "rightsWorkSet")) rights(set);
  for (const Node record : children_of(wrap, "recordWrap")) {
    for (const Node number : children_of(record, "recordID")) out_.identifier(number.text());
    for (const Node source : children_of(record, "recordSource"))
      lido_add(out_, "record source", lido_names(child_of(source, "legalBodyName")));
    for (const Node link : record.below(kLidoSpace, "recordInfoLink")) out_.add("link", link.text());
  }
}

Record Reader::read() && {
  out_.format = "lido";
  out_.profile = std::string(kLidoSpace);
  out_.media_type = "application/xml";
  out_.line = lido_.line();
  for (const Node number : children_of(lido_, "lidoRecID")) out_.identifier(number.text());
  for (const Node number : children_of(lido_, "objectPublishedID")) {
    out_.identifier(number.text());
    out_.add("identifier", number.text());
  }
  for (const Node part : children_of(lido_, "descriptiveMetadata")) {
    classification(child_of(part, "objectClassificationWrap"));
    identification(child_of(part, "objectIdentificationWrap"));
    for (const Node set : child_of(part, "eventWrap").children()) lido_event(set, out_);
    relations(child_of(part, "objectRelationWrap"));
  }
  for (const Node part : children_of(lido_, "administrativeMetadata")) administration(part);
  return std::move(out_);
}

}  // namespace

bool is_lido(const Node& node) { return node.is(kLidoSpace, "lido"); }

Record lido_record(const Node& lido) { return Reader(lido).read(); }

}  // namespace armarium::ingest::readers
