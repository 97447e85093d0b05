#include "api/oai_xml.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "api/site/html.h"
#include "base/utf8.h"

namespace armarium::api::oai {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return out;
}

// Without its tags, entities resolved.
std::string plain(std::string_view value) { return site::value_to_text(value); }

void add(std::string& out, std::string_view name, std::string_view language, std::string_view value) {
  const std::string text = plain(value);
  if (text.empty()) return;
  const std::string said =
      language.empty() || language == "none" ? std::string() : fmt::format(" xml:lang=\"{}\"", escape(language));
  out += fmt::format("<dc:{}{}>{}</dc:{}>", name, said, escape(text), name);
}

void add(std::string& out, std::string_view name, const iiif::LanguageMap& map) {
  for (const auto& [language, values] : map.entries())
    for (const std::string& value : values) add(out, name, language, value);
}

// Empty where no label of the entry is known.
std::string_view element_of(const iiif::LabelValue& entry, const ElementsByLabel& elements) {
  for (const auto& [language, labels] : entry.label.entries()) {
    for (const std::string& label : labels)
      if (const auto found = elements.find(in_small_letters(label)); found != elements.end()) return found->second;
  }
  return {};
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (letter == '&')
      out += "&amp;";
    else if (letter == '<')
      out += "&lt;";
    else if (letter == '>')
      out += "&gt;";
    else if (letter == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(letter) < 0x20 && letter != '\t' && letter != '\n' && letter != '\r')
      out += kReplacement;
    else if (text.substr(at).starts_with("\xEF\xBF\xBE") || text.substr(at).starts_with("\xEF\xBF\xBF")) {
      out += kReplacement;
      at += 2;
    } else
      out += letter;
  }
  return base::is_utf8(out) ? out : std::string(kReplacement);
}

std::string element(std::string_view name, std::string_view text) {
  return fmt::format("<{}>{}</{}>", name, escape(text), name);
}

std::string dublin_core(const iiif::Description& description, const std::vector<std::string>& identifiers,
                        std::string_view type, const ElementsByLabel& elements) {
  std::string out =
      "<oai_dc:dc xmlns:oai_dc=\"http://www.openarchives.org/OAI/2.0/oai_dc/\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      "xsi:schemaLocation=\"http://www.openarchives.org/OAI/2.0/oai_dc/ "
      "http://www.openarchives.org/OAI/2.0/oai_dc.xsd\">";
  add(out, "title", description.label);
  add(out, "description", description.summary);
  bool dated = false;
  for (const iiif::LabelValue& entry : description.metadata) {
    const std::string_view name = element_of(entry, elements);
    if (!name.empty()) add(out, name, entry.value);
    dated = dated || name == "date";
  }
  if (!dated && !description.nav_date.empty())
    add(out, "date", {}, std::string_view(description.nav_date).substr(0, 10));
  for (const iiif::Agent& agent : description.provider) add(out, "publisher", agent.label);
  add(out, "type", {}, type);
  for (const std::string& identifier : identifiers) add(out, "identifier", {}, identifier);
  add(out, "rights", {}, description.rights);
  for (const iiif::LabelValue& statement : description.required_statement) add(out, "rights", statement.value);
  return out + "</oai_dc:dc>";
}

}  // namespace armarium::api::oai
