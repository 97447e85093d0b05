#include "ingest/redirects.h"

#include <unordered_set>

#include "ingest/csv.h"

namespace armarium::ingest {
namespace {

// "/old/path" of an address, without scheme, host, query and fragment; other names (an outside id) stay as they are.
std::string path_of(std::string text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string::npos && scheme < 8) {
    const std::size_t slash = text.find('/', scheme + 3);
    text = slash == std::string::npos ? "/" : text.substr(slash);
  }
  if (text.starts_with('/')) text = text.substr(0, text.find_first_of("?#"));
  return text;
}

}  // namespace

Redirects read_redirects(std::string_view bytes) {
  Redirects redirects;
  std::unordered_set<std::string> seen;
  bool first = true;
  for (const CsvRow& row : read_csv(bytes)) {
    const bool header =
        std::exchange(first, false) && !row.fields.empty() && row.fields[0].find('/') == std::string::npos;
    if (header) continue;
    if (row.fields.size() < 2 || row.fields[0].empty() || row.fields[1].empty()) {
      redirects.problems.push_back({row.line, "A row needs an old path and an identifier."});
      continue;
    }
    std::string alias = path_of(row.fields[0]);
    if (!seen.insert(alias).second) {
      redirects.problems.push_back({row.line, "The old path stands in an earlier row too; this row is passed over."});
      continue;
    }
    redirects.aliases.push_back({std::move(alias), row.fields[1], "redirects.csv"});
  }
  return redirects;
}

}  // namespace armarium::ingest
