#include "ingest/readers/linked_art.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "ingest/readers/linked_art_parts.h"
#include "ingest/readers/xml_parts.h"

namespace armarium::ingest::readers {
namespace {

using json::Object;
using json::Value;

// Statements are told apart by what they are classified as: https://linked.art/model/base/#statements-about-a-resource
struct Statement {
  std::string_view concept_id;
  std::string_view field;
};
constexpr std::array<Statement, 22> kStatements = {
    {{"300435416", "abstract"},         {"300080091", "abstract"},      {"300435417", "provenance"},
     {"300435438", "provenance"},       {"300055863", "provenance"},    {"300435418", "credit line"},
     {"300026687", "credit line"},      {"300435429", "material"},      {"300435430", "dimensions"},
     {"300435434", "rights"},           {"300055547", "rights"},        {"300055598", "rights"},
     {"300435446", "credit line"},      {"300435447", "identifier"},    {"300435428", "inscription"},
     {"300435414", "inscription"},      {"300311705", "note citation"}, {"300435449", "location"},
     {"300435424", "note exhibitions"}, {"300133046", "access"},        {"300435425", "extent"},
     {"300435452", "edition"}}};
constexpr std::string_view kTypeOfWork = "300435443";
constexpr std::array<std::string_view, 2> kInventoryNumbers = {"300312355", "300404621"};
constexpr std::array<std::string_view, 2> kPreferredNames = {"300404670", "300417200"};

class Reader {
 public:
  explicit Reader(const Object& root) : root_(root) {}
  Record read() &&;

 private:
  void names();
  void name(const Object& entry, bool primary);
  void types();
  void statements(const Object& of);
  void making(const Object& activity, int depth);
  void life();
  void dimensions();
  void subjects(const Object& of);
  void places();
  void rights();

