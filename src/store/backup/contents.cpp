#include "store/backup/contents.h"

#include <algorithm>

namespace armarium::store::backup {

bool is_kept_file(std::string_view name) {
  if (name == "database" || name.starts_with("before-restore-") || name.starts_with("armarium.sqlite") ||
      name.starts_with("armarium-schema-"))
    return false;
  // A longer name does not fit a tar header.
  if (name.empty() || name.size() + kFiles.size() > 100 || name.front() == '/' ||
      name.find('\0') != std::string_view::npos)
    return false;
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t end = std::min(name.find('/', from), name.size());
    const std::string_view part = name.substr(from, end - from);
    if (part.empty() || part == "." || part == "..") return false;
    from = end + 1;
  }
  return true;
}

std::string_view table_in(std::string_view entry) {
  if (!entry.starts_with(kTables) || !entry.ends_with(kLines) || entry.size() <= kTables.size() + kLines.size())
    return {};
  return entry.substr(kTables.size(), entry.size() - kTables.size() - kLines.size());
}

}  // namespace armarium::store::backup
