#include "ingest/written_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/uri.h"
#include "catalogue/adopt.h"
#include "catalogue/edit.h"
#include "catalogue/parts.h"
#include "catalogue/patches.h"
#include "catalogue/written.h"
#include "iiif/presentation/read_3.h"
#include "iiif/presentation/read_document.h"
#include "iiif/presentation/write_3.h"
#include "ingest/clean_description.h"
#include "ingest/folder_document.h"
#include "ingest/yaml_reader.h"
#include "ingest/yaml_writer.h"

namespace armarium::ingest {
namespace {

namespace doc = iiif::presentation;
using store::ItemKey;
using store::Kind;

// Stands for the address of the server in a whole document: it has none of its own (RFC 2606).
constexpr std::string_view kThisServer = "https://this.invalid";
constexpr std::string_view kHead =
    "# Written through the API. A change of this file is read again, and deleting it takes all of it back: "
    "docs/guides/writing.md.\n";
constexpr std::string_view kManifestEnd = ".manifest.written.yml";
constexpr std::string_view kCollectionEnd = ".collection.written.yml";

bool has_type(const json::Object& tree, std::string_view type) {
  const json::Array& items = doc::array_in(tree, "items");
  return std::any_of(items.begin(), items.end(), [&](const json::Value& item) {
    return item.is_object() && doc::type_of(item.get_object()) == type;
  });
}

json::Object as_document(json::Object tree) {
  doc::expand(tree, [](std::string_view local) { return std::string(kThisServer) + std::string(local); });
  const bool four = has_type(tree, "Scene") || has_type(tree, "Timeline");
  json::Array context = doc::as_array(tree.contains("@context") ? tree.at("@context") : json::Value());
  context.emplace_back(doc::context_of(four ? doc::Version::v4 : doc::Version::v3));
  const json::Object said = four ? doc::write_4(tree) : doc::write_3(tree);
  json::Object out;
  out["@context"] = context.size() == 1 ? context.front() : json::Value(std::move(context));
  for (const auto& member : said) {
    if (member.key() != "@context") out[member.key()] = member.value();
  }
  return out;
}

tl::unexpected<TextProblem> wrong(std::string reason, int line = 0) {
  return tl::unexpected(TextProblem{line, std::move(reason)});
}

std::string shape(json::Object& patch, std::string_view resource) {
  json::Object words{{"type", resource}};
  for (const auto& member : patch) words.insert_or_assign(member.key(), member.value());
  json::Object shaped = doc::read_3(words);
  shaped.stable_erase("type");
  for (const char* key : {"label", "summary"}) {
    const json::Value* map = shaped.if_contains(key);
    if (map != nullptr && !map->is_null() && !map->is_object()) return fmt::format("{} must be a language map.", key);
  }
  clean(shaped);
  patch = std::move(shaped);
  return {};
}

// Each value in its one shape, and cleaned, also those of its Canvases and Ranges. Gives what is wrong, or nothing.
std::string shape_all(json::Object& patch, Kind kind) {
  if (auto checked = catalogue::check_patch(patch); !checked) return checked.error().message;
  json::Object parts = catalogue::parts_of(patch);
  patch.stable_erase(catalogue::kParts);
  if (std::string wrong = shape(patch, kind == Kind::manifest ? "Manifest" : "Collection"); !wrong.empty())
    return wrong;
  for (auto& part : parts) {
    const bool range = std::string_view(part.key()).starts_with("/iiif/range/");
    if (std::string wrong = shape(part.value().get_object(), range ? "Range" : "Canvas"); !wrong.empty()) return wrong;
  }
  if (!parts.empty()) patch[catalogue::kParts] = std::move(parts);
  return {};
}

tl::expected<WrittenContent, TextProblem> read_whole(const json::Value& value, const ItemKey& item) {
  auto read = doc::read_document(value);
  if (!read) return wrong(std::move(read.error().message));
  clean(read->tree);
  catalogue::AdoptAs as{.item = item, .base_url = std::string(kThisServer)};
  as.has_canvas = [](std::string_view) { return true; };  // it wrote down its own
  auto adopted = catalogue::adopt(std::move(read->tree), as);
  if (!adopted) return wrong(std::move(adopted.error().message));
  return WrittenContent{{}, std::move(adopted->tree)};
}

}  // namespace

base::Result<std::optional<WrittenContent>> written_content(const store::Reader& reader, const store::ItemRow& item) {
  auto said = catalogue::statements_of(reader, item.key);
  if (!said) return base::fail(std::move(said.error()));
  if (!said->written) return std::nullopt;
  if (!said->written->whole) return WrittenContent{catalogue::folded(said->written->patches), {}};
  auto tree = catalogue::document_of(reader, item);
  if (!tree) return base::fail(std::move(tree.error()));
  return WrittenContent{{}, std::move(*tree)};
}

std::string written_text(const WrittenContent& content) {
  std::string out(kHead);
  if (!content.document.empty()) return out + to_yaml(as_document(content.document));
  if (content.patches.size() == 1) return out + to_yaml(content.patches.front());
  return out + to_yaml(content.patches);
}

tl::expected<WrittenContent, TextProblem> read_written(std::string_view text, const ItemKey& item) {
  YamlLimits limits{.max_bytes = kLargestDocument, .max_depth = doc::kDeepestTree, .max_nodes = 2'000'000};
  limits.numbers = true;
  auto read = read_yaml(text, limits);
  if (!read) return wrong(std::move(read.error().reason), read.error().line);
  const json::Object* object = read->value.if_object();
  if (object != nullptr && (object->contains("items") || object->contains("sequences")))
    return read_whole(read->value, item);
  WrittenContent out;
  out.patches = doc::as_array(read->value);
  for (json::Value& patch : out.patches) {
    if (!patch.is_object()) return wrong("The file must hold properties such as \"label: {en: A title}\".");
    if (std::string reason = shape_all(patch.get_object(), item.kind); !reason.empty()) {
      const auto line = std::find_if(read->lines.begin(), read->lines.end(), [&](const auto& key) {
        return reason.starts_with(key.first) || !catalogue::check_patch(json::Object{{key.first, nullptr}});
      });
      return wrong(std::move(reason), line == read->lines.end() ? 0 : line->second);
    }
  }
  out.patches = catalogue::folded(out.patches);
  return out;
}

std::string written_name(const ItemKey& item, std::string_view stem, bool has_files) {
  const bool manifest = item.kind == Kind::manifest;
  if (!has_files) return base::encode_segment(item.identifier) + std::string(manifest ? kManifestEnd : kCollectionEnd);
  if (!manifest) return "collection.written.yml";
  return stem.empty() ? "written.yml" : fmt::format("{}.written.yml", stem);
}

std::optional<ItemKey> item_of_written_name(std::string_view name) {
  for (const Kind kind : {Kind::manifest, Kind::collection}) {
    const std::string_view end = kind == Kind::manifest ? kManifestEnd : kCollectionEnd;
    if (!name.ends_with(end) || name.size() == end.size()) continue;
    if (auto identifier = base::percent_decode(name.substr(0, name.size() - end.size())))
      return ItemKey{kind, *identifier};
  }
  return std::nullopt;
}

}  // namespace armarium::ingest
