#include "ingest/ignore.h"

#include <fnmatch.h>

#include "ingest/identifiers.h"

namespace armarium::ingest {
namespace {

constexpr std::size_t kMostRules = 10'000;
constexpr std::size_t kLongestPattern = 1'000;

}  // namespace

IgnoreList IgnoreList::parse(std::string_view text, std::string_view folder) {
  IgnoreList list;
  list.folder_ = folder;
  while (!text.empty() && list.rules_.size() < kMostRules) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#' || line.size() > kLongestPattern) continue;
    Rule rule;
    if (line.front() == '!') {
      rule.taken_back = true;
      line.remove_prefix(1);
    }
    if (line.ends_with('/')) {
      rule.folders_only = true;
      line.remove_suffix(1);
    }
    rule.anchored = line.find('/') != std::string_view::npos;
    if (line.starts_with('/')) line.remove_prefix(1);
    if (line.starts_with("**/")) {
      line.remove_prefix(3);
      rule.anchored = false;
    }
    if (line.empty()) continue;
    rule.pattern = line;
    list.rules_.push_back(std::move(rule));
  }
  return list;
}

IgnoreList::Answer IgnoreList::ask(std::string_view path, bool is_folder) const {
  Answer answer = Answer::says_nothing;
  std::string_view below = path;
  if (!folder_.empty()) below.remove_prefix(std::min(below.size(), folder_.size() + 1));
  const std::string whole(below);
  const std::string name(name_of(path));
  for (const Rule& rule : rules_) {  // the last rule that fits decides
    if (rule.folders_only && !is_folder) continue;
    const int flags = rule.anchored ? FNM_PATHNAME : 0;
    if (::fnmatch(rule.pattern.c_str(), rule.anchored ? whole.c_str() : name.c_str(), flags) == 0) {
      answer = rule.taken_back ? Answer::taken_back : Answer::ignored;
    }
  }
  return answer;
}

}  // namespace armarium::ingest
