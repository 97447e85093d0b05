// info.json of Image API 3.0 (section 5) and 2.1.1 (section 5).

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "check/contexts.h"
#include "check/documents.h"
#include "check/services.h"
#include "check/shared_values.h"
#include "check/values.h"
#include "check/walk.h"

namespace armarium::check {
namespace {

using Line = Schema::Line;

constexpr Line kInfo3[] = {
    {"id", Need::must, "<id>"},
    {"type", Need::must, "=ImageService3"},
    {"protocol", Need::must, "=http://iiif.io/api/image"},
    {"profile", Need::must, "=level0|level1|level2"},
    {"width", Need::must, "integer"},
    {"height", Need::must, "integer"},
    {"maxWidth", Need::may, "integer"},
    {"maxHeight", Need::may, "integer"},
    {"maxArea", Need::may, "integer"},
    {"sizes", Need::may, "[{@Size}]"},
    {"tiles", Need::may, "[{@Tile}]"},
    {"preferredFormats", Need::may, "[text]"},
    {"rights", Need::may, "<rights>"},
    {"extraQualities", Need::may, "[text]"},
    {"extraFormats", Need::may, "[text]"},
    {"extraFeatures", Need::may, "[text]"},
    {"partOf", Need::may, "[{@Link}]"},
    {"seeAlso", Need::may, "[{@Link}]"},
    {"service", Need::may, "[<service>]"},
    {"attribution", Need::never, "any"},
    {"license", Need::never, "any"},
    {"logo", Need::never, "any"},
    {"@id", Need::never, "any"},
    {"@type", Need::never, "any"},
};
constexpr Line kSize3[] = {
    {"type", Need::may, "=Size"}, {"width", Need::must, "integer"}, {"height", Need::must, "integer"}};
constexpr Line kTile3[] = {{"type", Need::may, "=Tile"},
                           {"width", Need::must, "integer"},
                           {"height", Need::may, "integer"},
                           {"scaleFactors", Need::must, "[integer]+"}};
constexpr Line kLink3[] = {{"id", Need::must, "uri"},      {"type", Need::must, "text"},
                           {"label", Need::may, "map"},    {"format", Need::may, "text"},
                           {"profile", Need::may, "text"}, {"language", Need::may, "any"}};

constexpr Line kInfo2[] = {
    {"@id", Need::must, "<id>"},
    {"@type", Need::may, "=iiif:Image"},
    {"protocol", Need::must, "=http://iiif.io/api/image"},
    {"profile", Need::must, "<profile>"},
    {"width", Need::must, "integer"},
    {"height", Need::must, "integer"},
    {"sizes", Need::may, "[{@Size}]"},
    {"tiles", Need::may, "[{@Tile}]"},
    {"attribution", Need::may, "any"},
    {"license", Need::may, "any"},
    {"logo", Need::may, "any"},
    {"service", Need::may, "<services>"},
};
constexpr Line kSize2[] = {
    {"@type", Need::may, "=iiif:Size"}, {"width", Need::must, "integer"}, {"height", Need::must, "integer"}};
constexpr Line kTile2[] = {{"@type", Need::may, "=iiif:Tile"},
                           {"width", Need::must, "integer"},
                           {"height", Need::may, "integer"},
                           {"scaleFactors", Need::must, "[integer]+"}};

const Schema& schema(bool third) {
  static const Schema kThird = [] {
    Schema made("Image 3.0");
    made.type("Info", "5 Image Information", kInfo3).type("Size", "5.3 sizes", kSize3);
    made.type("Tile", "5.4 tiles", kTile3).type("Link", "5.8 Linking Properties", kLink3);
    return made;
  }();
  static const Schema kSecond = [] {
    Schema made("Image 2.1");
    made.type("Info", "5 Image Information", kInfo2)
        .type("Size", "5.3 sizes", kSize2)
        .type("Tile", "5.4 tiles", kTile2);
    return made;
  }();
  return third ? kThird : kSecond;
}

double number_in(const json::Object& object, std::string_view key) {
  const json::Value* value = object.if_contains(key);
  return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

class ImageRules final : public Rules {
 public:
  ImageRules(const json::Value& document, Report& report, bool third)
      : info_(document.get_object()), report_(report), third_(third), contexts_(contexts_of(document)) {}

  void enter(const Step& step) override {
    if (step.type == "Info") info(step);
    if (step.type == "Size") size(step);
    if (step.type == "Tile") tile(step);
  }

  void custom(std::string_view name, const json::Value& value, const Step&, const Place& place) override {
    if (name == "service") return check_service(value, place, report_);
    if (name == "services") return check_services_2(value, place, report_);
    if (name == "id") {
      if (auto fault = uri_fault(value, true)) return report_.must(place, clause(), fmt::format("The id {}.", *fault));
      if (value.get_string().ends_with('/'))
        report_.must(place, clause(), "The id of an image must not end with a slash.");
      return;
    }
    if (name == "rights") return check_rights(value, place, clause(), report_);
    if (name == "profile") profile(value, place);
  }

  bool extends(const Step&, std::string_view) override { return contexts_.size() > 1; }

 private:
  std::string_view clause() const {
    return third_ ? "Image 3.0, 5 Image Information" : "Image 2.1, 5 Image Information";
  }

  // What version 2 keeps in an object of its profile.
  const json::Object* limits() const {
    if (third_) return &info_;
    const json::Value* profile = info_.if_contains("profile");
    if (profile == nullptr || !profile->is_array()) return nullptr;
    for (const json::Value& one : profile->get_array()) {
      if (one.is_object()) return &one.get_object();
    }
    return nullptr;
  }

  void info(const Step& step) {
    const json::Object* held = limits();
    if (held != nullptr && held->contains("maxHeight") && !held->contains("maxWidth")) {
      const Place profile(step.place, "profile");
      const Place object(profile, 1);
      report_.must(Place(third_ ? step.place : object, "maxHeight"), clause(), "maxHeight needs a maxWidth.");
    }
    if (!third_) return;
    if (const json::Value* features = info_.if_contains("extraFeatures")) {
      const bool larger = json::to_text(*features).find("\"sizeUpscaling\"") != std::string::npos;
      if (larger && !info_.contains("maxWidth") && !info_.contains("maxArea"))
        report_.must(Place(step.place, "extraFeatures"), clause(),
                     "A service that enlarges must have a maxWidth or a maxArea.");
    }
    formats(step);
    tiles(step);
  }

  // What is preferred must be offered: jpg always, png from level 2, and what is extra.
  void formats(const Step& step) {
    const json::Value* preferred = info_.if_contains("preferredFormats");
    if (preferred == nullptr || !preferred->is_array()) return;
    std::string extra = info_.contains("extraFormats") ? json::to_text(info_.at("extraFormats")) : std::string();
    extra += json::text_of(info_, "profile") == "level2" ? "\"jpg\"\"png\"" : "\"jpg\"";
    for (const json::Value& one : preferred->get_array()) {
      if (one.is_string() && extra.find(json::to_text(one)) == std::string::npos)
        report_.must(Place(step.place, "preferredFormats"), clause(),
                     fmt::format("The format {} is preferred, but not offered.", std::string_view(one.get_string())));
    }
  }

  void tiles(const Step& step) {
    const json::Value* list = info_.if_contains("tiles");
    if (list == nullptr || !list->is_array()) return;
    std::set<std::pair<double, double>> seen;
    for (const json::Value& one : list->get_array()) {
      const json::Object* tile = one.if_object();
      if (tile == nullptr) continue;
      const double width = number_in(*tile, "width");
      const double height = tile->contains("height") ? number_in(*tile, "height") : width;
      if (!seen.emplace(width, height).second)
        report_.must(Place(step.place, "tiles"), "Image 3.0, 5.4 tiles",
                     "Two entries of tiles have the same width and height.");
    }
  }

  void size(const Step& step) {
    const json::Object* held = limits();
    const double width = number_in(step.object, "width");
    const double height = number_in(step.object, "height");
    const auto over = [&](std::string_view key, double value) {
      return held != nullptr && held->contains(key) && value > number_in(*held, key);
    };
    const bool high =
        held != nullptr && !held->contains("maxHeight") ? over("maxWidth", height) : over("maxHeight", height);
    if (over("maxWidth", width) || high || over("maxArea", width * height))
      report_.must(step.place, clause(), "This size is larger than the limits that the document itself gives.");
  }

  void tile(const Step& step) {
    const json::Object* held = limits();
    const double width = number_in(step.object, "width");
    if (held != nullptr && held->contains("maxWidth") && width > number_in(*held, "maxWidth"))
      report_.must(step.place, clause(), "These tiles are larger than the limits that the document itself gives.");
  }

  // Image 2.1, 5.5 Profile.
  void profile(const json::Value& value, const Place& place) {
    constexpr std::string_view kClause = "Image 2.1, 5.5 Profile";
    const json::Array* list = value.if_array();
    if (list == nullptr || list->empty())
      return report_.must(place, kClause, "profile must be a list that begins with the URI of a level.");
    const json::String* level = list->front().if_string();
    constexpr std::array<std::string_view, 3> kLevels = {"http://iiif.io/api/image/2/level0.json",
                                                         "http://iiif.io/api/image/2/level1.json",
                                                         "http://iiif.io/api/image/2/level2.json"};
    if (level == nullptr || std::find(kLevels.begin(), kLevels.end(), std::string_view(*level)) == kLevels.end())
      report_.must(
          place, kClause,
          "The first entry of profile must be http://iiif.io/api/image/2/level0.json, level1.json or level2.json.");
    for (std::size_t i = 1; i < list->size(); ++i) {
      if (!list->at(i).is_object() && !list->at(i).is_string())
        report_.must(Place(place, i), kClause, "Further entries of profile are objects.");
    }
    for (const char* key : {"maxWidth", "maxHeight", "maxArea", "formats", "qualities", "supports"}) {
      if (info_.contains(key))
        report_.must(Place(), kClause, fmt::format("{} belongs into an object of profile.", key));
    }
  }

  const json::Object& info_;
  Report& report_;
  bool third_;
  std::vector<std::string> contexts_;
};

void check(const json::Value& document, Report& report, bool third) {
  check_contexts(document,
                 third ? "http://iiif.io/api/image/3/context.json" : "http://iiif.io/api/image/2/context.json",
                 third ? "Image 3.0, 5.2 Technical Properties" : "Image 2.1, 5.2 Technical Properties", report);
  ImageRules rules(document, report, third);
  Walk(schema(third), report, rules)
      .resource(document, Place(), {"@Info"}, nullptr, {},
                third ? "Image 3.0, 5 Image Information" : "Image 2.1, 5 Image Information");
}

}  // namespace

void check_image_3(const json::Value& document, Report& report) { check(document, report, true); }
void check_image_2(const json::Value& document, Report& report) { check(document, report, false); }

}  // namespace armarium::check
