// Presentation 2.1 beyond its table of properties.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "check/contexts.h"
#include "check/documents.h"
#include "check/extents.h"
#include "check/identities.h"
#include "check/schemas.h"
#include "check/services.h"
#include "check/values.h"
#include "check/walk.h"

namespace armarium::check {
namespace {

constexpr std::string_view kContext = "http://iiif.io/api/presentation/2/context.json";
constexpr std::string_view kImages = "Presentation 2.1, 5.4 Image Resources";
constexpr std::string_view kRanges = "Presentation 2.1, 5.6 Range";
constexpr std::string_view kCollections = "Presentation 2.1, 5.8 Collections";

struct Hint {
  std::string_view name;
  std::string_view types;  // each followed by a blank
};
constexpr std::array<Hint, 9> kHints = {{
    {"individuals", "sc:Manifest sc:Sequence sc:Range sc:Collection "},
    {"paged", "sc:Manifest sc:Sequence sc:Range "},
    {"continuous", "sc:Manifest sc:Sequence sc:Range "},
    {"multi-part", "sc:Collection "},
    {"non-paged", "sc:Canvas "},
    {"top", "sc:Range "},
    {"facing-pages", "sc:Canvas "},
    {"none", "oa:Annotation sc:AnnotationList sc:Layer "},
    {"auto-advance", "sc:Manifest sc:Sequence sc:Canvas sc:Range sc:Collection "},
}};

std::string id_of(const json::Value& value) {
  if (value.is_string()) return std::string(value.get_string());
  const json::Object* object = value.if_object();
  return object == nullptr ? std::string() : std::string(json::text_of(*object, "@id"));
}

// A string, {@value, @language?}, or a list of these. Presentation 2.1, 4.3.
Fault value_fault(const json::Value& value, bool html) {
  if (const json::Array* list = value.if_array()) {
    if (list->empty()) return "must not be an empty list";
    for (const json::Value& one : *list) {
      if (one.is_array()) return "must be text, or objects with @value and @language";
      if (auto fault = value_fault(one, html)) return fault;
    }
    return std::nullopt;
  }
  std::string_view text;
  if (value.is_string()) {
    text = value.get_string();
  } else if (const json::Object* object = value.if_object(); object != nullptr && object->contains("@value")) {
    if (!object->at("@value").is_string()) return "must have text as its @value";
    text = object->at("@value").get_string();
  } else {
    return "must be text, or objects with @value and @language";
  }
  if (html) return html_fault(text);
  const bool markup = text.starts_with('<') && text.ends_with('>') && text.find("</") != std::string_view::npos;
  return markup ? Fault("must not hold HTML") : std::nullopt;
}

class Rules2 final : public Rules {
 public:
  Rules2(const json::Value& document, Report& report)
      : report_(report), extents_(document, "@id", "@type"), contexts_(contexts_of(document)) {
    whole_ = json::text_of(document.get_object(), "@type") == "sc:Manifest";
    for (const std::string& id : extents_.repeated())
      report_.must(Place(), "Presentation 2.1, 5.3 Canvas", fmt::format("The Canvas {} is there twice.", id));
  }

  void run(const json::Value& document) {
    walk_.resource(document, Place(), {}, nullptr, {}, "Presentation 2.1, 3.3 @type");
  }

  bool extends(const Step&, std::string_view) override { return contexts_.size() > 1; }

  void enter(const Step& step) override {
    if (step.type == "oa:Annotation" && step.property == "images") image(step);
    if (step.type == "oa:Annotation" && step.property == "resources" && !step.object.contains("resource"))
      report_.must(step.place, "Presentation 2.1, 5.5 Annotation List", "An annotation must have a resource.");
    if (step.type == "sc:Range") range(step);
    if (step.type == "sc:Collection") collection(step);
  }

