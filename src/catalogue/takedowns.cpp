#include "catalogue/takedowns.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/uri.h"
#include "iiif/presentation/tree.h"

namespace armarium::catalogue {
namespace {

namespace doc = iiif::presentation;

// Whether something below begins at this place. "=" and two capital digits are a byte of a name (the contract, "Identifiers"); pages, Ranges and roles begin with a small letter.
bool is_boundary(std::string_view identifier, std::size_t at) {
  if (identifier[at] == '~') return true;
  return identifier[at] == '=' && at + 1 < identifier.size() && identifier[at + 1] >= 'a' && identifier[at + 1] <= 'z';
}

// "book" of "book=p3"; all of any other.
std::string_view file_of(std::string_view asset) {
  const std::size_t page = asset.rfind("=p");
  const bool is_page = page != std::string_view::npos && page + 2 < asset.size() &&
                       asset.find_first_not_of("0123456789", page + 2) == std::string_view::npos;
  return is_page ? asset.substr(0, page) : asset;
}

}  // namespace

// The identifier in "/iiif/canvas/book~p1#xywh=…", "/iiif/image/3/book~p1/full/max/0/default.jpg", "/iiif/book/manifest", "/item/book?canvas=2", "/media/book~p1/p1.jpg".
std::string identifier_in(std::string_view local) {
  local = local.substr(0, local.find_first_of("?#"));
  std::vector<std::string_view> parts;
  while (!local.empty() && parts.size() < 6) {
    local.remove_prefix(1);
    const std::size_t slash = std::min(local.find('/'), local.size());
    parts.push_back(local.substr(0, slash));
    local.remove_prefix(slash);
  }
  std::size_t place = 1;
  if (parts.size() >= 4 && parts[0] == "iiif" && parts[1] == "presentation") {
    place = 3;
  } else if (parts.size() >= 4 && parts[0] == "iiif" && parts[1] == "image") {
    place = 3;
  } else if (parts.size() >= 3 && parts[0] == "iiif" &&
             (parts[1] == "canvas" || parts[1] == "range" || parts[1] == "page" || parts[1] == "annotation")) {
    place = 2;
  }
  if (place >= parts.size()) return {};
  return base::percent_decode(parts[place]).value_or("");
}

Takedowns::Takedowns(std::vector<store::TakedownRow> rows, std::string mark) : mark_(std::move(mark)) {
  for (store::TakedownRow& row : rows) {
    std::string name = row.identifier;
    rows_.emplace(std::move(name), std::move(row));
  }
}

const store::TakedownRow* Takedowns::find(std::string_view identifier) const {
  if (rows_.empty() || identifier.empty()) return nullptr;
  for (std::size_t at = 1; at <= identifier.size(); ++at) {
    if (at < identifier.size() && !is_boundary(identifier, at)) continue;
    if (const auto found = rows_.find(identifier.substr(0, at)); found != rows_.end()) return &found->second;
  }
  return nullptr;
}

bool Takedowns::holds_part_of_file(std::string_view asset) const {
  if (rows_.empty()) return false;
  if (holds(asset)) return true;
  const std::string page = std::string(file_of(asset)) + "=p";
  const auto next = rows_.lower_bound(page);
  return next != rows_.end() && next->first.starts_with(page);
}

const store::TakedownRow* Takedowns::find_address(std::string_view local) const {
  if (rows_.empty() || !local.starts_with('/') || local.find(' ') != std::string_view::npos) return nullptr;
  return find(identifier_in(local));
}

// An id of it, or an annotation about it. Of a service, too: what is shown by it.
bool Takedowns::speaks_of(const json::Object& object) const {
  for (const char* key : {"id", "@id"}) {
    if (find_address(json::text_of(object, key)) != nullptr) return true;
  }
  for (const char* key : {"body", "target", "source", "service"}) {
    const json::Value* value = object.if_contains(key);
    if (value == nullptr) continue;
    if (value->is_string() && find_address(value->get_string()) != nullptr) return true;
    if (value->is_object() && speaks_of(value->get_object())) return true;
    const json::Array* list = value->if_array();
    const bool only =
        list != nullptr && !list->empty() && std::all_of(list->begin(), list->end(), [&](const json::Value& one) {
          return one.is_object() && speaks_of(one.get_object());
        });
    if (only) return true;
  }
  return false;
}

bool Takedowns::prune(json::Value& value, int depth) const {
  if (depth > 2 * doc::kDeepestTree) return false;
  bool changed = false;
  if (json::Array* list = value.if_array()) {
    const auto end = std::remove_if(list->begin(), list->end(), [&](const json::Value& one) {
      return one.is_object() ? speaks_of(one.get_object())
                             : one.is_string() && find_address(one.get_string()) != nullptr;
    });
    changed = end != list->end();
    list->erase(end, list->end());
    for (json::Value& one : *list) changed = prune(one, depth + 1) || changed;
  } else if (json::Object* object = value.if_object()) {
    std::vector<std::string> gone;
    for (auto& member : *object) {
      const bool names = member.value().is_object() ? speaks_of(member.value().get_object())
                                                    : member.key() != "id" && member.value().is_string() &&
                                                          find_address(member.value().get_string()) != nullptr;
      if (names) {
        gone.emplace_back(member.key());
      } else {
        changed = prune(member.value(), depth + 1) || changed;
      }
    }
    for (const std::string& key : gone) object->stable_erase(key);
    changed = changed || !gone.empty();
  }
  return changed;
}

bool Takedowns::prune(json::Object& tree) const {
  if (rows_.empty()) return false;
  json::Value whole(std::move(tree));
  const bool changed = prune(whole, 0);
  tree = std::move(whole.get_object());
  return changed;
}

base::Error withheld(const store::TakedownRow& row) {
  std::string message = "This was taken down and is not available.";
  if (!row.reason.empty()) message += " Reason given: " + row.reason;
  return {base::ErrorCode::withheld, std::move(message), {}};
}

std::string new_mark(const store::Reader& before) {
  return fmt::format("{} {}", before.revision(), std::chrono::system_clock::now().time_since_epoch().count());
}

base::Result<TakedownsPtr> TakedownWatch::get(const store::Reader& reader) const {
  const std::lock_guard lock(mutex_);
  const store::Revision revision = reader.revision();
  if (revision == revision_ && revision != 0) return known_;
  auto mark = reader.setting(kTakedownsChanged);
  if (!mark) return base::fail(std::move(mark.error()));
  if (*mark == known_->mark()) {
    revision_ = revision;
    return known_;
  }
  auto rows = reader.takedowns();
  if (!rows) return base::fail(std::move(rows.error()));
  for (store::TakedownRow& row : *rows) row.who.clear();  // nobody is remembered here who was forgotten there
  known_ = std::make_shared<const Takedowns>(std::move(*rows), std::move(*mark));
  revision_ = revision;
  return known_;
}

}  // namespace armarium::catalogue
