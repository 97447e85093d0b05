#include <algorithm>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/uri.h"
#include "ingest/identifiers.h"
#include "ingest/look.h"

// manifest.json and collection.json in what a look publishes.

namespace armarium::ingest {

using store::ItemKey;
using store::Kind;

namespace {

const base::Principal kSystem = base::Principal::system();

// The local id (iiif/presentation/local_ids.h) of an item right below a folder that is known by an id of others. One elsewhere is not looked for: what is published of a folder would depend on what
// was read first.
std::string known_below(const store::Reader& reader, std::string_view path, const std::string& outside) {
  const auto alias = reader.alias(outside);
  if (!alias || !*alias) return {};
  for (const Kind kind : {Kind::manifest, Kind::collection}) {
    const auto item = reader.item({kind, (*alias)->identifier}, kSystem);
    if (!item || !*item || (*item)->folder.empty() || parent_of((*item)->folder) != path) continue;
    const char* last = kind == Kind::manifest ? "manifest" : "collection";
    return fmt::format("/iiif/{}/{}", base::encode_segment((*alias)->identifier), last);
  }
  return {};
}

}  // namespace

void Look::document_problem(const FolderDocument& document, std::string reason, int line) {
  problems_.push_back(
      {join(path_, document.name), line > 0 ? fmt::format("line {}", line) : std::string(), std::move(reason)});
}

void Look::read_documents() {
  for (const char* name : kDocumentNames) {
    if (!reading_.files.contains(name)) continue;
    FolderDocument found{.name = name};
    if (auto text = owner_.tree_.text(join(path_, name), kLargestDocument)) {
      found = read_folder_document(*text, name);
    } else {
      found.problems.push_back({0, std::move(text.error().message)});
    }
    for (const TextProblem& problem : found.problems) document_problem(found, problem.reason, problem.line);
    const bool manifest = found.is("Manifest");
    if (manifest && reading_.context->info.each_file) {
      document_problem(
          found, "Every file of this folder is an item of its own: there is none that a Manifest could describe.");
    } else {
      add_document(std::move(found));
    }
  }
}

void Look::add_document(FolderDocument found) {
  if (!found.is("Manifest") && !found.is("Collection")) return;
  if (document(found.is("Manifest") ? "Manifest" : "Collection") == nullptr) {
    documents_.push_back(std::move(found));
  } else {
    document_problem(found, "Another document describes this folder already; this one is passed over.");
  }
}

const FolderDocument* Look::document(std::string_view type) const {
  const auto found = std::find_if(documents_.begin(), documents_.end(),
                                  [&](const FolderDocument& document) { return document.is(type); });
  return found == documents_.end() ? nullptr : &*found;
}

DocumentPlace Look::place_of(const store::Reader& reader, ItemKey item, std::set<std::string> labelled) const {
  DocumentPlace place{.item = std::move(item), .above = written_description(reading_)};
  place.known_item = [this, &reader](const std::string& outside) {
    if (outside.starts_with(readers::kOwnBase)) return item_of_subfolder(outside);
    return known_below(reader, path_, outside);
  };
  place.below = texts_.record;
  place.name = folder_description(reading_, texts_.record, owner_.options_.root_name).label;
  place.labelled = std::move(labelled);
  return place;
}

void Look::lay_manifest(const store::Reader& reader, std::set<std::string> labelled) {
  const FolderDocument& document = *this->document("Manifest");
  catalogue::ManifestChange& manifest = changes_.manifests.front();
  const bool pictures = !reading_.plan.canvases.empty() && !manifest.canvases.empty();
  const DocumentPlace place = place_of(reader, {Kind::manifest, manifest.identifier}, std::move(labelled));
  auto laid = lay_document(document, place, manifest);
  if (laid) return keep_ids(reader, document, *laid);
  document_problem(document, std::move(laid.error().message));
  if (!pictures) changes_.manifests.clear();
}

void Look::lay_collection(const store::Reader& reader) {
  const FolderDocument* document = this->document("Collection");
  if (document == nullptr) return;
  catalogue::CollectionChange& collection = changes_.collections.front();
  const DocumentPlace place = place_of(reader, {Kind::collection, collection.identifier}, {});
  auto laid = lay_document(*document, place, collection);
  if (laid) return keep_ids(reader, *document, *laid);
  document_problem(*document, std::move(laid.error().message));
}

// The ids of others lead to what is here, but for those that lead elsewhere already.
void Look::keep_ids(const store::Reader& reader, const FolderDocument& document, const LaidDocument& laid) {
  for (const TextProblem& problem : laid.problems) document_problem(document, problem.reason, problem.line);
  const std::string origin = kDocumentOrigin + path_;
  bool told = false;
  for (const auto& [outside, identifier] : laid.ids) {
    const auto alias = reader.alias(outside);
    if (alias && *alias && (*alias)->origin != origin && (*alias)->identifier != identifier) {
      const std::string_view other = (*alias)->origin;
      const std::size_t length = std::string_view(kDocumentOrigin).size();
      const bool document_there =
          other.starts_with(kDocumentOrigin) && !(moved_from_ && other.substr(length) == moved_from_->path) &&
          std::any_of(std::begin(kDocumentNames), std::end(kDocumentNames), [&](const char* name) {
            return owner_.tree_.look(join(other.substr(length), name)).has_value();
          });
      if (document_there || other.starts_with("written:")) {
        if (!told) {
          document_problem(
              document, fmt::format("The id {} leads to {} already, and so it stays.", outside, (*alias)->identifier));
        }
        told = true;
        continue;
      }
    }
    if (identifier == manifest_identifier(reading_) || identifier == collection_identifier(reading_))
      ids_token_ = base::hash_hex(ids_token_ + '\n' + outside);
    outside_ids_.push_back({outside, identifier, origin});
  }
}

}  // namespace armarium::ingest