  void custom(std::string_view name, const json::Value& value, const Step& step, const Place& place) override {
    if (name == "id") return id(value, step, place);
    if (name == "value" || name == "html") {
      const std::string key = place.path().substr(place.path().rfind('/') + 1);
      if (auto fault = value_fault(value, name == "html"))
        report_.must(place, "Presentation 2.1, 4.3 Language of Property Values", fmt::format("{} {}.", key, *fault));
      return;
    }
    if (name == "metadata") return metadata(value, place);
    if (name == "uris") return uris(value, place);
    if (name == "hint") return hint(value, step, place);
    if (name == "date") return date(value, place);
    if (name == "services") return check_services_2(value, place, report_);
    if (name == "renderings") return renderings(value, place);
    if (name == "canvas") return canvas_reference(id_of(value), place, "Presentation 2.1, 3.4 startCanvas");
    if (name == "reference") return reference(value, place);
    if (name == "member") return member(value, step, place);
    if (name == "sequences") return sequences(value, step, place);
    if (name == "canvases") return canvases(value, step, place);
    if (name == "otherContent") return other_content(value, place);
    if (name == "range") return reference(value, place);
    if (name == "motivation") return motivation(value, step, place);
    if (name == "resource") return resource(value, step, place);
    if (name == "on") return on(value, step, place);
  }

 private:
  void id(const json::Value& value, const Step& step, const Place& place) {
    const bool ours = step.type != "Image" && step.type != "Other";
    if (auto fault = uri_fault(value, !ours))
      return report_.must(place, "Presentation 2.1, 3.3 @id", fmt::format("@id {}.", *fault));
    if (step.type == "sc:Canvas" && value.get_string().find('#') != json::String::npos)
      report_.must(place, "Presentation 2.1, 5.3 Canvas", "The @id of a Canvas must not have a fragment (#…).");
  }

  void metadata(const json::Value& value, const Place& place) {
    constexpr std::string_view kClause = "Presentation 2.1, 3.1 metadata";
    const json::Array* list = value.if_array();
    if (list == nullptr) return report_.must(place, kClause, "metadata must be a list, in square brackets.");
    std::size_t index = 0;
    for (const json::Value& entry : *list) {
      const Place at(place, index++);
      const json::Object* pair = entry.if_object();
      if (pair == nullptr || !pair->contains("label") || !pair->contains("value")) {
        report_.must(at, kClause, "An entry of metadata must have a label and a value.");
        continue;
      }
      if (auto fault = value_fault(pair->at("label"), false))
        report_.must(Place(at, "label"), kClause, fmt::format("label {}.", *fault));
      if (auto fault = value_fault(pair->at("value"), true))
        report_.must(Place(at, "value"), kClause, fmt::format("value {}.", *fault));
    }
  }

  void uris(const json::Value& value, const Place& place) {
    const json::Array* list = value.if_array();
    if (list == nullptr) {
      if (auto fault = uri_fault(value, true))
        report_.must(place, "Presentation 2.1, 3.2 license", fmt::format("license {}.", *fault));
      return;
    }
    for (const json::Value& one : *list) uris(one, place);
  }

  void hint(const json::Value& value, const Step& step, const Place& place) {
    constexpr std::string_view kClause = "Presentation 2.1, 3.3 viewingHint";
    if (const json::Array* list = value.if_array()) {
      for (const json::Value& one : *list) hint(one, step, place);
      return;
    }
    if (!value.is_string()) return report_.must(place, kClause, "viewingHint must be text.");
    const std::string_view name = value.get_string();
    if (name.find(':') != std::string_view::npos) return;
    const auto* found = std::find_if(kHints.begin(), kHints.end(), [&](const Hint& one) { return one.name == name; });
    if (found == kHints.end())
      return report_.must(place, kClause, fmt::format("\"{}\" is no viewingHint that the specification knows.", name));
    if (step.type.starts_with("sc:") && found->types.find(fmt::format("{} ", step.type)) == std::string_view::npos)
      report_.must(place, kClause, fmt::format("A {} cannot have the viewingHint {}.", step.type, name));
  }

