// Change Discovery 1.0: the collection, its pages, and their activities.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "check/contexts.h"
#include "check/documents.h"
#include "check/small_rules.h"
#include "check/values.h"

namespace armarium::check {
namespace {

using Line = Schema::Line;

constexpr std::string_view kActivities = "Change Discovery 1.0, 2.3 Activities";

constexpr Line kCollection[] = {
    {"id", Need::must, "uri"},
    {"type", Need::must, "=OrderedCollection"},
    {"first", Need::should, "{@Page}"},
    {"last", Need::must, "{@Page}"},
    {"totalItems", Need::may, "count"},
    {"seeAlso", Need::may, "[{@Link}]"},
    {"partOf", Need::may, "[{@Link}]"},
    {"rights", Need::may, "uri"},
    {"orderedItems", Need::never, "any"},
    {"items", Need::never, "any"},
};
constexpr Line kPage[] = {
    {"id", Need::must, "uri"},
    {"type", Need::must, "=OrderedCollectionPage"},
    {"orderedItems", Need::must, "[<activity>]+"},
    {"partOf", Need::should, "{@Whole}"},
    {"prev", Need::may, "{@Page}"},
    {"next", Need::may, "{@Page}"},
    {"startIndex", Need::may, "count"},
};
constexpr Line kActivity[] = {
    {"id", Need::may, "uri"},           {"type", Need::must, "<type>"},     {"object", Need::may, "{@Object}"},
    {"target", Need::may, "{@Object}"}, {"origin", Need::may, "{@Object}"}, {"endTime", Need::may, "date"},
    {"startTime", Need::may, "date"},   {"summary", Need::may, "text"},     {"actor", Need::may, "{@Actor}"},
};
constexpr Line kObject[] = {
    {"id", Need::must, "uri"},           {"type", Need::must, "text"},   {"canonical", Need::may, "text"},
    {"seeAlso", Need::may, "[{@Link}]"}, {"provider", Need::may, "any"}, {"format", Need::may, "text"},
};
constexpr Line kReference[] = {{"id", Need::must, "uri"}, {"type", Need::must, "=OrderedCollectionPage"}};
constexpr Line kWhole[] = {{"id", Need::must, "uri"}, {"type", Need::must, "=OrderedCollection"}};
constexpr Line kLink[] = {{"id", Need::must, "uri"},
                          {"type", Need::must, "text"},
                          {"format", Need::may, "text"},
                          {"profile", Need::may, "text"},
                          {"label", Need::may, "any"}};
constexpr Line kActor[] = {{"id", Need::must, "uri"}, {"type", Need::must, "=Application|Organization|Person"}};

const Schema& schema() {
  static const Schema kSchema = [] {
    Schema made("Change Discovery 1.0");
    made.type("OrderedCollection", "2.1 Ordered Collection", kCollection);
    made.type("OrderedCollectionPage", "2.2 Ordered Collection Page", kPage);
    made.type("Activity", "2.3 Activities", kActivity).type("Object", "2.3 Activities", kObject);
    made.type("Page", "2.2 Ordered Collection Page", kReference).type("Whole", "2.2 Ordered Collection Page", kWhole);
    made.type("Link", "2.1 Ordered Collection", kLink).type("Actor", "2.3 Activities", kActor);
    return made;
  }();
  return kSchema;
}

class DiscoveryRules final : public Rules {
 public:
  explicit DiscoveryRules(Report& report) : report_(report) {}
  void run(const json::Value& document) {
    const std::string_view type = json::text_of(document.get_object(), "type");
    if (!type.starts_with("OrderedCollection")) return activity_alone(document);
    walk_.resource(document, Place(), {"OrderedCollection", "OrderedCollectionPage"}, nullptr, {},
                   "Change Discovery 1.0, 2.1 Ordered Collection");
  }
  bool extends(const Step&, std::string_view) override { return true; }

  void custom(std::string_view name, const json::Value& value, const Step& step, const Place& place) override {
    if (name == "activity") return activity(value, step, place);
    static constexpr std::array<std::string_view, 7> kTypes = {"Create", "Update", "Delete", "Move",
                                                               "Add",    "Remove", "Refresh"};
    const json::String* type = value.if_string();
    if (type == nullptr) return report_.must(place, kActivities, "The type of an activity must be one text.");
    const auto lower = [](std::string_view text) {
      std::string out(text);
      std::transform(out.begin(), out.end(), out.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      return out;
    };
    if (std::find(kTypes.begin(), kTypes.end(), std::string_view(*type)) == kTypes.end()) {
      const bool nearly =
          std::any_of(kTypes.begin(), kTypes.end(), [&](std::string_view one) { return lower(one) == lower(*type); });
      nearly ? report_.must(place, kActivities, fmt::format("\"{}\" is no type of activity.", std::string_view(*type)))
             : report_.should(
                   place, kActivities,
                   fmt::format("\"{}\" is no type of activity that the specification knows.", std::string_view(*type)));
    }
  }

 private:
  void activity_alone(const json::Value& document) { look(document, nullptr, Place()); }
  void activity(const json::Value& value, const Step& step, const Place& place) { look(value, &step, place); }

  void look(const json::Value& value, const Step* step, const Place& place) {
    walk_.resource(value, place, {"@Activity"}, step, "orderedItems", kActivities);
    const json::Object* object = value.if_object();
    if (object == nullptr) return;
    const std::string_view type = json::text_of(*object, "type");
    if (type == "Refresh") {
      if (!object->contains("startTime")) report_.must(place, kActivities, "A Refresh must have a startTime.");
    } else if (!object->contains("object")) {
      report_.must(place, kActivities, "An activity must have an object.");
    }
    if (type == "Move") {
      const json::Value* target = object->if_contains("target");
      if (target == nullptr) report_.must(place, kActivities, "A Move must have a target, where the resource is now.");
      const json::Value* from = object->if_contains("object");
      if (target != nullptr && from != nullptr && target->is_object() && from->is_object() &&
          json::text_of(target->get_object(), "id") == json::text_of(from->get_object(), "id"))
        report_.must(Place(place, "target"), kActivities, "The target of a Move must have another id than its object.");
    }
    // 2.2: the earliest first.
    std::string time(json::text_of(*object, "endTime"));
    if (time.empty()) return;
    if (!time.ends_with('Z')) report_.must(Place(place, "endTime"), kActivities, "endTime must be in UTC, with Z.");
    if (time.ends_with('Z') && !last_.empty() && time < last_)
      report_.must(Place(place, "endTime"), "Change Discovery 1.0, 2.2 Ordered Collection Page",
                   "The activities of a page stand in the order of their time, the earliest first.");
    last_ = std::move(time);
  }

  Report& report_;
  Walk walk_{schema(), report_, *this};
  std::string last_;
};

}  // namespace

void check_discovery(const json::Value& document, Report& report) {
  check_contexts(document, "http://iiif.io/api/discovery/1/context.json",
                 "Change Discovery 1.0, 2.4 Linked Data Context and Extensions", report);
  DiscoveryRules(report).run(document);
}

}  // namespace armarium::check
