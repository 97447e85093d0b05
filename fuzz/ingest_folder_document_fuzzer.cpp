// Any text as the manifest.json or collection.json of a folder with pictures of common names: what is taken has Canvases with an identifier each, and each id of others leads to something.

#include <cstdlib>

#include "ingest/folder_document.h"

namespace {

namespace ingest = armarium::ingest;
namespace catalogue = armarium::catalogue;

catalogue::ManifestChange folder() {
  catalogue::ManifestChange change{.identifier = "book"};
  for (const char* name : {"1.jpg", "p1.jpg", "p2.tif"}) {
    catalogue::Asset asset{.identifier = "book~" + std::string(name).substr(0, 2), .path = std::string("book/") + name};
    asset.size = {60, 40};
    catalogue::Canvas canvas;
    canvas.identifier = asset.identifier;
    canvas.extent = asset.size;
    canvas.assets.push_back(std::move(asset));
    change.canvases.push_back(std::move(canvas));
  }
  return change;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ingest::FolderDocument document = ingest::read_folder_document(text, "manifest.json");
  if (document.tree.empty() != !document.problems.empty()) std::abort();
  if (document.tree.empty()) return 0;
  const bool manifest = document.is("Manifest");
  ingest::DocumentPlace place{
      .item = {manifest ? armarium::store::Kind::manifest : armarium::store::Kind::collection, "book"}};
  place.name = armarium::iiif::LanguageMap::none("book");
  if (!manifest) {
    catalogue::CollectionChange change{.identifier = "book"};
    ingest::lay_document(document, place, change);
    return 0;
  }
  catalogue::ManifestChange change = folder();
  const auto laid = ingest::lay_document(document, place, change);
  if (!laid) return 0;
  for (const catalogue::Canvas& canvas : change.canvases) {
    if (canvas.identifier.empty() || (canvas.extent.empty() && canvas.tree.empty())) std::abort();
  }
  for (const auto& [outside, identifier] : laid->ids) {
    if (outside.empty() || identifier.empty()) std::abort();
  }
  return 0;
}