  void date(const json::Value& value, const Place& place) {
    const json::String* text = value.if_string();
    if (date_fault(value) || text == nullptr || !text->ends_with('Z'))
      report_.must(place, "Presentation 2.1, 3.3 navDate",
                   "navDate must be a date and time in UTC, such as 1850-03-01T00:00:00Z.");
  }

  void renderings(const json::Value& value, const Place& place) {
    constexpr std::string_view kClause = "Presentation 2.1, 3.4 rendering";
    if (const json::Array* list = value.if_array()) {
      std::size_t index = 0;
      for (const json::Value& one : *list) renderings(one, Place(place, index++));
      return;
    }
    const json::Object* object = value.if_object();
    if (object == nullptr) return;
    if (!object->contains("@id") || !object->contains("label") || !object->contains("format"))
      report_.must(place, kClause, "A rendering must have an @id, a label and a format.");
  }

  void reference(const json::Value& value, const Place& place) {
    const std::string id = id_of(value);
    if (uri_fault(json::Value(id)))
      report_.must(place, "Presentation 2.1, 4.1 URI Representation", "This must be the URI of a resource.");
  }

  void canvas_reference(const std::string& id, const Place& place, std::string_view clause) {
    if (uri_fault(json::Value(id))) return report_.must(place, clause, "This must be the URI of a Canvas.");
    const std::string whole = id.substr(0, id.find('#'));
    if (whole_ && extents_.has_any() && extents_.find(whole) == nullptr)
      report_.must(place, clause, "This names a Canvas that the Manifest does not have.");
  }

  void member(const json::Value& value, const Step& step, const Place& place) {
    const json::Object* object = value.if_object();
    if (object == nullptr) {
      if (step.type == "sc:Range")
        return report_.must(place, kRanges, "Members of a Range must be objects with @id, @type and label.");
      return report_.must(place, kCollections, "What a Collection lists must be an object with @id, @type and label.");
    }
    const std::string_view clause = step.type == "sc:Range" ? kRanges : kCollections;
    for (const char* key : {"@id", "@type", "label"}) {
      if (!object->contains(key))
        report_.must(place, clause, fmt::format("What is listed here must have {}.", with_article(key)));
    }
    const std::string_view type = json::text_of(*object, "@type");
    const std::string_view list = place_list(place);
    if ((list == "manifests" && type != "sc:Manifest" && !type.empty()) ||
        (list == "collections" && type != "sc:Collection" && !type.empty()))
      report_.must(Place(place, "@type"), clause, fmt::format("A {} does not belong into {}.", type, list));
    if (type == "sc:Manifest" && object->contains("sequences"))
      report_.must(Place(place, "sequences"), clause, "A Manifest in a Collection must be referred to, not embedded.");
    if (type == "sc:Collection" &&
        (object->contains("manifests") || object->contains("collections") || object->contains("members")))
      return walk_.resource(value, place, {}, &step, list, clause);
    if (step.type == "sc:Range" && type == "sc:Canvas") canvas_reference(id_of(value), place, clause);
  }

  static std::string_view place_list(const Place& place) {
    static thread_local std::string path;
    path = place.path();
    const std::size_t slash = path.rfind('/');
    const std::size_t before = slash == std::string::npos ? std::string::npos : path.rfind('/', slash - 1);
    const std::size_t start = before == std::string::npos ? 0 : before + 1;
    return std::string_view(path).substr(start, slash == std::string::npos ? 0 : slash - start);
  }

  void sequences(const json::Value& value, const Step& step, const Place& place) {
    constexpr std::string_view kClause = "Presentation 2.1, 5.2 Sequence";
    const json::Array* list = value.if_array();
    if (list == nullptr || list->empty())
      return report_.must(place, kClause, "A Manifest must have a list of at least one Sequence.");
    std::size_t index = 0;
    for (const json::Value& one : *list) {
      const Place at(place, index++);
      const json::Object* object = one.if_object();
      const bool embedded = object != nullptr && object->contains("canvases");
      if (index == 1) {
        walk_.resource(one, at, {"sc:Sequence"}, &step, "sequences", kClause);
      } else if (embedded) {
        report_.must(at, kClause, "Only the first Sequence is embedded; the others are referred to.");
      } else if (object == nullptr || !object->contains("label")) {
        report_.must(at, kClause, "A Manifest with several Sequences must give each a label.");
      }
    }
  }

