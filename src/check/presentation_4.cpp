// Presentation 4.0 (draft of IIIF/api at 28a88829) beyond its table of properties.

#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "check/behaviors.h"
#include "check/contexts.h"
#include "check/documents.h"
#include "check/extents.h"
#include "check/geography.h"
#include "check/identities.h"
#include "check/schemas.h"
#include "check/selectors.h"
#include "check/services.h"
#include "check/shared_values.h"
#include "check/values.h"
#include "check/walk.h"

namespace armarium::check {
namespace {

constexpr std::string_view kContext = "http://iiif.io/api/presentation/4/context.json";
constexpr std::string_view kAnnotationClause = "Presentation 4.0, Annotation";
constexpr std::string_view kContainers = "Presentation 4.0, Container Classes";

const std::vector<std::string> kContainerTypes = {"Canvas", "Timeline", "Scene"};
const std::vector<std::string> kSeveral = {"Choice", "Composite", "List", "Independents"};

bool is_one_of(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Rules4 final : public Rules {
 public:
  Rules4(const json::Value& document, Report& report)
      : report_(report), extents_(document, "id", "type"), contexts_(contexts_of(document)) {
    whole_ = json::text_of(document.get_object(), "type") == "Manifest";
  }

  void run(const json::Value& document) {
    walk_.resource(document, Place(), {}, nullptr, {}, "Presentation 4.0, type");
  }

  bool extends(const Step&, std::string_view) override { return contexts_.size() > 1; }

  void enter(const Step& step) override {
    check_behaviors(step, report_, "Presentation 4.0, behavior");
    if (step.type == "Collection") collection(step);
    if (step.type == "Annotation") annotation(step);
    if (step.type == "SpecificResource") specific(step);
    if (step.type.ends_with("Camera")) camera(step);
    if (is_one_of(kContainerTypes, step.type) && step.property == "items" &&
        !seen_.insert(std::string(json::text_of(step.object, "id"))).second && step.up != nullptr &&
        step.up->type == "Manifest")
      report_.must(Place(step.place, "id"), kContainers, "Another Container of this Manifest has the same id.");
    if (step.type == "AnnotationCollection" && step.object.contains("items") &&
        (step.object.contains("first") || step.object.contains("last")))
      report_.must(step.place, "Presentation 4.0, Annotation Collection",
                   "An AnnotationCollection that has items must not have first and last.");
    if (step.property == "placeholderContainer" || step.property == "accompanyingContainer") {
      for (const char* nested : {"placeholderContainer", "accompanyingContainer"}) {
        if (step.object.contains(nested))
          report_.must(Place(step.place, nested), fmt::format("Presentation 4.0, {}", nested),
                       fmt::format("A {} must not have a {} itself.", step.property, nested));
      }
    }
    content(step);
  }

  void custom(std::string_view name, const json::Value& value, const Step& step, const Place& place) override {
    if (name == "id") return id(value, step, place);
    if (name == "rights") return check_rights(value, place, "Presentation 4.0, rights", report_);
    if (name == "service") return check_service(value, place, report_, Inside::version_4);
    if (name == "navPlace") return check_nav_place(value, place, report_);
    if (name == "items") return items(value, step, place);
    if (name == "start") return start(value, step, place);
    if (name == "motivation") return motivation(value, place);
    if (name == "target") return target(value, step, place);
    if (name == "body") return body(value, step, place);
    if (name == "source") return source(value, step, place);
    if (name == "color") return color(value, place);
    if (name == "relative") return quantity(value, "relative", step, place);
    if (name == "metres") return quantity(value, "m", step, place);
    if (name == "seconds") return quantity(value, "s", step, place);
    if (name == "object") return look_at(value, step, place);
    if (name == "provides") return provides(value, place);
    if (name == "selectors") return selectors(value, step, place);
    if (name == "via") return via(value, step, place);
    if (name == "angle") return number(value, 0, 90, true, place, "Presentation 4.0, angle");
    if (name == "view") return number(value, 0, 180, false, place, "Presentation 4.0, fieldOfView");
    if (name == "distance" && (!value.is_number() || value.to_number<double>() < 0))
      return report_.must(place, "Presentation 4.0, near", "near and far must be numbers, none below 0.");
  }

 private:
  void look_at(const json::Value& value, const Step& step, const Place& place) {
    const json::Object* object = value.if_object();
    if (object == nullptr) return report_.must(place, "Presentation 4.0, lookAt", "lookAt must be an object.");
    const std::string_view type = json::text_of(*object, "type");
    if (type.ends_with("Selector")) return check_selectors(value, nullptr, place, report_);
    if (type == "SpecificResource")
      return walk_.resource(value, place, {"SpecificResource"}, &step, "lookAt", "Presentation 4.0, lookAt");
    if (json::text_of(*object, "id").empty())
      report_.must(place, "Presentation 4.0, lookAt",
                   "lookAt must be a selector, or have the id of what is looked at.");
  }

  // Presentation 4.0, provides, and IIIF's registry of accessibility.
  void provides(const json::Value& value, const Place& place) {
    static constexpr std::array<std::string_view, 19> kKnown = {
        "closedCaptions",      "alternativeText",     "audioDescription", "longDescription", "signLanguage",
        "highContrastAudio",   "highContrastDisplay", "braille",          "tactileGraphic",  "transcript",
        "translation",         "subtitles",           "tactileObject",    "largePrint",      "rubyAnnotations",
        "fullRubyAnnotations", "describedMath",       "captions",         "openCaptions"};
    const json::Array* list = value.if_array();
    if (list == nullptr) return report_.must(place, "Presentation 4.0, provides", "provides must be a list of words.");
    for (const json::Value& one : *list) {
      const bool known = one.is_string() &&
                         std::find(kKnown.begin(), kKnown.end(), std::string_view(one.get_string())) != kKnown.end();
      if (!known && contexts_.size() < 2)
        report_.must(place, "Presentation 4.0, provides",
                     fmt::format("{} is nothing that the registry knows.", json::to_text(one)));
    }
  }

  void selectors(const json::Value& value, const Step& step, const Place& place) {
    if (!value.is_array())
      report_.must(place, "Presentation 4.0, selector", "selector must be a list, in square brackets.");
    check_selectors(value, extent_of(step), place, report_);
  }

  void via(const json::Value& value, const Step& step, const Place& place) {
    const json::Array* list = value.if_array();
    if (list == nullptr) return report_.must(place, "Presentation 4.0, via", "via must be a list of URIs.");
    for (const json::Value& one : *list) {
      if (auto fault = uri_fault(one))
        report_.must(place, "Presentation 4.0, via", fmt::format("An entry of via {}.", *fault));
      if (one.is_string() && std::string_view(one.get_string()) == json::text_of(step.object, "id"))
        report_.must(place, "Presentation 4.0, via",
                     "Nothing can be obtained from itself: via must be different from id.");
    }
  }

  const Extent* extent_of(const Step& step) const {
    const json::Value* from = step.object.if_contains("source");
    const json::Object* object = from == nullptr ? nullptr : from->if_object();
    return object == nullptr ? nullptr : extents_.find(json::text_of(*object, "id"));
  }

  void id(const json::Value& value, const Step& step, const Place& place) {
    if (auto fault = uri_fault(
            value, !is_one_of(kContainerTypes, step.type) && step.type != "Manifest" && step.type != "Annotation"))
      return report_.must(place, "Presentation 4.0, id", fmt::format("id {}.", *fault));
    if (is_one_of(kContainerTypes, step.type) && value.get_string().find('#') != json::String::npos)
      report_.must(place, kContainers, "The id of a Container must not have a fragment (#…).");
    if (step.type == "SpecificResource" && !specific_.insert(std::string(value.get_string())).second)
      report_.must(place, "Presentation 4.0, Specific Resource", "Each SpecificResource must have an id of its own.");
  }

  void color(const json::Value& value, const Place& place) {
    const json::String* text = value.if_string();
    const bool hex = text != nullptr && (text->size() == 7 || text->size() == 4) && text->front() == '#' &&
                     text->find_first_not_of("0123456789abcdefABCDEF", 1) == json::String::npos;
    if (!hex) report_.must(place, "Presentation 4.0, color", "A colour must be text such as #FF0000.");
  }

  void number(const json::Value& value, double above, double below, bool inclusive, const Place& place,
              std::string_view clause) {
    const double given = value.is_number() ? value.to_number<double>() : above;
    if (given <= above || given > below || (given >= below && !inclusive))
      report_.must(place, clause,
                   fmt::format("This must be a number of degrees above {} and {} {}.", above,
                               inclusive ? "up to" : "below", below));
  }

  void quantity(const json::Value& value, std::string_view unit, const Step& step, const Place& place) {
    const std::string clause = "Presentation 4.0, Quantity";
    walk_.resource(value, place, {"Quantity"}, &step, "quantity", clause);
    const json::Object* object = value.if_object();
    if (object == nullptr) return;
    if (json::text_of(*object, "unit") != unit && object->contains("unit"))
      report_.must(Place(place, "unit"), clause, fmt::format("The unit must be {}.", unit));
    const json::Value* amount = object->if_contains("quantityValue");
    if (amount == nullptr || !amount->is_number()) return;
    const double given = amount->to_number<double>();
    if (unit == "relative" && (given < 0 || given > 1))
      report_.must(Place(place, "quantityValue"), clause, "The value must be between 0 and 1.");
  }

  void camera(const Step& step) {
    const json::Value* near = step.object.if_contains("near");
    const json::Value* far = step.object.if_contains("far");
    if (near != nullptr && far != nullptr && near->is_number() && far->is_number() &&
        near->to_number<double>() >= far->to_number<double>())
      report_.must(step.place, "Presentation 4.0, near", "near must be less than far.");
  }

  void collection(const Step& step) {
    const bool items = step.object.contains("items");
    const bool pages = step.object.contains("first") || step.object.contains("last");
    constexpr std::string_view kClause = "Presentation 4.0, Collection";
    const bool reference = step.property == "items" && step.up != nullptr;
    if (items && pages) report_.must(step.place, kClause, "A Collection that has pages must not have items.");
    if (!items && !pages && !reference)
      report_.must(step.place, kClause, "A Collection must have items, or the first and the last of its pages.");
    if (pages && step.object.contains("first") != step.object.contains("last"))
      report_.must(step.place, kClause, "A Collection with pages must have first and last.");
    const auto page = [&](std::string_view key) {
      const json::Object* one = step.object.contains(key) ? step.object.at(key).if_object() : nullptr;
      return one == nullptr ? std::string_view() : json::text_of(*one, "id");
    };
    if (pages && !page("first").empty() && page("first") == page("last"))
      report_.must(step.place, kClause, "A Collection with pages must have at least two.");
  }

  void specific(const Step& step) {
    const json::Value* actions = step.object.if_contains("action");
    if (actions == nullptr) return;
    const Step* annotation = step.nearest("Annotation");
    const bool activates =
        annotation != nullptr && annotation->object.contains("motivation") &&
        json::to_text(annotation->object.at("motivation")).find("\"activating\"") != std::string::npos;
    if (!activates)
      report_.must(Place(step.place, "action"), "Presentation 4.0, action",
                   "action belongs to the body of an activating Annotation.");
  }

  void content(const Step& step) {
    const std::string_view type = json::text_of(step.object, "type");
    check_format(step.object, step.place, "Presentation 4.0, format", report_);
    if (type == "Image" && is_service_id(step.object.if_contains("service"), json::text_of(step.object, "id")))
      report_.must(Place(step.place, "id"), "Presentation 4.0, Content Resources",
                   "The id of an image must lead to the image, not to its service.");
  }

  void items(const json::Value& value, const Step& step, const Place& place) {
    struct Wanted {
      std::string_view type;
      std::vector<std::string> entries;  // empty: any
      bool filled;
    };
    static const std::vector<Wanted> kWanted = {
        {"Collection", {"Collection", "Manifest"}, false},
        {"CollectionPage", {"Collection", "Manifest"}, true},
        {"Manifest", kContainerTypes, true},
        {"Canvas", {"AnnotationPage"}, false},
        {"Timeline", {"AnnotationPage"}, false},
        {"Scene", {"AnnotationPage"}, false},
        {"AnnotationPage", {"Annotation"}, false},
        {"Range", {"Range", "Canvas", "Timeline", "Scene", "SpecificResource"}, true}};
    const auto found =
        std::find_if(kWanted.begin(), kWanted.end(), [&](const Wanted& one) { return one.type == step.type; });
    const std::string clause = "Presentation 4.0, items";
    if (!value.is_array()) return report_.must(place, clause, "items must be a list, in square brackets.");
    const json::Array& entries = value.get_array();
    const bool filled = found != kWanted.end() ? found->filled : is_one_of(kSeveral, step.type);
    if (entries.empty() && filled)
      report_.must(place, clause, fmt::format("The items of {} must not be empty.", with_article(step.type)));
    std::size_t index = 0;
    for (const json::Value& entry : entries) {
      const Place at(place, index++);
      if (is_one_of(kSeveral, step.type)) {
        several_entry(entry, step, at);
      } else if (step.type == "Collection" || step.type == "CollectionPage") {
        member(entry, step, at, found->entries);
      } else if (step.type == "Range") {
        part(entry, step, at, found->entries);
      } else if (found != kWanted.end()) {
        walk_.resource(entry, at, found->entries, &step, "items", clause);
      }
    }
  }

  void several_entry(const json::Value& entry, const Step& step, const Place& at) {
    const Step* annotation = step.nearest("Annotation");
    // Inside of a target or of a body, as its aggregate is.
    const Step* outer = &step;
    while (outer->up != nullptr && is_one_of(kSeveral, outer->up->type)) outer = outer->up;
    if (annotation != nullptr && outer->property == "target") return target(entry, step, at);
    body(entry, step, at);
  }

  void member(const json::Value& entry, const Step& step, const Place& at, const std::vector<std::string>& types) {
    const json::Object* object = entry.if_object();
    const std::string_view type = object == nullptr ? std::string_view() : json::text_of(*object, "type");
    const std::string clause = "Presentation 4.0, Collection";
    if (type == "Collection" && (object->contains("items") || object->contains("first")))
      return walk_.resource(entry, at, types, &step, "items", clause);
    if (type != "Collection" && type != "Manifest") return walk_.resource(entry, at, types, &step, "items", clause);
    if (type == "Manifest" && object->contains("items"))
      report_.must(Place(at, "items"), clause, "A Manifest in a Collection must be referred to, not embedded.");
    if (!object->contains("label"))
      report_.must(at, clause, fmt::format("{} in a Collection must have a label.", with_article(type)));
    walk_.resource(entry, at, {"@Reference"}, &step, "items", clause);
  }

  void part(const json::Value& entry, const Step& step, const Place& at, const std::vector<std::string>& types) {
    const json::Object* object = entry.if_object();
    const std::string_view type = object == nullptr ? std::string_view() : json::text_of(*object, "type");
    const std::string clause = "Presentation 4.0, Range";
    if (is_one_of(kContainerTypes, type)) {
      const std::string id(json::text_of(*object, "id"));
      if (whole_ && extents_.has_any() && extents_.find(id) == nullptr)
        report_.must(at, clause, "This Range names a Container that the Manifest does not have.");
      return walk_.resource(entry, at, {"@Reference"}, &step, "items", clause);
    }
    if (type == "Range" && !object->contains("items"))
      return walk_.resource(entry, at, {"@Reference"}, &step, "items", clause);
    walk_.resource(entry, at, types, &step, "items", clause);
  }

  void start(const json::Value& value, const Step& step, const Place& place) {
    const std::string clause = "Presentation 4.0, start";
    const json::Object* object = value.if_object();
    const std::string_view type = object == nullptr ? std::string_view() : json::text_of(*object, "type");
    if (type == "SpecificResource") return walk_.resource(value, place, {"SpecificResource"}, &step, "start", clause);
    if (object == nullptr || !is_one_of(kContainerTypes, type) || json::text_of(*object, "id").empty())
      return report_.must(place, clause, "start must be a Container or a SpecificResource, with id and type.");
    if (step.type == "Collection" && !object->contains("partOf"))
      report_.must(place, clause, "The start of a Collection must say by partOf in which Manifest it is.");
    if (whole_ && step.type == "Manifest" && extents_.find(json::text_of(*object, "id")) == nullptr)
      report_.must(place, clause, "start must be a Container of this Manifest.");
  }

  // ---- annotations ---------------------------------------------------------------------------------------------------------------

  static bool has_motivation(const Step& annotation, std::string_view word) {
    const json::Value* value = annotation.object.if_contains("motivation");
    return value != nullptr && json::to_text(*value).find(fmt::format("\"{}\"", word)) != std::string::npos;
  }

  void annotation(const Step& step) {
    const bool paints = has_motivation(step, "painting");
    const Step* page = step.up;
    if (page != nullptr && page->type == "AnnotationPage" && page->up != nullptr &&
        step.object.contains("motivation")) {
      const bool container = is_one_of(kContainerTypes, page->up->type);
      const bool activates = has_motivation(step, "activating");
      if (page->property == "items" && container && !paints && !activates)
        report_.must(
            step.place, kAnnotationClause,
            "The items of a Container must hold painting Annotations only: this one belongs under annotations.");
      if (page->property == "annotations" && paints)
        report_.must(step.place, kAnnotationClause,
                     "A painting Annotation belongs into the items of its Container, not under annotations.");
    }
    if (paints && !step.object.contains("body"))
      report_.must(step.place, kAnnotationClause, "An Annotation that is painting must have a body.");
  }

  void motivation(const json::Value& value, const Place& place) {
    const json::Array* list = value.if_array();
    if (list == nullptr || list->empty())
      return report_.must(place, "Presentation 4.0, motivation", "motivation must be a list with at least one word.");
    for (const json::Value& one : *list) {
      const json::String* word = one.if_string();
      if (word == nullptr)
        return report_.must(place, "Presentation 4.0, motivation", "motivation must be a list of words.");
      if (!is_motivation(*word) && word->find(':') == json::String::npos && contexts_.size() < 2)
        report_.must(place, "Presentation 4.0, motivation",
                     fmt::format("\"{}\" is no motivation that is known.", std::string_view(*word)));
    }
  }

  void body(const json::Value& value, const Step& step, const Place& place) {
    const json::Object* object = value.if_object();
    if (object == nullptr)
      return report_.must(
          place, "Presentation 4.0, body",
          "body must be one object; several stand in the items of a Choice, Composite, List or Independents.");
    const std::string_view type = json::text_of(*object, "type");
    if (!object->contains("type")) return report_.must(place, "Presentation 4.0, body", "A body must have a type.");
    if (is_one_of(kContainerTypes, type)) {
      paint(*object, type, step, place);
      const bool whole = object->contains("items");
      return walk_.resource(value, place, {whole ? std::string(type) : "@Reference"}, &step, "body",
                            "Presentation 4.0, body");
    }
    const Type* known = presentation_4_schema().find(type);
    walk_.resource(value, place, {known == nullptr ? "@Content" : std::string(type)}, &step, "body",
                   "Presentation 4.0, body");
    paint(*object, type, step, place);
  }

  void paint(const json::Object& object, std::string_view type, const Step& step, const Place& place) {
    const Step* annotation = step.nearest("Annotation");
    if (annotation == nullptr || !has_motivation(*annotation, "painting")) return;
    const Step* page = annotation->up;
    const Step* container = page == nullptr ? nullptr : page->up;
    if (container == nullptr) return;
    const bool lasting = type == "Audio" || type == "Sound" || type == "Video" || (type == "Timeline");
    const bool spatial = type == "Image" || type == "Video" || type == "Model" || type == "Canvas" || type == "Scene";
    if (container->type == "Timeline" && spatial)
      report_.must(place, kContainers,
                   fmt::format("{} cannot be painted on a Timeline, which has no space.", with_article(type)));
    if (container->type == "Scene" && (type == "Image" || type == "Audio" || type == "Sound" || type == "Video"))
      report_.must(place, kContainers,
                   fmt::format("{} is not painted into a Scene directly: an Image or Video lies on a Canvas, sound "
                               "comes from an emitter.",
                               with_article(type)));
    if ((lasting || object.contains("duration")) && !container->object.contains("duration"))
      report_.must(
          place, kContainers,
          fmt::format("What lasts cannot be painted into {} without a duration.", with_article(container->type)));
  }

  void target(const json::Value& value, const Step& step, const Place& place) {
    const json::Object* object = value.if_object();
    if (object == nullptr)
      return report_.must(place, "Presentation 4.0, target", "target must be one object with id and type.");
    const std::string_view type = json::text_of(*object, "type");
    if (type.empty()) return report_.must(place, "Presentation 4.0, target", "A target must have a type.");
    if (is_one_of(kSeveral, type))
      return walk_.resource(value, place, {std::string(type)}, &step, "target", "Presentation 4.0, target");
    std::string id(json::text_of(*object, "id"));
    if (type == "SpecificResource") {
      walk_.resource(value, place, {"SpecificResource"}, &step, "target", "Presentation 4.0, target");
      const json::Value* from = object->if_contains("source");
      id = from != nullptr && from->is_object() ? std::string(json::text_of(from->get_object(), "id")) : std::string();
      if (id.empty()) return;
    } else if (id.empty()) {
      return report_.must(place, "Presentation 4.0, target", "A target must have an id.");
    }
    points_at(id, step, place);
  }

  void points_at(const std::string& id, const Step& step, const Place& place) {
    const std::size_t mark = id.find('#');
    const std::string whole = id.substr(0, mark);
    const Step* annotation = step.nearest("Annotation");
    const Step* page = annotation == nullptr ? nullptr : annotation->up;
    const Step* container = page == nullptr ? nullptr : page->up;
    if (container != nullptr && page->property == "items" && is_one_of(kContainerTypes, container->type) &&
        has_motivation(*annotation, "painting")) {
      if (whole != json::text_of(container->object, "id"))
        report_.must(place, kAnnotationClause, "What a Container paints must have that Container as its target.");
    } else if (whole_ && container != nullptr && extents_.has_any() && !extents_.mentions(whole)) {
      report_.must(place, kAnnotationClause, "This Annotation points at something that the Manifest does not have.");
    }
    if (mark == std::string::npos) return;
    const std::string fault = fragment_fault(std::string_view(id).substr(mark + 1), extents_.find(whole));
    if (!fault.empty()) report_.must(place, kAnnotationClause, fmt::format("The target {}.", fault));
  }

  void source(const json::Value& value, const Step& step, const Place& place) {
    const std::string clause = "Presentation 4.0, source";
    if (step.type.ends_with("Audio") && value.is_array())
      return report_.must(place, clause, "source must be one object.");
    const json::Object* object = value.if_object();
    if (object == nullptr) return report_.must(place, clause, "source must be an object with id and type.");
    const std::string_view id = json::text_of(*object, "id");
    const std::string_view type = json::text_of(*object, "type");
    if (id.empty() || type.empty()) return report_.must(place, clause, "source must have an id and a type.");
    if (is_one_of(kContainerTypes, type) && id.find('#') != std::string_view::npos)
      report_.must(Place(place, "id"), clause, "source must not have a fragment (#…): a selector says which part.");
    if (is_one_of(kContainerTypes, type) && object->contains("items"))
      return walk_.resource(value, place, {std::string(type)}, &step, "source", clause);
    if (presentation_4_schema().find(type) != nullptr && !is_one_of(kContainerTypes, type) && type != "Annotation" &&
        type != "Manifest" && type != "Range" && type != "Collection")
      walk_.resource(value, place, {std::string(type)}, &step, "source", clause);
  }

  Report& report_;
  Extents extents_;
  std::vector<std::string> contexts_;
  std::unordered_set<std::string> specific_;
  std::unordered_set<std::string> seen_;
  bool whole_ = false;
  Walk walk_{presentation_4_schema(), report_, *this};
};

}  // namespace

void check_presentation_4(const json::Value& document, Report& report) {
  check_contexts(document, kContext, "Presentation 4.0, JSON-LD Contexts", report);
  check_identities(document, "id", "type", "Presentation 4.0, id", report);
  Rules4(document, report).run(document);
}

}  // namespace armarium::check
