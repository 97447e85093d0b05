#pragma once
// Makes a static site of a running server by asking it for everything that its pages and documents lead to, in this process: what a visitor would get, each answer a file. Documents and pages are rewritten
// (documents.h, pages.h), image services become level 0 (pyramid.h). Two exports of the same are byte for byte the same.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "exports/site_folder.h"
#include "http/exchange.h"

namespace armarium::exports {

struct Answer {
  http::Response response;
  std::shared_ptr<const void> keep;  // what the body needs
};
// Asks for a target ("/item/a?lang=de"); any status is an answer. Called by several threads.
using Ask = std::function<base::Result<Answer>(const std::string& target)>;

struct Options {
  std::string base_url;                // where the site will be published, without a slash at its end
  std::vector<std::string> assets{};   // targets of what pages load by scripts
  std::vector<std::string> viewers{};  // "/viewer/mirador"
  unsigned threads = 2;
  std::function<void(std::uint64_t files, std::uint64_t waiting)> progress{};  // now and then, on any thread
};

struct Report {
  std::uint64_t documents = 0;
  std::uint64_t images = 0;  // with all their tiles
  std::uint64_t pages = 0;
  std::vector<std::string> problems{};  // one sentence each, by address
};

// An error when nothing can be made of the site: its front page or its top Collection is missing, or the folder cannot be written. Anything else that is missing is a problem.
base::Result<Report> export_site(const Options& options, const Ask& ask, SiteFolder& folder);

}  // namespace armarium::exports
