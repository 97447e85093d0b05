#include "ingest/locate.h"

#include "ingest/grammar.h"
#include "ingest/identifiers.h"

namespace armarium::ingest {

std::optional<std::string> locate(const Tree& tree, std::string_view identifier) {
  const auto parsed = parse_identifier(identifier);
  if (!parsed) return std::nullopt;
  std::string at;
  std::string_view rest = parsed->path;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string_view name = rest.substr(0, slash);
    const bool last = slash == std::string_view::npos;
    rest = last ? std::string_view() : rest.substr(slash + 1);
    if (is_passed_over(name, !last)) return std::nullopt;
    std::string below = join(at, name);
    if (const auto entry = tree.look(below); entry && entry->is_folder) {
      at = std::move(below);
      continue;
    }
    const auto listing = tree.list(at);
    if (!listing) return std::nullopt;
    const std::string wanted = segment_of(name);
    bool found = false;
    for (const Entry& entry : listing->entries) {
      if (entry.is_folder && segment_of(entry.name) == wanted) {
        at = join(at, entry.name);
        found = true;
        break;
      }
      const bool fits =
          last && !entry.is_folder && (segment_of(stem_of(entry.name)) == wanted || segment_of(entry.name) == wanted);
      if (fits) return at;
    }
    if (!found) return std::nullopt;
  }
  return at;
}

}  // namespace armarium::ingest
