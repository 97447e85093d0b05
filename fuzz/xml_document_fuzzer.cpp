// Any bytes as an XML document: what comes out is text, and every node can be walked.

#include <cstdlib>

#include "base/utf8.h"
#include "xml/document.h"
#include "xml/markup.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace xml = armarium::xml;
  const armarium::base::ByteView bytes(data, size);
  const xml::RootName root = xml::sniff(bytes);
  const auto document = xml::Document::parse(bytes, {.bytes = 1 << 20, .depth = 60, .elements = 20'000});
  if (!document) {
    if (document.error().reason.empty()) std::abort();
    return 0;
  }
  std::size_t nodes = 0;
  for (const xml::Node node : document->root().below(xml::kAnySpace, {})) {
    if (++nodes > 20'000 || node.line() < 1 || node.name().empty() || !node.parent()) std::abort();
    for (const xml::Attribute& attribute : node.attributes()) {
      if (!armarium::base::is_utf8(attribute.value)) std::abort();
    }
  }
  if (!armarium::base::is_utf8(document->root().text()) || !armarium::base::is_utf8(document->root().raw_text()))
    std::abort();
  return 0;
}
