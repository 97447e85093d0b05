// Presentation 3.0 beyond its table of properties: what belongs together, what points where, what excludes what.

#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "check/behaviors.h"
#include "check/contexts.h"
#include "check/documents.h"
#include "check/extents.h"
#include "check/geography.h"
#include "check/georeference.h"
#include "check/identities.h"
#include "check/schemas.h"
#include "check/selectors.h"
#include "check/services.h"
#include "check/shared_values.h"
#include "check/values.h"
#include "check/walk.h"
#include "iiif/description_values.h"

namespace armarium::check {
namespace {

constexpr std::string_view kContext = "http://iiif.io/api/presentation/3/context.json";
constexpr std::string_view kNavPlaceContext = "http://iiif.io/api/extension/navplace/context.json";
constexpr std::string_view kTextContext = "http://iiif.io/api/extension/text-granularity/context.json";
constexpr std::string_view kGeorefContext = "http://iiif.io/api/extension/georef/1/context.json";
constexpr std::string_view kAnnotationClause = "Presentation 3.0, 5.6 Annotation";
constexpr std::string_view kPageClause = "Presentation 3.0, 5.5 Annotation Page";
constexpr std::string_view kCanvasClause = "Presentation 3.0, 5.3 Canvas";
constexpr std::string_view kRangeClause = "Presentation 3.0, 5.4 Range";
constexpr std::string_view kContentClause = "Presentation 3.0, 5.7 Content Resources";

const std::vector<std::string> kContents = {"Image", "Sound", "Video", "Text", "Dataset", "Model"};

class Rules3 final : public Rules {
 public:
  Rules3(const json::Value& document, Report& report)
      : report_(report), extents_(document, "id", "type"), contexts_(contexts_of(document)) {
    const json::Object& top = document.get_object();
    whole_ = json::text_of(top, "type") == "Manifest";
  }

  void run(const json::Value& document) {
    walk_.resource(document, Place(), {}, nullptr, {}, "Presentation 3.0, 3.2 type");
  }

  void enter(const Step& step) override {
    check_behaviors(step, report_, "Presentation 3.0, 3.2 behavior");
    if (step.type == "Manifest") manifest(step);
    if (step.type == "Canvas") canvas(step);
    if (step.type == "Annotation") annotation(step);
    if (step.type == "AnnotationPage") page(step);
    if (step.type == "Range") range(step);
    if (step.type == "TextualBody") textual(step);
    if (step.property == "start") start(step);
    if (is_content(step.type)) content(step);
  }

  void custom(std::string_view name, const json::Value& value, const Step& step, const Place& place) override {
    if (name == "id") return id(value, step, place);
    if (name == "rights") return check_rights(value, place, "Presentation 3.0, 3.1 rights", report_);
    if (name == "service") return check_service(value, place, report_);
    if (name == "navPlace") return nav_place(step, place);
    if (name == "items") return items(value, step, place);
    if (name == "motivation") return motivation(value, step, place);
    if (name == "target") return targets(value, step, place);
    if (name == "body") return bodies(value, step, place);
    if (name == "source") return source(value, step, place);
    if (name == "selector") {
      const Extent* extent = nullptr;
      if (const json::Value* from = step.object.if_contains("source")) extent = extents_.find(id_of(*from));
      const Step* annotation = step.nearest("Annotation");
      if (annotation != nullptr && is_georeference(*annotation))
        check_georeference_selector(value, extent, place, report_);
      return check_selectors(value, extent, place, report_);
    }
  }

  bool extends(const Step& step, std::string_view property) override {
    const Place place(step.place, property);
    if (property == "navPlace") {
      nav_place(step, place);
      return true;
    }
    if (property == "textGranularity") {
      granularity(step, place);
      return true;
    }
    return contexts_.size() > 1;
  }

