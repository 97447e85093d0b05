#include "api/site/rights.h"

#include <algorithm>
#include <cctype>

namespace armarium::api::site {
namespace {

// The address without scheme and "www.".
std::string_view without_scheme(std::string_view address) {
  for (const std::string_view prefix : {"https://", "http://", "www."})
    if (address.substr(0, prefix.size()) == prefix) address.remove_prefix(prefix.size());
  return address;
}

std::string_view take_segment(std::string_view& path) {
  const auto slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  return segment;
}

// "by-nc-sa" → the marks cc, by, nc, sa; false when a part is none of the licences' elements.
bool licence_marks(std::string_view code, std::vector<std::string>& marks) {
  marks = {"cc"};
  while (!code.empty()) {
    const auto dash = code.find('-');
    const std::string_view part = code.substr(0, dash);
    if (part != "by" && part != "nc" && part != "nd" && part != "sa") return false;
    marks.emplace_back(part);
    code = dash == std::string_view::npos ? std::string_view{} : code.substr(dash + 1);
  }
  return marks.size() > 1;
}

bool creative_commons(std::string_view path, const Locale& locale, RightsNotice& notice) {
  const std::string_view family = take_segment(path);
  const std::string_view code = take_segment(path);
  const std::string_view version = take_segment(path);
  if (family == "publicdomain" && code == "zero") {
    notice.text = locale.text("rights_cc0");
    notice.marks = {"cc", "zero"};
    return true;
  }
  if (family == "publicdomain" && code == "mark") {
    notice.text = locale.text("rights_pdm");
    notice.marks = {"pd"};
    return true;
  }
  if (family != "licenses" || !licence_marks(code, notice.marks)) return false;
  std::string name(code);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  notice.text = "CC " + name + (version.empty() ? std::string{} : " " + std::string(version));
  std::string key = "rights_cc_" + std::string(code);
  std::replace(key.begin(), key.end(), '-', '_');
  if (locale.has(key)) notice.explanation = locale.text(key);
  return true;
}

bool rights_statement(std::string_view path, const Locale& locale, RightsNotice& notice) {
  if (const std::string_view kind = take_segment(path); kind != "vocab" && kind != "page") return false;
  const std::string code(take_segment(path));
  const std::string key = "rights_" + code;
  if (!locale.has(key)) return false;
  notice.text = locale.text(key);
  notice.marks = {code.rfind("InC", 0) == 0 ? "c" : code.rfind("NoC", 0) == 0 ? "pd" : "unknown"};
  return true;
}

}  // namespace

RightsNotice rights_notice(std::string_view address, const Locale& locale) {
  RightsNotice notice{std::string(address), std::string(address), {}, {}};
  std::string_view rest = without_scheme(address);
  const std::string_view host = take_segment(rest);
  if (host == "creativecommons.org" && creative_commons(rest, locale, notice)) return notice;
  if (host == "rightsstatements.org" && rights_statement(rest, locale, notice)) return notice;
  notice.marks.clear();
  return notice;
}

}  // namespace armarium::api::site
