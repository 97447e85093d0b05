#include "ingest/readers/mets_records.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "iiif/description_values.h"
#include "ingest/readers/dates.h"
#include "ingest/readers/record_file.h"

namespace armarium::ingest::readers {
namespace {

using xml::Node;

constexpr std::string_view kViewerSpace = "http://dfg-viewer.de/";

std::optional<Record> record_in(const MetsFile& mets, const Node& section) {
  std::optional<Record> found;
  for (const Node wrap : section.children(mets.space, "mdWrap")) {
    for (const Node inside : wrap.child(mets.space, "xmlData").children()) {
      // Some write MODS without its namespace (BnF): by its name it is what MDTYPE says.
      auto file = records_of(inside);
      if (!file || file->records.empty()) continue;
      if (!found) {
        found = std::move(file->records.front());
      } else {
        for (RecordField& field : file->records.front().fields) found->add(std::move(field));
      }
    }
  }
  return found;
}

void merge(Record& record, Record other) {
  std::set<std::string> there;
  for (const RecordField& field : record.fields) there.insert(field.name);
  for (RecordField& field : other.fields) {
    if (!there.contains(field.name)) record.add(std::move(field));
  }
  if (record.nav_date.empty()) record.nav_date = other.nav_date;
  if (record.rights.empty()) record.rights = other.rights;
  if (record.nav_place.is_null()) record.nav_place = std::move(other.nav_place);
}

// Number of `length` digits at a place; nothing when they stand in a longer one.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size()) return std::nullopt;
  int number = 0;
  const char* end = text.data() + at + length;
  const auto [stopped, failed] = std::from_chars(text.data() + at, end, number);
  return failed == std::errc{} && stopped == end && text[at] != '-' ? std::optional(number) : std::nullopt;
}

std::string day(std::optional<int> year, std::optional<int> month, std::optional<int> day) {
  if (!year || !month || !day || *year < 1000 || *year > 2100) return {};
  return certain_date(fmt::format("{:04}-{:02}-{:02}", *year, *month, *day));
}

bool is_digit(std::string_view text, std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; }

json::Value words(std::string_view text) { return iiif::LanguageMap::none(std::string(text)).to_json(); }

}  // namespace

Record record_of(const MetsFile& mets, const std::vector<std::string_view>& ids) {
  Record out;
  bool first = true;
  for (const std::string_view id : ids) {
    const auto section = mets.descriptions.find(id);
    auto record = section == mets.descriptions.end() ? std::nullopt : record_in(mets, section->second);
    if (!record) continue;
    if (first) {
      out = std::move(*record);
    } else {
      merge(out, std::move(*record));
    }
    first = false;
  }
  return out;
}

iiif::LanguageMap title_of(const MetsFile& mets, std::string_view ids) {
  iiif::LanguageMap out;
  std::set<std::string> languages;
  for (const std::string_view id : ids_of(ids)) {
    const auto section = mets.descriptions.find(id);
    const auto record = section == mets.descriptions.end() ? std::nullopt : record_in(mets, section->second);
    if (!record) continue;
    for (const RecordField& field : record->fields) {
      const bool says = std::any_of(field.value.begin(), field.value.end(), [](char sign) {
        return (sign >= '0' && sign <= '9') || (sign >= 'A' && sign <= 'Z') || (sign >= 'a' && sign <= 'z') ||
               (static_cast<unsigned char>(sign) >= 0xC3 && static_cast<unsigned char>(sign) != 0xE2);
      });
      if (field.name == "title" && says && languages.insert(field.language).second)
        out.add(field.language, field.value);
    }
    if (!out.empty()) break;
  }
  return out;
}

std::string day_in(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text, at) || (at > 0 && is_digit(text, at - 1))) continue;
    std::size_t length = 1;
    while (is_digit(text, at + length)) ++length;
    std::string found;
    if (length == 4 && at + 9 < text.size() + 0 && text[at + 4] == '-' && text[at + 7] == '-') {
      found = day(digits(text, at, 4), digits(text, at + 5, 2), digits(text, at + 8, 2));
    } else if (length == 2 && at + 9 < text.size() && text[at + 2] == '.' && text[at + 5] == '.') {
      found = day(digits(text, at + 6, 4), digits(text, at + 3, 2), digits(text, at, 2));
    } else if (length == 8) {
      found = day(digits(text, at, 4), digits(text, at + 4, 2), digits(text, at + 6, 2));
    }
    if (!found.empty()) return found;
    at += length - 1;
  }
  return {};
}

void administrative(const MetsFile& mets, json::Object& tree) {
  const std::string_view space = mets.space;
  for (const Node section : mets.root.children(space, "amdSec")) {
    for (const Node rights : section.below(kViewerSpace, "rights")) {
      if (tree.contains("provider")) break;
      const std::string owner = rights.child_text(kViewerSpace, "owner");
      const std::string site = rights.child_text(kViewerSpace, "ownerSiteURL");
      if (!owner.empty()) {
        json::Object agent{
            {"id", iiif::is_web_uri(site) ? site : std::string()}, {"type", "Agent"}, {"label", words(owner)}};
        if (iiif::is_web_uri(site)) {
          agent["homepage"] = json::Array{
              json::Object{{"id", site}, {"type", "Text"}, {"label", words(owner)}, {"format", "text/html"}}};
          tree["provider"] = json::Array{std::move(agent)};
        }
      }
      Record record;
      record.rights_statement("rights", rights.child_text(kViewerSpace, "license"));
      if (!record.rights.empty()) tree["rights"] = record.rights;
    }
    for (const Node links : section.below(kViewerSpace, "links")) {
      std::string page = links.child_text(kViewerSpace, "presentation");
      if (!iiif::is_web_uri(page)) page = links.child_text(kViewerSpace, "reference");
      if (!iiif::is_web_uri(page) || tree.contains("homepage")) continue;
      tree["homepage"] =
          json::Array{json::Object{{"id", page}, {"type", "Text"}, {"label", words(page)}, {"format", "text/html"}}};
    }
    for (const Node order : section.below("http://books.google.com/gbs", "readingOrder")) {
      if (order.text() == "right-to-left") tree["viewingDirection"] = "right-to-left";
    }
  }
}

}  // namespace armarium::ingest::readers