  void canvases(const json::Value& value, const Step& step, const Place& place) {
    const json::Array* list = value.if_array();
    const bool range = step.type == "sc:Range";
    const std::string_view clause = range ? kRanges : "Presentation 2.1, 5.2 Sequence";
    if (list == nullptr || (list->empty() && !range))
      return report_.must(place, clause, "canvases must be a list with at least one Canvas.");
    std::size_t index = 0;
    for (const json::Value& one : *list) {
      const Place at(place, index++);
      if (range) {
        if (!one.is_string()) report_.must(at, clause, "The canvases of a Range are URIs.");
        canvas_reference(id_of(one), at, clause);
      } else {
        walk_.resource(one, at, {"sc:Canvas"}, &step, "canvases", clause);
      }
    }
  }

  void other_content(const json::Value& value, const Place& place) {
    constexpr std::string_view kClause = "Presentation 2.1, 5.5 Annotation List";
    const json::Array* list = value.if_array();
    if (list == nullptr) return report_.must(place, kClause, "otherContent must be a list, in square brackets.");
    std::size_t index = 0;
    for (const json::Value& one : *list) {
      const Place at(place, index++);
      const json::Object* object = one.if_object();
      if (object == nullptr) {
        if (uri_fault(one)) report_.must(at, kClause, "An annotation list is referred to by its URI.");
        continue;
      }
      if (uri_fault(json::Value(json::text_of(*object, "@id"))))
        report_.must(at, kClause, "An annotation list must have an http or https @id.");
      const std::string_view type = json::text_of(*object, "@type");
      if (type != "sc:AnnotationList" && type != "sc:Layer")
        report_.must(Place(at, "@type"), kClause, "otherContent lists annotation lists, of type sc:AnnotationList.");
      if (object->contains("resources"))
        report_.must(Place(at, "resources"), kClause, "Annotation lists must not be embedded: they are referred to.");
    }
  }

  void motivation(const json::Value& value, const Step& step, const Place& place) {
    const std::string text = json::to_text(value);
    if (step.property == "images" && text.find("\"sc:painting\"") == std::string::npos)
      return report_.must(place, kImages, "The motivation of an image must be sc:painting.");
    if (!value.is_string() && !value.is_array()) return report_.must(place, kImages, "motivation must be text.");
    if (text.find(':') == std::string::npos)
      report_.must(place, kImages, "A motivation has a prefix in version 2, such as sc:painting or oa:commenting.");
  }

  void image(const Step& step) {
    if (!step.object.contains("resource"))
      report_.must(step.place, kImages, "An image annotation must have a resource.");
  }