  const Object& root_;
  Record out_;
};

void Reader::name(const Object& entry, bool primary) {
  const std::string text = content_of(entry);
  std::vector<std::string> languages;
  for (const Object* language : objects_in(entry, "language")) {
    std::string tag = language_by_name(json::text_of(*language, "_label"));
    if (tag == "none") tag = language_by_name(json::text_of(*language, "id"));
    languages.push_back(std::move(tag));
  }
  out_.add(primary ? "title" : "alternative title", text, languages.empty() ? "none" : languages.front());
}

void Reader::names() {
  bool any_primary = false;
  for (const Object* entry : objects_in(root_, "identified_by")) {
    const bool primary = is_any_of(*entry, kPreferredNames);
    if (json::text_of(*entry, "type") == "Name" && primary) {
      name(*entry, true);
      any_primary = true;
    }
  }
  for (const Object* entry : objects_in(root_, "identified_by")) {
    const std::string_view type = json::text_of(*entry, "type");
    const std::string text = content_of(*entry);
    if (type == "Name" && !is_any_of(*entry, kPreferredNames)) {
      name(*entry, !any_primary && !out_.has("title"));
    } else if (type == "Identifier") {
      out_.identifier(text);
      out_.add(is_any_of(*entry, kInventoryNumbers) ? "identifier inventory number" : "identifier", text);
    }
  }
  if (!out_.has("title")) out_.add("title", json::text_of(root_, "_label"));
}

void Reader::types() {
  for (const Object* type : objects_in(root_, "classified_as")) {
    const bool work = is_any_of(*type, std::array{kTypeOfWork});
    out_.add(work ? "type" : "classification", label_of(*type));
  }
  for (const Object* language : objects_in(root_, "language")) {
    const std::string tag = language_by_name(label_of(*language));
    out_.add({.name = "language", .value = tag == "none" ? label_of(*language) : tag, .codes = "language"});
  }
  for (const Object* material : objects_in(root_, "made_of")) out_.add("material", label_of(*material));
  for (const Object* owner : objects_in(root_, "current_owner")) out_.add("repository", label_of(*owner));
  for (const Object* keeper : objects_in(root_, "current_keeper")) out_.add("repository", label_of(*keeper));
  for (const Object* place : objects_in(root_, "current_location")) out_.add("location", label_of(*place));
  for (const Object* whole : objects_in(root_, "part_of")) out_.add("host", label_of(*whole));
  for (const Object* set : objects_in(root_, "member_of")) out_.add("host", label_of(*set));
}

void Reader::statements(const Object& of) {
  for (const Object* statement : objects_in(of, "referred_to_by")) {
    std::string_view field = "note";
    for (const Statement& known : kStatements) {
      if (field == "note" && is_any_of(*statement, std::array{known.concept_id})) field = known.field;
    }
    std::string language = "none";
    for (const Object* named : objects_in(*statement, "language")) language = language_by_name(label_of(*named));
    const std::string text = content_of(*statement);
    if (field == "rights") {
      out_.rights_statement("rights", text, {}, language);
    } else {
      out_.add(field, text, language);
    }
  }
}

// Production, Creation, Publication: by whom, when, where, how; its parts are activities, too.
void Reader::making(const Object& activity, int depth) {
  if (depth > 5) return;
  for (const Object* who : objects_in(activity, "carried_out_by")) out_.add("creator", label_of(*who));
  for (const Object* time : objects_in(activity, "timespan")) {
    const Span span = time_of(*time);
    out_.add("date created", span.text);
    if (out_.nav_date.empty()) out_.nav_date = span.nav_date;
  }
  for (const Object* where : objects_in(activity, "took_place_at")) out_.add("creation place", label_of(*where));
  for (const Object* how : objects_in(activity, "technique")) out_.add("technique", label_of(*how));
  for (const Object* part : objects_in(activity, "part")) making(*part, depth + 1);
}

// Of persons and groups, and of activities and events.
void Reader::life() {
  const auto time = [&](std::string_view member) {
    for (const Object* event : objects_in(root_, member)) {
      for (const Object* span : objects_in(*event, "timespan")) return time_of(*span).text;
    }
    return std::string();
  };
  std::string begin = time("born");
  std::string end = time("died");
  if (begin.empty()) begin = time("formed_by");
  if (end.empty()) end = time("dissolved_by");
  if (!begin.empty() || !end.empty()) out_.add("life dates", fmt::format("{}\u2013{}", begin, end));
  for (const Object* span : objects_in(root_, "timespan")) {
    const Span found = time_of(*span);
    out_.add("date", found.text);
    if (out_.nav_date.empty()) out_.nav_date = found.nav_date;
  }
  for (const Object* who : objects_in(root_, "carried_out_by")) out_.add("contributor", label_of(*who));
  for (const Object* where : objects_in(root_, "took_place_at")) out_.add("place", label_of(*where));
}

void Reader::dimensions() {
  for (const Object* dimension : objects_in(root_, "dimension")) {
    std::string shown;
    for (const Object* named : objects_in(*dimension, "identified_by")) {
      if (shown.empty()) shown = content_of(*named);
    }
    if (shown.empty()) {
      std::string kind;
      for (const Object* type : objects_in(*dimension, "classified_as")) {
        if (kind.empty()) kind = label_of(*type);
      }
      std::string unit;
      for (const Object* named : objects_in(*dimension, "unit")) unit = label_of(*named);
      const std::string value = number_of(*dimension, "value");
      if (!value.empty()) shown = joined({kind, joined({value, unit}, " ")}, ": ");
    }
    out_.add("dimensions", shown);
  }
}

void Reader::subjects(const Object& of) {
  for (const char* member : {"represents", "about", "represents_instance_of_type"}) {
    for (const Object* what : objects_in(of, member)) {
      const std::string_view type = json::text_of(*what, "type");
      out_.add(type == "Place"                       ? "place"
               : type == "Person" || type == "Group" ? "subject name"
                                                     : "subject",
               label_of(*what));
    }
  }
}

void Reader::places() {
  const std::string_view shape = json::text_of(root_, "defined_by");
  if (shape.empty()) return;
  if (auto geometry = well_known_text(shape)) {
    out_.place(std::move(*geometry), json::text_of(root_, "_label"));
  } else {
    out_.problem(0, "The shape in defined_by is neither a POINT nor a POLYGON and is left out.");
  }
}

void Reader::rights() {
  for (const Object* right : objects_in(root_, "subject_to")) {
    for (const Object* type : objects_in(*right, "classified_as")) {
      out_.rights_statement("rights", label_of(*type), json::text_of(*type, "id"));
    }
    for (const Object* holder : objects_in(*right, "possessed_by")) out_.add("rights holder", label_of(*holder));
    statements(*right);
  }
}

Record Reader::read() && {
  out_.format = "linked-art";
  out_.profile = "https://linked.art/ns/v1/linked-art.json";
  out_.media_type = "application/ld+json";
  out_.identifier(json::text_of(root_, "id"));
  names();
  types();
  for (const char* member : {"produced_by", "created_by"}) {
    for (const Object* activity : objects_in(root_, member)) making(*activity, 0);
  }
  for (const Object* activity : objects_in(root_, "used_for")) {
    for (const Object* type : objects_in(*activity, "classified_as")) {
      if (label_of(*type) == "Publishing") making(*activity, 0);
    }
  }
  life();
  dimensions();
  statements(root_);
  subjects(root_);
  for (const Object* shown : objects_in(root_, "shows")) subjects(*shown);
  for (const Object* text : objects_in(root_, "carries")) {
    subjects(*text);
    out_.add("inscription", content_of(*text));
  }
  places();
  rights();
  return std::move(out_);
}

bool is_linked_art(const Object& root) {
  const auto names = [](const Value& value) {
    return value.is_string() && std::string_view(value.get_string()).find("linked.art/ns/") != std::string_view::npos;
  };
  const Value* context = root.if_contains("@context");
  if (context == nullptr) return false;
  if (names(*context)) return true;
  if (const json::Array* list = context->if_array()) {
    for (const Value& one : *list) {
      if (names(one)) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<Record> linked_art_record(std::string_view text) {
  const auto parsed = json::parse(text);
  if (!parsed || !parsed->is_object() || !is_linked_art(parsed->get_object())) return std::nullopt;
  return Reader(parsed->get_object()).read();
}

}  // namespace armarium::ingest::readers
