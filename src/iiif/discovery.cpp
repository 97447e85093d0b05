#include "iiif/discovery.h"

#include "base/timestamp.h"
#include "json/writer.h"

namespace armarium::iiif::discovery {
namespace {

std::string_view name_of(ActivityType type) {
  switch (type) {
    case ActivityType::create: return "Create";
    case ActivityType::update: return "Update";
    case ActivityType::remove: return "Delete";
    case ActivityType::move: return "Move";
    case ActivityType::refresh: return "Refresh";
  }
  return "Update";
}

void write_link(json::Writer& out, std::string_view name, const std::string& id, std::string_view type) {
  if (id.empty()) return;
  out.key(name).begin_object().member("id", id).member("type", type).end_object();
}

// 3.3 object, target.
void write_resource(json::Writer& out, std::string_view name, const Resource& resource) {
  out.key(name).begin_object().member("id", resource.id);
  out.member("type", resource.collection ? "Collection" : "Manifest");
  if (!resource.canonical.empty()) out.member("canonical", resource.canonical);
  if (!resource.format.empty()) out.member("format", resource.format);
  if (resource.see_also.is_array()) out.member("seeAlso", resource.see_also);
  out.end_object();
}

// 3.3. A refresh stands before what it announces, so it has the time of its beginning (2.1.5), and no object.
void write_members(json::Writer& out, const Activity& activity) {
  out.member("id", activity.id).member("type", name_of(activity.type));
  if (activity.type == ActivityType::refresh) {
    out.member("summary", "Everything that is published is named again.");
    out.member("startTime", base::utc_text_in_milliseconds(activity.time));
    return;
  }
  write_resource(out, "object", activity.object);
  if (activity.type == ActivityType::move) write_resource(out, "target", activity.target);
  out.member("endTime", base::utc_text_in_milliseconds(activity.time));
}

}  // namespace

// 3.1 Ordered Collection.
std::string write_collection(const Collection& collection) {
  json::Writer out;
  out.begin_object().member("@context", kContext).member("id", collection.id).member("type", "OrderedCollection");
  out.member("totalItems", collection.total_items);
  write_link(out, "first", collection.first, "OrderedCollectionPage");
  write_link(out, "last", collection.last, "OrderedCollectionPage");
  out.end_object();
  return out.take();
}

// 3.2 Ordered Collection Page.
std::string write_page(const Page& page) {
  json::Writer out;
  out.begin_object().member("@context", kContext).member("id", page.id).member("type", "OrderedCollectionPage");
  out.member("startIndex", page.start_index);
  write_link(out, "partOf", page.part_of, "OrderedCollection");
  write_link(out, "prev", page.previous, "OrderedCollectionPage");
  write_link(out, "next", page.next, "OrderedCollectionPage");
  out.key("orderedItems").begin_array();
  for (const Activity& activity : page.items) {
    out.begin_object();
    write_members(out, activity);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::string write_activity(const Activity& activity) {
  json::Writer out;
  out.begin_object().member("@context", kContext);
  write_members(out, activity);
  out.end_object();
  return out.take();
}

}  // namespace armarium::iiif::discovery
