#pragma once
// .armariumignore, in the manner of .gitignore: one pattern a line, # comments, ! takes back, a slash at the end means folders, a slash inside anchors it to
// the folder of the file. Values; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace armarium::ingest {

class IgnoreList {
 public:
  // `folder` is the path of the folder that the file stands in.
  static IgnoreList parse(std::string_view text, std::string_view folder);
  enum class Answer { says_nothing, ignored, taken_back };
  Answer ask(std::string_view path, bool is_folder) const;
  bool empty() const noexcept { return rules_.empty(); }

 private:
  struct Rule {
    std::string pattern;
    bool folders_only = false;
    bool taken_back = false;
    bool anchored = false;
  };
  std::string folder_;
  std::vector<Rule> rules_;
};

}  // namespace armarium::ingest
