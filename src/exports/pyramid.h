#pragma once
// Level 0 of the Image API 3.0: the pictures that lie ready, and the info.json that announces them (Image 3.0, 6 and Compliance level 0; sizes and tiles as the implementation notes of it compute
// them). Pure; any thread.

#include <string>
#include <vector>

#include "base/error.h"
#include "json/json.h"

namespace armarium::exports {

struct Pyramid {
  json::Object information;  // the info.json of the site
  std::vector<std::string>
      pictures;  // "full/max/0/default.jpg", "0,0,512,512/256,256/0/default.jpg", …: below the service, each once
};

// From the info.json of a server of a higher level. corrupt when it is none of version 3; resource_limit over a million pictures.
base::Result<Pyramid> level_0(const json::Object& information);

}  // namespace armarium::exports
