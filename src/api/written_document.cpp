#include "api/written_document.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <unordered_set>

#include <fmt/format.h>

#include "catalogue/adopt.h"
#include "catalogue/parts.h"
#include "http/text.h"
#include "iiif/presentation/read_3.h"
#include "iiif/presentation/read_document.h"
#include "ingest/clean_description.h"
#include "ingest/identifiers.h"
#include "presentation/addresses.h"

namespace armarium::api {
namespace {

constexpr std::size_t kDeepestPatch = 32;

using base::ErrorCode;
using base::Result;
using store::Kind;

std::string media_type_of(const http::Request& request) {
  const std::string_view whole = request.headers.get("Content-Type");
  return http::lower(http::trim(whole.substr(0, whole.find(';'))));
}

// A patch with each value in its one shape, so that what is cleaned is what is published.
Result<json::Object> shaped_patch(const json::Object& patch, std::string_view resource) {
  json::Object words{{"type", resource}};
  for (const auto& member : patch) words.insert_or_assign(member.key(), member.value());
  json::Object shaped = iiif::presentation::read_3(words);
  shaped.stable_erase("type");
  const auto is_pair = [](const json::Value& value) {
    const json::Object* pair = value.if_object();
    return pair != nullptr && pair->contains("label") && pair->at("label").is_object() && pair->contains("value") &&
           pair->at("value").is_object();
  };
  if (const json::Value* entries = shaped.if_contains("metadata"); entries != nullptr && !entries->is_null()) {
    if (!entries->is_array() || !std::all_of(entries->get_array().begin(), entries->get_array().end(), is_pair))
      return base::fail(ErrorCode::invalid_argument, "metadata must be a list of entries with a label and a value.");
  }
  if (const json::Value* statement = shaped.if_contains("requiredStatement");
      statement != nullptr && !statement->is_null() && !is_pair(*statement))
    return base::fail(ErrorCode::invalid_argument, "requiredStatement must have a label and a value.");
  for (const char* key : {"label", "summary"}) {
    const json::Value* map = shaped.if_contains(key);
    if (map != nullptr && !map->is_null() && !map->is_object())
      return base::fail(ErrorCode::invalid_argument, fmt::format("{} must be a language map.", key));
  }
  return shaped;
}

// The Canvases that an item has already, by identifier.
std::shared_ptr<std::unordered_set<std::string>> canvases_of(const Services& services, const store::ItemKey& item) {
  auto names = std::make_shared<std::unordered_set<std::string>>();
  if (item.kind != Kind::manifest) return names;
  auto manifest = services.catalogue.manifest(item.identifier, base::Principal::system());
  if (!manifest) return names;
  for (const catalogue::Canvas& canvas : manifest->canvases) names->insert(canvas.identifier);
  return names;
}

std::string known_item(const Services& services, const std::string& outside) {
  const auto identifier = services.catalogue.resolve_alias(outside);
  if (!identifier) return {};
  const base::Principal system = base::Principal::system();
  const presentation::Addresses local = presentation::Addresses::local();
  if (services.catalogue.standing({Kind::manifest, *identifier}, system)) return local.manifest(*identifier);
  if (services.catalogue.standing({Kind::collection, *identifier}, system)) return local.collection(*identifier);
  return {};
}

// Ours by the item that it is written for. Valid as long as the services.
catalogue::AdoptAs adopt_as(const Services& services, const store::ItemKey& item, const http::Request& request) {
  catalogue::AdoptAs as{.item = item, .base_url = request.base_url};
  as.has_canvas = [canvases = canvases_of(services, item)](std::string_view name) {
    return canvases->contains(std::string(name));
  };
  as.known_item = [&services](const std::string& outside) { return known_item(services, outside); };
  return as;
}

}  // namespace

Result<json::Value> parse_document(const http::Request& request, base::ByteView body) {
  const std::string type = media_type_of(request);
  if (type != "application/json" && type != "application/ld+json")
    return base::fail(ErrorCode::unsupported_type, "Send the document as application/ld+json or application/json.");
  return json::parse(base::as_text(body), {.max_bytes = kLargestDocument});
}

Result<> read_document_into(catalogue::Edit& edit, const Services& services, const http::Request& request,
                            base::ByteView body, const json::Value& document) {
  auto read = iiif::presentation::read_document(document);
  if (!read) return base::fail(std::move(read.error()));
  ingest::clean(read->tree);
  auto adopted = catalogue::adopt(std::move(read->tree), adopt_as(services, edit.item, request));
  if (!adopted) return base::fail(std::move(adopted.error()));
  edit.kind = catalogue::Edit::Kind::put;
  edit.content = std::move(adopted->tree);
  edit.ids = std::move(adopted->ids);
  edit.media_type = request.headers.get("Content-Type");
  edit.source = base::as_text(body);
  return {};
}

namespace {

Result<json::Object> parse_patch(const http::Request& request, base::ByteView body) {
  const std::string type = media_type_of(request);
  if (type != "application/merge-patch+json" && type != "application/json")
    return base::fail(ErrorCode::unsupported_type, "Send the patch as application/merge-patch+json (RFC 7396).");
  auto value = json::parse(base::as_text(body), {.max_bytes = kLargestDocument, .max_depth = kDeepestPatch});
  if (!value) return base::fail(std::move(value.error()));
  if (!value->is_object())
    return base::fail(ErrorCode::invalid_argument, "A patch is a JSON object of the properties that change.");
  return std::move(value->get_object());
}

// Each value in its one shape, cleaned, and with our ids.
Result<catalogue::Adopted> adopted_patch(const json::Object& patch, std::string_view resource, const Services& services,
                                         const store::ItemKey& item, const http::Request& request) {
  auto shaped = shaped_patch(patch, resource);
  if (!shaped) return base::fail(std::move(shaped.error()));
  ingest::clean(*shaped);
  return catalogue::adopt_patch(std::move(*shaped), adopt_as(services, item, request));
}

void keep_source(catalogue::Edit& edit, const http::Request& request, base::ByteView body) {
  edit.kind = catalogue::Edit::Kind::patch;
  edit.media_type = request.headers.get("Content-Type");
  edit.source = base::as_text(body);
}

}  // namespace

Result<> read_patch_into(catalogue::Edit& edit, const Services& services, const http::Request& request,
                         base::ByteView body) {
  auto patch = parse_patch(request, body);
  if (!patch) return base::fail(std::move(patch.error()));
  if (patch->contains(catalogue::kParts)) {
    return base::fail(ErrorCode::invalid_argument,
                      "A Canvas or a Range is changed by a patch at its own address, not by @parts.");
  }
  if (auto checked = catalogue::check_patch(*patch); !checked) return base::fail(std::move(checked.error()));
  const std::string_view resource = edit.item.kind == Kind::manifest ? "Manifest" : "Collection";
  auto adopted = adopted_patch(*patch, resource, services, edit.item, request);
  if (!adopted) return base::fail(std::move(adopted.error()));
  edit.content = std::move(adopted->tree);
  edit.ids = std::move(adopted->ids);
  keep_source(edit, request, body);
  return {};
}

Result<> read_part_patch_into(catalogue::Edit& edit, const Services& services, const http::Request& request,
                              base::ByteView body, std::string_view resource, const std::string& local_id) {
  auto patch = parse_patch(request, body);
  if (!patch) return base::fail(std::move(patch.error()));
  if (auto checked = catalogue::check_parts(json::Object{{local_id, *patch}}); !checked)
    return base::fail(std::move(checked.error()));
  auto adopted = adopted_patch(*patch, resource, services, edit.item, request);
  if (!adopted) return base::fail(std::move(adopted.error()));
  edit.content = {{catalogue::kParts, json::Object{{local_id, std::move(adopted->tree)}}}};
  edit.ids = std::move(adopted->ids);
  keep_source(edit, request, body);
  return {};
}

std::optional<std::vector<store::Revision>> revisions_in(std::string_view tags) {
  std::vector<store::Revision> revisions;
  while (!tags.empty()) {
    const std::size_t comma = tags.find(',');
    std::string_view tag = http::trim(tags.substr(0, comma));
    tags = comma == std::string_view::npos ? std::string_view() : tags.substr(comma + 1);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag.starts_with('"')) tag.remove_prefix(1);
    if (!tag.starts_with('r')) return std::nullopt;
    store::Revision revision = 0;
    const auto [end, failed] = std::from_chars(tag.data() + 1, tag.data() + tag.size(), revision);
    if (failed != std::errc{} || end == tag.data() + tag.size() || *end != '-') return std::nullopt;
    revisions.push_back(revision);
  }
  return revisions.empty() ? std::nullopt : std::optional(std::move(revisions));
}

