// Any bytes as a METS file beside others; after a NUL byte another begins, which the first may refer to as v1.xml and as an ALTO file.

#include <cstdlib>

#include "ingest/folder_document.h"
#include "ingest/readers/mets.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace ingest = armarium::ingest;
  namespace readers = armarium::ingest::readers;
  namespace base = armarium::base;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t divide = std::min(text.find('\0'), text.size());
  const std::string_view bytes = text.substr(0, divide);
  const std::string other(divide < text.size() ? text.substr(divide + 1) : text);
  const std::vector<std::string> files{"alto/1.xml", "images/1.jpg", "m.xml", "v1.xml"};
  const std::vector<std::string> folders{"d1"};
  readers::mets_parts(bytes);
  const readers::Described described =
      readers::read_mets({.name = "m.xml",
                          .bytes = bytes,
                          .root = armarium::xml::sniff(base::as_bytes(bytes)),
                          .crosswalk = *ingest::Crosswalk::standard(),
                          .files = files,
                          .folders = folders,
                          .sibling = [&](const std::string&) -> base::Result<std::string> { return other; }});
  if (described.tree.empty()) return 0;
  const ingest::FolderDocument document = ingest::made_document(described.tree, "m.xml");
  ingest::DocumentPlace place{.item = {armarium::store::Kind::manifest, "book"}};
  place.name = armarium::iiif::LanguageMap::none("book");
  if (document.is("Manifest")) {
    armarium::catalogue::ManifestChange manifest{.identifier = "book"};
    const auto laid = ingest::lay_document(document, place, manifest);
    if (laid && manifest.canvases.empty()) std::abort();
    if (laid && !laid->ids.empty()) std::abort();  // ids that only the reader knows are nobody's
  }
  return 0;
}