 private:
  static bool is_content(std::string_view type) {
    return type == "Content" || type == "Homepage" || type == "Rendering" || type == "SeeAlso" ||
           std::find(kContents.begin(), kContents.end(), type) != kContents.end();
  }
  static std::string id_of(const json::Value& value) {
    if (value.is_string()) return std::string(value.get_string());
    const json::Object* object = value.if_object();
    return object == nullptr ? std::string() : std::string(json::text_of(*object, "id"));
  }
  bool has_context(std::string_view context) const {
    return std::find(contexts_.begin(), contexts_.end(), context) != contexts_.end();
  }

  // ---- single values -------------------------------------------------------------------------------------------------------------

  void id(const json::Value& value, const Step& step, const Place& place) {
    constexpr std::string_view kClause = "Presentation 3.0, 3.2 id";
    const bool content = is_content(step.type);
    if (auto fault = uri_fault(value, content)) return report_.must(place, kClause, fmt::format("id {}.", *fault));
    const std::string_view text = value.get_string();
    if (step.type == "Canvas" && text.find('#') != std::string_view::npos && step.property != "start")
      report_.must(place, kCanvasClause, "The id of a Canvas must not have a fragment (#…).");
    const std::size_t bad = text.find_first_of(" <>\"{}|\\^`");
    if (bad != std::string_view::npos)
      report_.must(place, kClause, fmt::format("The character {} must be percent-encoded in a URI.", text[bad]));
  }

  void nav_place(const Step& step, const Place& place) {
    constexpr std::array<std::string_view, 4> kMay = {"Collection", "Manifest", "Range", "Canvas"};
    if (std::find(kMay.begin(), kMay.end(), step.type) == kMay.end() && step.type != "Reference" &&
        step.type != "Member")
      report_.must(place, "navPlace Extension 1.0, 3",
                   fmt::format("{} must not have a navPlace.", with_article(step.type)));
    if (!has_context(kNavPlaceContext))
      report_.must(Place(Place(), "@context"), "navPlace Extension 1.0, 4",
                   fmt::format("A document with navPlace must name the context {} before that of Presentation 3.",
                               kNavPlaceContext));
    check_nav_place(step.object.at("navPlace"), place, report_);
  }

  void granularity(const Step& step, const Place& place) {
    constexpr std::string_view kClause = "Text Granularity Extension 1.0, 3";
    constexpr std::array<std::string_view, 6> kLevels = {"page", "block", "paragraph", "line", "word", "glyph"};
    const json::Value& value = step.object.at("textGranularity");
    if (!value.is_string()) {
      report_.must(place, kClause, "textGranularity must be one text.");
    } else if (std::find(kLevels.begin(), kLevels.end(), std::string_view(value.get_string())) == kLevels.end()) {
      report_.must(place, kClause,
                   fmt::format("textGranularity must be {}.", in_words({kLevels.begin(), kLevels.end()})));
    }
    if (!has_context(kTextContext) && contexts_.size() < 2)
      report_.must(place, kClause,
                   fmt::format("A document with textGranularity must name the context {}.", kTextContext));
    if (step.type != "Annotation" && step.type != "AnnotationPage")
      report_.must(place, kClause, "textGranularity belongs to Annotations.");
  }

  // ---- resources -----------------------------------------------------------------------------------------------------------------

  void manifest(const Step& step) {
    const json::Value* structures = step.object.if_contains("structures");
    const json::Array* ranges = structures == nullptr ? nullptr : structures->if_array();
    if (ranges == nullptr) return;
    for (const json::Value& range : *ranges) tops_.insert(range.if_object());
  }

  void canvas(const Step& step) {
    const json::Object& object = step.object;
    const std::string id(json::text_of(object, "id"));
    if (step.property == "items" && step.up != nullptr && step.up->type == "Manifest" && !seen_.insert(id).second)
      report_.must(Place(step.place, "id"), kCanvasClause, "Another Canvas of this Manifest has the same id.");
    const bool width = object.contains("width");
    const bool height = object.contains("height");
    if (width != height)
      report_.must(step.place, kCanvasClause, "A Canvas that has one of width and height must have the other.");
    const bool listed =
        step.property == "items" || step.property == "placeholderCanvas" || step.property == "accompanyingCanvas";
    if (listed && !width && !object.contains("duration"))
      report_.must(step.place, kCanvasClause, "A Canvas must have a width and a height, or a duration, or all three.");
    if (step.property == "placeholderCanvas" || step.property == "accompanyingCanvas") {
      for (const char* nested : {"placeholderCanvas", "accompanyingCanvas"}) {
        if (object.contains(nested))
          report_.must(Place(step.place, nested), fmt::format("Presentation 3.0, 3.1 {}", nested),
                       fmt::format("A {} must not have a {} itself.", step.property, nested));
      }
    }
  }

