#include "ingest/upload_path.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "ingest/grammar.h"
#include "ingest/identifiers.h"

namespace armarium::ingest {
namespace {

using base::ErrorCode;
using base::Result;

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

tl::unexpected<base::Error> refused(std::string_view name, std::string_view why) {
  return base::fail(ErrorCode::invalid_argument,
                    fmt::format("\"{}\" cannot be the name of a file or folder: {}.", name, why));
}

Result<std::string> checked(std::string_view name, bool is_folder) {
  if (name.empty()) return base::fail(ErrorCode::invalid_argument, "A file or folder must have a name.");
  if (!base::is_utf8(name)) return base::fail(ErrorCode::invalid_argument, "A name must be UTF-8.");
  if (std::any_of(name.begin(), name.end(), is_control))
    return base::fail(ErrorCode::invalid_argument, "A name must hold no control characters.");
  std::string whole = composed(name);
  if (whole.size() > kLongestName) return refused(name, fmt::format("it is longer than {} bytes", kLongestName));
  if (whole.find_first_of("/\\") != std::string::npos) return refused(name, "it holds a slash");
  if (whole.front() == '.') return refused(name, "it begins with a dot");
  if (whole.front() == ' ' || whole.back() == ' ') return refused(name, "it begins or ends with a space");
  if (is_passed_over(whole, is_folder)) return refused(name, "files of that kind of name are passed over here");
  if (!is_folder && is_written_name(whole)) return refused(name, "the server writes such files itself");
  return whole;
}

}  // namespace

Result<std::string> upload_path(std::string_view folder, std::string_view name) {
  std::string path;
  for (std::size_t depth = 0; !folder.empty(); ++depth) {
    if (depth == kDeepestFolder)
      return base::fail(ErrorCode::invalid_argument, fmt::format("A folder lies at most {} deep.", kDeepestFolder));
    const std::size_t slash = folder.find('/');
    auto part = checked(folder.substr(0, slash), true);
    if (!part) return part;
    path = join(path, *part);
    if (slash == std::string_view::npos) break;
    folder.remove_prefix(slash + 1);
    if (folder.empty()) break;  // "a/b/" is "a/b"
  }
  auto last = checked(name, false);
  if (!last) return last;
  path = join(path, *last);
  if (path.size() > kLongestPath)
    return base::fail(ErrorCode::invalid_argument, fmt::format("A path is at most {} bytes long.", kLongestPath));
  return path;
}

}  // namespace armarium::ingest
