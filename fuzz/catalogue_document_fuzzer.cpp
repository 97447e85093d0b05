// Any JSON as a document that is put in: what is taken is written in every version, and what comes out in 3 is taken again. Two texts divided by a NUL byte are a
// document and a merge patch for it.

#include <cstdlib>

#include "catalogue/adopt.h"
#include "iiif/presentation/document.h"
#include "iiif/presentation/read_document.h"
#include "iiif/presentation/write_3.h"
#include "json/merge_patch.h"

namespace {

namespace json = armarium::json;
namespace doc = armarium::iiif::presentation;
namespace catalogue = armarium::catalogue;

std::optional<json::Object> taken(const json::Value& value) {
  auto read = doc::read_document(value);
  if (!read) return std::nullopt;
  const catalogue::AdoptAs as{{armarium::store::Kind::manifest, "item"}, "https://host", {}, {}};
  auto adopted = catalogue::adopt(std::move(read->tree), as);
  return adopted ? std::optional(std::move(adopted->tree)) : std::nullopt;
}

json::Value written(doc::Version version, const json::Object& tree) {
  const auto address = [](std::string_view local) { return "https://host" + std::string(local); };
  auto value = json::parse(doc::write_resource(version, tree, address), {.max_depth = 256});
  if (!value) std::abort();
  return std::move(*value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t divide = text.find('\0');
  auto value = json::parse(text.substr(0, divide));
  if (!value) return 0;
  if (divide != std::string_view::npos) {
    if (auto patch = json::parse(text.substr(divide + 1))) *value = json::merge_patch(*value, *patch);
  }
  const auto tree = taken(*value);
  if (!tree) return 0;
  written(doc::Version::v2, *tree);
  written(doc::Version::v4, *tree);
  if (!taken(written(doc::Version::v3, *tree))) std::abort();
  return 0;
}