  void page(const Step& step) {
    const Step* above = step.up;
    if (above == nullptr || above->type != "Canvas" || step.property != "items") return;
    if (!step.object.contains("items"))
      report_.must(step.place, kPageClause,
                   "The AnnotationPage that a Canvas paints must be embedded, with its items.");
  }

  // Canvas.items paint; everything else stands under annotations.
  void placed(const Step& step, bool paints) {
    const Step* page = step.up;
    if (page == nullptr || page->type != "AnnotationPage" || page->up == nullptr) return;
    if (page->property == "items" && page->up->type == "Canvas" && !paints)
      report_.must(step.place, kAnnotationClause,
                   "The items of a Canvas must hold painting Annotations only: this one belongs under annotations.");
    if (page->property == "annotations" && paints)
      report_.must(step.place, kAnnotationClause,
                   "A painting Annotation belongs into the items of its Canvas, not under annotations.");
  }

  void annotation(const Step& step) {
    if (is_georeference(step)) check_georeference(step, report_);
    const json::Object& object = step.object;
    const json::Value* said = object.if_contains("motivation");
    const std::vector<std::string> motivations = said == nullptr ? std::vector<std::string>() : texts_in(*said);
    const bool paints = std::find(motivations.begin(), motivations.end(), "painting") != motivations.end();
    if (said != nullptr) placed(step, paints);
    if (object.contains("bodyValue") && object.contains("body"))
      report_.must(step.place, "Web Annotation Data Model, 3.2.5",
                   "An Annotation has a body or a bodyValue, not both.");
    const bool needs = paints || std::any_of(motivations.begin(), motivations.end(), [](const std::string& one) {
                         return one == "supplementing" || one == "commenting" || one == "tagging" ||
                                one == "georeferencing" || one == "transcribing" || one == "describing" ||
                                one == "replying" || one == "linking";
                       });
    if (!object.contains("body") && !object.contains("bodyValue")) {
      if (needs) {
        report_.must(step.place, kAnnotationClause,
                     fmt::format("An Annotation that is {} must have a body.", motivations.front()));
      } else {
        report_.should(step.place, kAnnotationClause, "An Annotation should have a body.");
      }
    }
    if (object.contains("textGranularity") && !motivations.empty() &&
        std::find(motivations.begin(), motivations.end(), "supplementing") == motivations.end())
      report_.must(Place(step.place, "motivation"), "Text Granularity Extension 1.0, 2",
                   "Text of the Canvas must have the motivation supplementing.");
  }

