#pragma once
// redirects.csv at the top of FOLDER: an old address's path, and the identifier that it leads to now. Pure.

#include <string_view>
#include <vector>

#include "ingest/info_yml.h"
#include "store/rows.h"

namespace armarium::ingest {

struct Redirects {
  std::vector<store::AliasRow> aliases;  // origin "redirects.csv"
  std::vector<TextProblem> problems;
};

Redirects read_redirects(std::string_view bytes);

}  // namespace armarium::ingest