Result<> read_conditions_into(catalogue::Edit& edit, const http::Request& request, bool exists) {
  const std::string none = request.headers.joined("If-None-Match");
  if (http::trim(none) == "*") {
    edit.only_new = true;
    return {};
  }
  const std::string tags = request.headers.joined("If-Match");
  if (tags.empty()) {
    if (!exists) {
      edit.only_new = true;  // whoever was faster is not overwritten
      return {};
    }
    return base::fail(ErrorCode::precondition_missing,
                      "Say by If-Match which version you have read, with the ETag of the document (or * for any).");
  }
  edit.must_exist = true;
  if (http::trim(tags) == "*") return {};
  edit.seen = revisions_in(tags);
  // A tag that is none of ours matches nothing.
  if (!edit.seen) edit.seen.emplace();
  return {};
}

Result<> check_new_identifier(std::string_view identifier) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  const bool plain = !identifier.empty() && identifier.size() <= ingest::kLongestIdentifier &&
                     identifier.find_first_of("/=") == std::string_view::npos &&
                     std::none_of(identifier.begin(), identifier.end(), control);
  const bool ours = plain && !ingest::is_reserved(identifier) && identifier != ingest::kRootManifest &&
                    ingest::segment_of(identifier).find('=') == std::string::npos;
  if (ours || (plain && identifier.find('~') != std::string_view::npos && !ingest::is_reserved(identifier))) return {};
  return base::fail(
      ErrorCode::invalid_argument,
      fmt::format("\"{}\" cannot be an identifier: it must be 1 to {} bytes of UTF-8 without slashes, \"=\" "
                  "and control characters, and no word of the addresses themselves.",
                  identifier, ingest::kLongestIdentifier));
}

}  // namespace armarium::api
