#include "ingest/readers/roles.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "ingest/text_case.h"

namespace armarium::ingest::readers {
namespace {

struct Role {
  std::string_view code;
  std::string_view english;
  std::string_view german;
};

// Those of the crosswalk's rows "role …".
constexpr std::array<Role, 32> kRoles = {{
    {"arc", "architect", "architekt"},
    {"arr", "arranger", "arrangeur"},
    {"art", "artist", "k\u00fcnstler"},
    {"asn", "associated name", "beteiligter"},
    {"aut", "author", "verfasser"},
    {"bnd", "binder", "buchbinder"},
    {"cmp", "composer", "komponist"},
    {"cre", "creator", "urheber"},
    {"ctg", "cartographer", "kartograf"},
    {"ctb", "contributor", "mitwirkender"},
    {"dnr", "donor", "stifter"},
    {"drt", "director", "regisseur"},
    {"dte", "dedicatee", "widmungsempf\u00e4nger"},
    {"edt", "editor", "herausgeber"},
    {"egr", "engraver", "stecher"},
    {"etr", "etcher", "radierer"},
    {"fmo", "former owner", "vorbesitzer"},
    {"ill", "illustrator", "illustrator"},
    {"lbt", "librettist", "librettist"},
    {"ltg", "lithographer", "lithograf"},
    {"own", "owner", "eigent\u00fcmer"},
    {"pbl", "publisher", "verlag"},
    {"pht", "photographer", "fotograf"},
    {"prf", "performer", "ausf\u00fchrender"},
    {"prt", "printer", "drucker"},
    {"rcp", "addressee", "adressat"},
    {"scl", "sculptor", "bildhauer"},
    {"scr", "scribe", "schreiber"},
    {"spn", "sponsor", "f\u00f6rderer"},
    {"trl", "translator", "\u00fcbersetzer"},
    {"ive", "interviewee", "befragter"},
    {"ivr", "interviewer", "interviewer"},
}};

// As AACR2 and RAK wrote them behind names.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kShort = {{{"ed", "edt"},
                                                                                  {"eds", "edt"},
                                                                                  {"hrsg", "edt"},
                                                                                  {"illus", "ill"},
                                                                                  {"tr", "trl"},
                                                                                  {"trans", "trl"},
                                                                                  {"\u00fcbers", "trl"},
                                                                                  {"joint author", "aut"}}};

}  // namespace

std::string relator_of(std::string_view role) {
  std::string text = lower(collapsed(role));
  while (text.ends_with('.') || text.ends_with(',') || text.ends_with(':')) text.pop_back();
  if (const std::size_t slash = text.rfind('/'); slash != std::string::npos && text.starts_with("http"))
    text.erase(0, slash + 1);
  // "Creator (cre)", as the Archivists' Toolkit writes it.
  if (text.ends_with(')') && text.size() > 5 && text[text.size() - 5] == '(') text = text.substr(text.size() - 4, 3);
  for (const auto& [short_form, code] : kShort) {
    if (text == short_form) return std::string(code);
  }
  for (const Role& known : kRoles) {
    if (text == known.code || text == known.english || text == known.german) return std::string(known.code);
  }
  return {};
}

bool add_name(Record& out, std::string_view name, std::string_view role, std::string_view language) {
  std::string text = collapsed(role);
  while (text.ends_with('.') || text.ends_with(',')) text.pop_back();
  const std::string shown = collapsed(name);
  if (shown.empty() || text.empty()) return false;
  const std::string code = relator_of(text);
  if (code == "cre") {
    out.add("creator", shown, language);
  } else if (code == "ctb" || code == "asn") {
    out.add("contributor", shown, language);
  } else if (!code.empty()) {
    out.add(fmt::format("role {}", code), shown, language);
  } else if (text.starts_with("http://") || text.starts_with("https://")) {
    out.add("contributor", shown, language);
  } else {
    out.add("contributor", fmt::format("{} ({})", shown, text), language);
  }
  return true;
}

}  // namespace armarium::ingest::readers