  void motivation(const json::Value& value, const Step&, const Place& place) {
    const bool list = value.is_array() && !value.get_array().empty();
    if (!value.is_string() && !list)
      return report_.must(place, kAnnotationClause, "motivation must be a word, or a list of words.");
    for (const std::string& one : texts_in(value)) {
      if (one.starts_with("sc:") || one.starts_with("oa:")) {
        report_.must(place, kAnnotationClause,
                     fmt::format("\"{}\" belongs to an older version; a motivation has no prefix here.", one));
      } else if (!is_motivation(one) && one.find(':') == std::string::npos) {
        // An extension may bring its own words, but not ours in another case.
        std::string lower = one;
        std::transform(lower.begin(), lower.end(), lower.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (is_motivation(lower) || contexts_.size() < 2)
          report_.must(place, kAnnotationClause, fmt::format("\"{}\" is no motivation that is known.", one));
      }
    }
    if (value.is_array() && texts_in(value).size() != value.get_array().size())
      report_.must(place, kAnnotationClause, "motivation must be a word, or a list of words.");
  }

  void range(const Step& step) {
    thumbnails(step);
    if (step.object.contains("behavior") && step.up != nullptr && !tops_.contains(&step.object)) {
      const std::vector<std::string> behaviors = texts_in(step.object.at("behavior"));
      if (step.up->type == "Range" && std::find(behaviors.begin(), behaviors.end(), "sequence") != behaviors.end())
        report_.must(Place(step.place, "behavior"), kRangeClause,
                     "A Range that is a sequence stands directly in structures.");
    }
  }

  // 3.2: the Ranges inside of a thumbnail-nav have thumbnails.
  void thumbnails(const Step& step) {
    const json::Value* behavior = step.object.if_contains("behavior");
    const json::Value* items = step.object.if_contains("items");
    if (behavior == nullptr || items == nullptr || !items->is_array()) return;
    const std::vector<std::string> given = texts_in(*behavior);
    if (std::find(given.begin(), given.end(), "thumbnail-nav") == given.end()) return;
    const Place list(step.place, "items");
    std::size_t index = 0;
    for (const json::Value& one : items->get_array()) {
      const Place at(list, index++);
      const json::Object* range = one.if_object();
      if (range != nullptr && json::text_of(*range, "type") == "Range" && !range->contains("thumbnail"))
        report_.must(at, "Presentation 3.0, 3.2 behavior", "The Ranges of a thumbnail-nav must have a thumbnail.");
    }
  }

  void textual(const Step& step) {
    const json::Value* language = step.object.if_contains("language");
    if (language == nullptr) return;
    for (const std::string& tag : texts_in(*language)) {
      if (!iiif::is_language_tag(tag))
        report_.must(Place(step.place, "language"), kContentClause, fmt::format("\"{}\" is no language tag.", tag));
    }
  }

  void start(const Step& step) {
    constexpr std::string_view kClause = "Presentation 3.0, 3.3.2 start";
    std::string canvas(json::text_of(step.object, "id"));
    if (step.type == "SpecificResource") {
      const json::Value* from = step.object.if_contains("source");
      canvas = from == nullptr ? std::string() : id_of(*from);
      if (canvas.empty()) return;
    }
    const std::string whole = canvas.substr(0, canvas.find('#'));
    if (step.nearest("Manifest") != nullptr && extents_.has_any() && extents_.find(whole) == nullptr)
      report_.must(step.place, kClause, "start must be a Canvas of this Manifest.");
  }

  void content(const Step& step) {
    const std::string_view type = json::text_of(step.object, "type");
    const json::Value* services = step.object.if_contains("service");
    if (services != nullptr && type != "Image" && step.property == "body" &&
        json::to_text(*services).find("\"ImageService") != std::string::npos)
      return report_.must(Place(step.place, "type"), kContentClause,
                          fmt::format("What has an image service must be of type Image, and this is {}.", type));
    check_format(step.object, step.place, "Presentation 3.0, 3.2 format", report_);
    static constexpr std::array<std::string_view, 8> kMisspelt = {"image",   "sound", "video", "text",
                                                                  "dataset", "model", "Audio", "dctypes:Image"};
    if (std::find(kMisspelt.begin(), kMisspelt.end(), type) != kMisspelt.end())
      report_.must(
          Place(step.place, "type"), "Presentation 3.0, 3.2 type",
          fmt::format("\"{}\" is no type of content in version 3: Image, Sound, Video, Text, Dataset and Model are.",
                      type));
    const std::string_view id = json::text_of(step.object, "id");
    if (type == "Image" && is_service_id(step.object.if_contains("service"), id))
      report_.must(Place(step.place, "id"), kContentClause,
                   "The id of an image must lead to the image, not to its service.");
    if (const json::Value* language = step.object.if_contains("language")) {
      for (const std::string& tag : texts_in(*language)) {
        if (!iiif::is_language_tag(tag))
          report_.must(Place(step.place, "language"), "Presentation 3.0, 3.1 language",
                       fmt::format("\"{}\" is no language tag.", tag));
      }
    }
    if (step.property == "logo" && step.up != nullptr && step.up->type != "Agent")
      report_.must(step.place, "Presentation 3.0, 3.1 logo", "logo belongs to a provider.");
  }

  // ---- items ---------------------------------------------------------------------------------------------------------------------

  void items(const json::Value& value, const Step& step, const Place& place) {
    struct Wanted {
      std::string_view type;
      std::vector<std::string> entries;
      bool filled;
      std::string_view clause;
    };
    static const std::array<Wanted, 5> kWanted = {{
        {"Collection", {"Collection", "Manifest"}, false, "Presentation 3.0, 5.1 Collection"},
        {"Manifest", {"Canvas"}, true, "Presentation 3.0, 5.2 Manifest"},
        {"Canvas", {"AnnotationPage"}, false, kCanvasClause},
        {"AnnotationPage", {"Annotation"}, false, kPageClause},
        {"Range", {"Range", "Canvas", "SpecificResource"}, true, kRangeClause},
    }};
    const auto* found =
        std::find_if(kWanted.begin(), kWanted.end(), [&](const Wanted& one) { return one.type == step.type; });
    if (found == kWanted.end()) return;
    if (!value.is_array()) return report_.must(place, found->clause, "items must be a list, in square brackets.");
    const json::Array& entries = value.get_array();
    if (entries.empty() && found->filled)
      report_.must(place, found->clause, fmt::format("The items of {} must not be empty.", with_article(step.type)));
    if (entries.empty() && !found->filled)
      report_.should(place, found->clause,
                     fmt::format("The items of {} should not be empty.", with_article(step.type)));
    std::size_t index = 0;
    for (const json::Value& entry : entries) {
      const Place at(place, index++);
      if (step.type == "Collection") {
        member(entry, step, at, found->clause, found->entries);
      } else if (step.type == "Range") {
        part(entry, step, at, found->entries);
      } else {
        walk_.resource(entry, at, found->entries, &step, "items", found->clause);
      }
    }
  }

  // A Manifest in a Collection is a reference: id, type, label.
  void member(const json::Value& entry, const Step& step, const Place& at, std::string_view clause,
              const std::vector<std::string>& types) {
    const json::Object* object = entry.if_object();
    const std::string_view type = object == nullptr ? std::string_view() : json::text_of(*object, "type");
    if (type == "Collection" && object->contains("items"))
      return walk_.resource(entry, at, types, &step, "items", clause);
    if (type != "Collection" && type != "Manifest") return walk_.resource(entry, at, types, &step, "items", clause);
    if (type == "Manifest" && object->contains("items"))
      report_.must(Place(at, "items"), clause, "A Manifest in a Collection must be referred to, not embedded.");
    if (!object->contains("label"))
      report_.must(at, clause, fmt::format("{} in a Collection must have a label.", with_article(type)));
    walk_.resource(entry, at, {"@Member"}, &step, "items", clause);
  }

  void part(const json::Value& entry, const Step& step, const Place& at, const std::vector<std::string>& types) {
    const json::Object* object = entry.if_object();
    const std::string_view type = object == nullptr ? std::string_view() : json::text_of(*object, "type");
    if (object != nullptr && json::text_of(*object, "id").empty() && type != "SpecificResource")
      report_.must(at, kRangeClause, "Each entry of a Range must have an id and a type.");
    if (type == "Canvas") {
      const std::string_view id = json::text_of(*object, "id");
      const std::string whole(id.substr(0, id.find('#')));
      if (whole_ && extents_.has_any() && extents_.find(whole) == nullptr)
        report_.must(at, kRangeClause, "This Range names a Canvas that the Manifest does not have.");
      return walk_.resource(entry, at, {"@Reference"}, &step, "items", kRangeClause);
    }
    if (type == "Range" && !object->contains("items"))
      report_.must(Place(at, "items"), kRangeClause,
                   "A Range must have items; only one that stands directly in structures may be referred to.");
    walk_.resource(entry, at, types, &step, "items", kRangeClause);
    if (type != "SpecificResource") return;
    const json::Value* from = object->if_contains("source");
    if (from == nullptr) return;
    const std::string source = id_of(*from);
    const std::string whole = source.substr(0, source.find('#'));
    if (whole_ && extents_.has_any() && !whole.empty() && extents_.find(whole) == nullptr)
      report_.must(Place(at, "source"), kRangeClause, "This Range names a Canvas that the Manifest does not have.");
  }

  // ---- bodies and targets --------------------------------------------------------------------------------------------------------

  void bodies(const json::Value& value, const Step& step, const Place& place) {
    if (const json::Array* array = value.if_array()) {
      if (array->empty()) report_.must(place, kAnnotationClause, "body must not be an empty list.");
      std::size_t index = 0;
      for (const json::Value& item : *array) bodies(item, step, Place(place, index++));
      return;
    }
    const Step* annotation = step.nearest("Annotation");
    const bool paints = annotation != nullptr && annotation->object.contains("motivation") &&
                        !texts_in(annotation->object.at("motivation")).empty() &&
                        texts_in(annotation->object.at("motivation")).front() == "painting";
    if (annotation != nullptr && is_georeference(*annotation)) {
      if (!has_context(kGeorefContext))
        report_.must(
            Place(Place(), "@context"), "Georeference Extension 1.0, 4",
            fmt::format("A document with a georeferencing annotation must name the context {}.", kGeorefContext));
      return check_georeference_body(value, place, report_);
    }
    if (value.is_string()) {
      if (paints)
        report_.must(place, kContentClause,
                     "What is painted must be an object with an id and a type, not a URI alone.");
      return;
    }
    const json::Object* object = value.if_object();
    if (object == nullptr) return report_.must(place, kAnnotationClause, "body must be an object.");
    const std::string_view type = json::text_of(*object, "type");
    if (type == "FeatureCollection" || type == "Feature") return;  // GeoJSON of recipe 0139
    if (type == "TextualBody" || type == "Choice" || type == "SpecificResource" || type == "Canvas") {
      if (type == "Canvas") return walk_.resource(value, place, {"@Reference"}, &step, "body", kContentClause);
      return walk_.resource(value, place, {}, &step, "body", kContentClause);
    }
    if (type.empty() && !object->contains("type"))
      return report_.must(place, kContentClause, "What an Annotation has as its body must have a type.");
    walk_.resource(value, place, {"@Content"}, &step, "body", kContentClause);
    if (paints) dimension(*object, type, *annotation, place);
  }

  // What lasts needs a Canvas that lasts, what has a size one that has a size.
  void dimension(const json::Object& body, std::string_view type, const Step& annotation, const Place& place) {
    if (body.contains("type") && (type == "Dataset"))
      report_.must(place, kContentClause, "A Dataset cannot be painted.");
    const Step* canvas = annotation.nearest("Canvas");
    if (canvas == nullptr) return;
    const bool lasts = canvas->object.contains("duration");
    const bool flat = canvas->object.contains("width");
    if ((type == "Sound" || type == "Video") && !lasts)
      report_.must(place, kCanvasClause, fmt::format("A {} cannot be painted on a Canvas without a duration.", type));
    if ((type == "Image" || type == "Video") && !flat)
      report_.must(place, kCanvasClause,
                   fmt::format("{} cannot be painted on a Canvas without width and height.", with_article(type)));
  }

  void targets(const json::Value& value, const Step& step, const Place& place) {
    if (const json::Array* array = value.if_array()) {
      if (array->empty()) report_.must(place, kAnnotationClause, "target must not be an empty list.");
      std::size_t index = 0;
      for (const json::Value& item : *array) targets(item, step, Place(place, index++));
      return;
    }
    if (value.is_string()) return target_id(value.get_string(), step, place);
    const json::Object* object = value.if_object();
    if (object == nullptr) return report_.must(place, kAnnotationClause, "target must be a URI or an object.");
    const std::string_view type = json::text_of(*object, "type");
    if (type == "Canvas" && object->contains("items"))
      walk_.resource(value, place, {"Canvas"}, &step, "target", kCanvasClause);
    if (type == "SpecificResource") {
      walk_.resource(value, place, {"SpecificResource"}, &step, "target", kAnnotationClause);
      if (const json::Value* from = object->if_contains("source"))
        target_id(id_of(*from), step, Place(place, "source"));
      return;
    }
    if (type.empty()) report_.must(place, kAnnotationClause, "A target that is an object must have a type.");
    const std::string_view id = json::text_of(*object, "id");
    if (id.empty()) return report_.must(place, kAnnotationClause, "A target must have an id.");
    target_id(id, step, place);
  }

  void target_id(std::string_view id, const Step& step, const Place& place) {
    if (auto fault = uri_fault(json::Value(id), true))
      return report_.must(place, kAnnotationClause, fmt::format("A target {}.", *fault));
    const std::size_t mark = id.find('#');
    const std::string whole(id.substr(0, mark));
    const Step* canvas = step.nearest("Canvas");
    const Step* page = step.nearest("AnnotationPage");
    if (canvas != nullptr && page != nullptr && page->property == "items") {
      const std::string own(json::text_of(canvas->object, "id"));
      if (whole != own)
        return report_.must(place, kAnnotationClause,
                            fmt::format("What a Canvas paints must have that Canvas as its target: {}.", own));
    } else if (whole_ && extents_.has_any() && !extents_.mentions(whole) && !extents_.mentions(std::string(id))) {
      if (step.nearest("Annotation") != nullptr && canvas != nullptr && page != nullptr)
        report_.must(place, kAnnotationClause, "This Annotation points at something that the Manifest does not have.");
    }
    if (mark == std::string_view::npos) return;
    const std::string fault = fragment_fault(id.substr(mark + 1), extents_.find(whole));
    if (!fault.empty()) report_.must(place, kAnnotationClause, fmt::format("The target {}.", fault));
  }

  void source(const json::Value& value, const Step& step, const Place& place) {
    if (value.is_string()) {
      if (auto fault = uri_fault(value, true))
        report_.must(place, kAnnotationClause, fmt::format("source {}.", *fault));
      return;
    }
    const json::Object* object = value.if_object();
    if (object == nullptr) return report_.must(place, kAnnotationClause, "source must be a URI or an object.");
    if (json::text_of(*object, "id").empty()) report_.must(place, kAnnotationClause, "source must have an id.");
    if (!object->contains("type")) return report_.must(place, kAnnotationClause, "source must have a type.");
    const std::string_view type = json::text_of(*object, "type");
    if (std::find(kContents.begin(), kContents.end(), type) != kContents.end())
      walk_.resource(value, place, {"@Content"}, &step, "source", kContentClause);
    if (type == "TextualBody") walk_.resource(value, place, {"TextualBody"}, &step, "source", kContentClause);
    if (type == "Canvas")
      walk_.resource(value, place, {object->contains("items") ? "Canvas" : "@Reference"}, &step, "source",
                     kCanvasClause);
  }

  Report& report_;
  Extents extents_;
  std::vector<std::string> contexts_;
  std::unordered_set<const json::Object*> tops_;
  std::unordered_set<std::string> seen_;
  bool whole_ = false;  // the document holds all Canvases that it may name
  Walk walk_{presentation_3_schema(), report_, *this};
};

}  // namespace

void check_presentation_3(const json::Value& document, Report& report) {
  check_contexts(document, kContext, "Presentation 3.0, 4.6 Linked Data Context and Extensions", report);
  check_identities(document, "id", "type", "Presentation 3.0, 3.2 id", report);
  Rules3(document, report).run(document);
}

void check_resources_3(const json::Object& document, Report& report) {
  const json::Value value(document);
  Rules3(value, report).run(value);
}

}  // namespace armarium::check