  void resource(const json::Value& value, const Step& step, const Place& place) {
    if (const json::Array* list = value.if_array()) {
      std::size_t index = 0;
      for (const json::Value& one : *list) resource(one, step, Place(place, index++));
      return;
    }
    const json::Object* object = value.if_object();
    if (object == nullptr) {
      const bool nothing = value.is_string() && value.get_string() == "rdf:nil";
      if (step.property == "images" && !nothing)
        report_.must(place, kImages, "The resource of an image annotation must be an object.");
      return;
    }
    const std::string type = object->contains("@type") ? json::to_text(object->at("@type")) : std::string();
    if (type.empty()) return report_.must(place, kImages, "A resource must have an @type.");
    if (type.find("oa:Choice") != std::string::npos) {
      if (!object->contains("default"))
        report_.must(Place(place, "default"), "Presentation 2.1, 6.3 Choice of Alternative Resources",
                     "A choice must have a default.");
      for (const char* key : {"default", "item"}) {
        if (object->contains(key)) resource(object->at(key), step, Place(place, key));
      }
      return;
    }
    if (type.find("oa:SpecificResource") != std::string::npos) {
      if (!object->contains("full"))
        report_.must(place, kImages, "An oa:SpecificResource must say by full what it is a part of.");
      return;
    }
    if (type.find("cnt:ContentAsText") != std::string::npos || type.find("oa:Tag") != std::string::npos) {
      if (!object->contains("chars") && !object->contains("@id") && !object->contains("cnt:chars"))
        report_.must(place, "Presentation 2.1, 6.4 Embedded Content", "Embedded text must have chars.");
      return;
    }
    const bool picture = type.find("dctypes:Image") != std::string::npos;
    if (step.property == "images" && !picture)
      report_.must(Place(place, "@type"), kImages,
                   "The resource of an image annotation must be of type dctypes:Image.");
    walk_.resource(value, place, {picture ? "@Image" : "@Other"}, &step, "resource", kImages);
    const std::string_view format = json::text_of(*object, "format");
    if (picture && !format.empty() && !format.starts_with("image/"))
      report_.must(Place(place, "format"), kImages, fmt::format("The media type {} does not fit an image.", format));
    if (picture && is_service_id(object->if_contains("service"), json::text_of(*object, "@id")))
      report_.must(Place(place, "@id"), kImages, "The @id of an image must lead to the image, not to its service.");
  }

  void on(const json::Value& value, const Step& step, const Place& place) {
    if (const json::Array* list = value.if_array()) {
      std::size_t index = 0;
      for (const json::Value& one : *list) on(one, step, Place(place, index++));
      return;
    }
    std::string id = id_of(value);
    if (const json::Object* object = value.if_object(); object != nullptr && object->contains("full"))
      id = id_of(object->at("full"));
    if (uri_fault(json::Value(id), true))
      return report_.must(place, kImages, "on must be the URI of what is annotated.");
    const std::size_t mark = id.find('#');
    const std::string whole = id.substr(0, mark);
    const Step* canvas = step.nearest("sc:Canvas");
    if (step.property == "images" && canvas != nullptr && whole != json::text_of(canvas->object, "@id"))
      return report_.must(place, kImages, "What a Canvas shows must be on that Canvas.");
    if (mark == std::string::npos) return;
    const std::string fault = fragment_fault(std::string_view(id).substr(mark + 1), extents_.find(whole));
    if (!fault.empty()) report_.must(place, kImages, fmt::format("on {}.", fault));
  }

  void range(const Step& step) {
    if (!step.object.contains("canvases") && !step.object.contains("ranges") && !step.object.contains("members"))
      report_.must(step.place, kRanges, "A Range must have canvases, ranges or members.");
    if (step.object.contains("ranges")) {
      const json::Array* list = step.object.at("ranges").if_array();
      for (const json::Value& one : list == nullptr ? json::Array() : *list) {
        if (one.is_object() && (one.get_object().contains("canvases") || one.get_object().contains("ranges")))
          report_.must(Place(step.place, "ranges"), kRanges,
                       "Ranges stand in one flat list and name each other by URI.");
      }
    }
  }

  void collection(const Step& step) {
    const bool lists = step.object.contains("collections") || step.object.contains("manifests") ||
                       step.object.contains("members") || step.object.contains("first");
    if (!lists)
      report_.must(step.place, kCollections,
                   "A Collection must have collections, manifests or members, or the first of its pages.");
  }

  Report& report_;
  Extents extents_;
  std::vector<std::string> contexts_;
  bool whole_ = false;
  Walk walk_{presentation_2_schema(), report_, *this, "@type"};
};

}  // namespace

void check_presentation_2(const json::Value& document, Report& report) {
  check_contexts(document, kContext, "Presentation 2.1, 4.6 Linked Data Context and Extensions", report);
  check_identities(document, "@id", "@type", "Presentation 2.1, 3.2 Technical Properties", report);
  Rules2(document, report).run(document);
}

}  // namespace armarium::check
