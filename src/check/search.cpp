// Answers of Content Search 2.0 and 1.0: pages of annotations and lists of terms.

#include <unordered_set>

#include <fmt/format.h>

#include "check/contexts.h"
#include "check/documents.h"
#include "check/selectors.h"
#include "check/services.h"
#include "check/small_rules.h"
#include "check/values.h"

namespace armarium::check {
namespace {

using Line = Schema::Line;

constexpr std::string_view kSearch2 = "http://iiif.io/api/search/2/context.json";
constexpr std::string_view kSearch1 = "http://iiif.io/api/search/1/context.json";
constexpr std::string_view kExtended = "Content Search 2.0, 3.5 Extended Responses";

constexpr Line kPage[] = {
    {"id", Need::must, "uri"},
    {"type", Need::must, "=AnnotationPage"},
    {"items", Need::must, "[any]"},
    {"ignored", Need::may, "[text]"},
    {"partOf", Need::may, "{@Whole}"},
    {"next", Need::may, "{@Reference}"},
    {"prev", Need::may, "{@Reference}"},
    {"startIndex", Need::may, "count"},
    {"annotations", Need::may, "<annotations>"},
};
constexpr Line kWhole[] = {
    {"id", Need::must, "uri"},
    {"type", Need::must, "=AnnotationCollection"},
    {"first", Need::must, "{@Reference}"},
    {"last", Need::may, "{@Reference}"},
    {"total", Need::may, "count"},
};
constexpr Line kReference[] = {{"id", Need::must, "uri"}, {"type", Need::must, "=AnnotationPage"}};
constexpr Line kTerms[] = {
    {"id", Need::must, "uri"},
    {"type", Need::must, "=TermPage"},
    {"items", Need::must, "[{@Term}]"},
    {"ignored", Need::may, "[text]"},
};
constexpr Line kTerm[] = {
    {"type", Need::may, "=Term"}, {"value", Need::must, "text"},   {"total", Need::may, "count"},
    {"label", Need::may, "map"},  {"language", Need::may, "text"}, {"service", Need::may, "[<service>]"},
};

constexpr Line kList1[] = {
    {"@id", Need::must, "uri"},
    {"@type", Need::must, "=sc:AnnotationList"},
    {"resources", Need::must, "[<resource>]"},
    {"within", Need::may, "<layer>"},
    {"next", Need::may, "uri"},
    {"prev", Need::may, "uri"},
    {"startIndex", Need::may, "count"},
    {"hits", Need::may, "[{@Hit}]"},
};
constexpr Line kHit[] = {
    {"@type", Need::must, "=search:Hit"}, {"annotations", Need::must, "[uri]"}, {"match", Need::may, "text"},
    {"before", Need::may, "text"},        {"after", Need::may, "text"},         {"selectors", Need::may, "[any]"},
};
constexpr Line kTerms1[] = {
    {"@id", Need::must, "uri"},
    {"@type", Need::must, "=search:TermList"},
    {"ignored", Need::may, "[text]"},
    {"terms", Need::must, "[{@Term}]"},
};
constexpr Line kTerm1[] = {
    {"match", Need::must, "text"},
    {"url", Need::must, "uri"},
    {"count", Need::should, "integer"},
    {"label", Need::may, "any"},
};

const Schema& schema_2() {
  static const Schema kSchema = [] {
    Schema made("Content Search 2.0");
    made.type("AnnotationPage", "3.4 Search Response", kPage).type("Whole", "3.4.2 Paging Results", kWhole);
    made.type("Reference", "3.4.2 Paging Results", kReference).type("TermPage", "4.3 Autocomplete Response", kTerms);
    made.type("Term", "4.3 Autocomplete Response", kTerm);
    return made;
  }();
  return kSchema;
}

const Schema& schema_1() {
  static const Schema kSchema = [] {
    Schema made("Content Search 1.0");
    made.type("sc:AnnotationList", "3.3 Presentation API Compatible Responses", kList1);
    made.type("Hit", "3.4 Search API Specific Responses", kHit);
    made.type("search:TermList", "4.3 Response", kTerms1).type("Term", "4.3 Response", kTerm1);
    return made;
  }();
  return kSchema;
}

std::string motivation_of(const json::Object& annotation) {
  const json::Value* value = annotation.if_contains("motivation");
  return value == nullptr ? std::string() : json::to_text(*value);
}

// One entry of the annotations that say more about the matches: 3.5.
void check_more(const json::Value& value, const std::unordered_set<std::string>& matches, const Place& place,
                Report& report) {
  const json::Object* annotation = value.if_object();
  if (annotation == nullptr) return report.must(place, kExtended, "This must be an Annotation.");
  const std::string motivation = motivation_of(*annotation);
  const bool around = motivation.find("\"contextualizing\"") != std::string::npos;
  if (!around && motivation.find("\"highlighting\"") == std::string::npos)
    report.must(Place(place, "motivation"), kExtended, "The motivation must be contextualizing or highlighting.");
  const json::Value* target = annotation->if_contains("target");
  if (target == nullptr)
    return report.must(place, kExtended, "This Annotation must have a target, with the match as its source.");
  const auto look = [&](const json::Value& one, const Place& at) {
    const json::Object* object = one.if_object();
    if (object == nullptr || json::text_of(*object, "type") != "SpecificResource")
      return report.must(at, kExtended, "The target must be a SpecificResource whose source is a match.");
    const json::Value* source = object->if_contains("source");
    std::string id;
    if (source != nullptr && source->is_string()) id = source->get_string();
    if (source != nullptr && source->is_object()) id = json::text_of(source->get_object(), "id");
    if (!matches.contains(id))
      report.must(Place(at, "source"), kExtended, "The source must be one of the matches in items.");
    const json::Value* selector = object->if_contains("selector");
    if (selector == nullptr) return report.must(at, kExtended, "The target must have a TextQuoteSelector.");
    check_selectors(*selector, nullptr, Place(at, "selector"), report);
  };
  const Place at(place, "target");
  if (const json::Array* list = target->if_array()) {
    std::size_t index = 0;
    for (const json::Value& one : *list) look(one, Place(at, index++));
  } else {
    look(*target, at);
  }
}

void check_annotations(const json::Value& value, const Step& step, const Place& place, Report& report) {
  const json::Array* pages = value.if_array();
  if (pages == nullptr || pages->size() != 1 || !pages->front().is_object())
    return report.must(place, kExtended, "annotations must be a list of one AnnotationPage.");
  const Place first(place, 0);
  const json::Object& page = pages->front().get_object();
  if (json::text_of(page, "type") != "AnnotationPage")
    report.must(first, kExtended, "annotations must be a list of one AnnotationPage.");
  const json::Value* whole = page.if_contains("partOf");
  if (whole != nullptr && whole->is_object()) {
    const json::Value* total = whole->get_object().if_contains("total");
    if (total != nullptr && !total->is_int64() && !total->is_uint64())
      report.must(Place(Place(first, "partOf"), "total"), kExtended, "total must be a whole number.");
  }
  std::unordered_set<std::string> matches;
  const json::Value* items = step.object.if_contains("items");
  if (items != nullptr && items->is_array()) {
    for (const json::Value& item : items->get_array()) {
      if (item.is_object()) matches.emplace(json::text_of(item.get_object(), "id"));
    }
  }
  const json::Value* more = page.if_contains("items");
  if (more == nullptr || !more->is_array())
    return report.must(first, kExtended, "This AnnotationPage must have items.");
  const Place list(first, "items");
  std::size_t index = 0;
  for (const json::Value& one : more->get_array()) check_more(one, matches, Place(list, index++), report);
}

// Content Search 1.0, 3.4: every annotation of a hit is one of the matches.
void check_hit(const Step& step, Report& report) {
  std::unordered_set<std::string> matches;
  const json::Value* resources = step.up->object.if_contains("resources");
  if (resources != nullptr && resources->is_array()) {
    for (const json::Value& one : resources->get_array()) {
      if (one.is_object()) matches.emplace(json::text_of(one.get_object(), "@id"));
    }
  }
  const json::Value* names = step.object.if_contains("annotations");
  if (names == nullptr || !names->is_array()) return;
  for (const json::Value& one : names->get_array()) {
    if (one.is_string() && !matches.contains(std::string(one.get_string())))
      report.must(Place(step.place, "annotations"), "Content Search 1.0, 3.4 Search API Specific Responses",
                  "A hit names an annotation that is not among the matches.");
  }
}

void custom(std::string_view name, const json::Value& value, const Step& step, const Place& place, Report& report) {
  if (name == "service") return check_service(value, place, report);
  if (name == "annotations") return check_annotations(value, step, place, report);
  constexpr std::string_view kOne = "Content Search 1.0, 3.3 Presentation API Compatible Responses";
  const json::Object* object = value.if_object();
  if (name == "layer") {
    if (object == nullptr) {
      if (!value.is_string()) report.must(place, kOne, "within must be a Layer.");
      return;
    }
    if (json::text_of(*object, "@type") != "sc:Layer") report.must(place, kOne, "within must be of type sc:Layer.");
    if (const json::Value* total = object->if_contains("total");
        total != nullptr && !total->is_int64() && !total->is_uint64())
      report.must(Place(place, "total"), kOne, "total must be a whole number.");
    if (const json::Value* ignored = object->if_contains("ignored"); ignored != nullptr && !ignored->is_array())
      report.must(Place(place, "ignored"), kOne, "ignored must be a list.");
  }
  if (name != "resource") return;
  if (object == nullptr) return report.must(place, kOne, "Each match must be embedded, as an oa:Annotation.");
  if (json::text_of(*object, "@type") != "oa:Annotation")
    report.must(place, kOne, "Each match must be of type oa:Annotation.");
  for (const char* key : {"@id", "motivation", "on"}) {
    if (!object->contains(key)) report.must(place, kOne, fmt::format("A match must have {}.", with_article(key)));
  }
}

void enter(const Step& step, Report& report) {
  if (step.type == "AnnotationPage" && !step.object.contains("partOf") &&
      (step.object.contains("next") || step.object.contains("prev")))
    report.must(step.place, "Content Search 2.0, 3.4.2 Paging Results",
                "A page of several must have partOf, the AnnotationCollection of all matches.");
  if (step.type == "sc:AnnotationList" && !step.object.contains("within") && step.object.contains("next"))
    report.must(step.place, "Content Search 1.0, 3.3.2 Paging Results",
                "A page of several must have within, the Layer of all matches.");
  if (step.type == "Hit" && step.up != nullptr) check_hit(step, report);
}

}  // namespace

void check_search_2(const json::Value& document, Report& report) {
  const std::vector<std::string> contexts = contexts_of(document);
  if (std::find(contexts.begin(), contexts.end(), kSearch2) == contexts.end())
    report.must(Place(Place(), "@context"), "Content Search 2.0, 2.2", fmt::format("@context must name {}.", kSearch2));
  SmallRules rules(report, custom, enter);
  Walk(schema_2(), report, rules)
      .resource(document, Place(), {"AnnotationPage", "TermPage"}, nullptr, {},
                "Content Search 2.0, 3.4 Search Response");
  if (json::text_of(document.get_object(), "type") != "AnnotationPage") return;
  // The matches are annotations like any other; what belongs to the search was looked at.
  json::Object matches = document.get_object();
  for (const char* key : {"partOf", "ignored", "next", "prev", "startIndex", "annotations"}) matches.erase(key);
  check_resources_3(matches, report);
}

void check_search_1(const json::Value& document, Report& report) {
  const std::vector<std::string> contexts = contexts_of(document);
  if (std::find(contexts.begin(), contexts.end(), kSearch1) == contexts.end())
    report.must(Place(Place(), "@context"), "Content Search 1.0, 3.4", fmt::format("@context must name {}.", kSearch1));
  if (document.get_object().contains("hits") && !contexts.empty() &&
      contexts.front() != "http://iiif.io/api/presentation/2/context.json")
    report.must(Place(Place(), "@context"), "Content Search 1.0, 3.4",
                "With hits, @context is a list: that of Presentation 2, then that of Search 1.");
  SmallRules rules(report, custom, enter);
  Walk(schema_1(), report, rules, "@type")
      .resource(document, Place(), {"sc:AnnotationList", "search:TermList"}, nullptr, {},
                "Content Search 1.0, 3.3 Presentation API Compatible Responses");
}

}  // namespace armarium::check
