#include "api/site/pages.h"

namespace armarium::api::site {
namespace {

std::vector<Link> links_of(const std::vector<iiif::Link>& links) {
  std::vector<Link> result;
  result.reserve(links.size());
  for (const auto& link : links) result.push_back({link.id, link.label, link.format});
  return result;
}

}  // namespace

void describe(Description& page, const iiif::Description& description) {
  page.label = description.label;
  page.summary = description.summary;
  for (const auto& entry : description.metadata) page.metadata.push_back({entry.label, entry.value});
  page.rights = description.rights;
  if (!description.required_statement.empty()) {
    const auto& statement = description.required_statement.front();
    page.required_statement = LabelValue{statement.label, statement.value};
  }
  for (const auto& agent : description.provider) {
    Provider provider{agent.label, agent.homepage.empty() ? std::string{} : agent.homepage.front().id, {}};
    if (!agent.logo.empty()) provider.logo = Picture{agent.logo.front().id, 0, 0};
    page.providers.push_back(std::move(provider));
  }
  page.downloads = links_of(description.rendering);
  page.see_also = links_of(description.see_also);
}

}  // namespace armarium::api::site
