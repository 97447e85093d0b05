#include "ingest/crosswalk.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "base/hash.h"
#include "iiif/description_values.h"
#include "ingest/csv.h"
#include "ingest/text_case.h"

namespace armarium::ingest {
namespace {

// A private use tag of BCP 47: no text has it.
constexpr std::string_view kFieldTag = "x-field";
constexpr std::array<std::string_view, 13> kProperties = {
    "metadata", "none",     "label",    "summary",          "rights",  "requiredStatement", "provider",
    "navDate",  "behavior", "homepage", "viewingDirection", "seeAlso", "rendering"};
constexpr std::size_t kMostRows = 10'000;

struct Header {
  std::vector<std::string> columns;  // "format", …, or a language
  bool complete = false;
};

Header read_header(const CsvRow& row, std::vector<TextProblem>& problems) {
  Header header;
  bool has_format = false;
  bool has_field = false;
  for (const std::string& name : row.fields) {
    std::string column(trimmed(name));
    const bool known =
        column == "format" || column == "field" || column == "property" || column == "order" || column == "facet";
    has_format = has_format || column == "format";
    has_field = has_field || column == "field";
    if (!known && !column.empty() && !iiif::is_language_tag(column)) {
      problems.push_back({row.line, fmt::format("The column {} is neither one of format, field, property, order and "
                                                "facet nor a language such as en.",
                                                column)});
      column.clear();
    }
    header.columns.push_back(std::move(column));
  }
  header.complete = has_format && has_field;
  if (!header.complete) problems.push_back({row.line, "The table must have the columns format and field."});
  return header;
}

// Gives what is wrong with the row, or nothing.
std::string read_cell(const std::string& column, std::string_view cell, CrosswalkRow& row) {
  if (cell.empty()) return {};
  if (column == "format") {
    row.format = lower(cell);
  } else if (column == "field") {
    row.field = lower(cell);
  } else if (column == "property") {
    row.property = cell;
    if (std::find(kProperties.begin(), kProperties.end(), cell) == kProperties.end())
      return fmt::format("{} is no property: use metadata, none, label, summary or another property of IIIF.", cell);
  } else if (column == "order") {
    const auto [end, failed] = std::from_chars(cell.data(), cell.data() + cell.size(), row.order);
    if (failed != std::errc() || end != cell.data() + cell.size() || row.order < 1)
      return "order must be a whole number above 0.";
  } else if (column == "facet") {
    row.facet = cell == "yes" || cell == "true";
    if (!row.facet && cell != "no" && cell != "false") return "facet must be yes or no.";
  } else if (!column.empty()) {
    row.label.add(column, std::string(cell));
  }
  return {};
}

}  // namespace

CrosswalkPtr Crosswalk::standard() {
  static const CrosswalkPtr kStandard = [] {
    std::vector<TextProblem> none;  // a test holds that the table that is built in is right
    return Crosswalk().with(default_crosswalk(), none);
  }();
  return kStandard;
}

CrosswalkPtr Crosswalk::with(std::string_view csv, std::vector<TextProblem>& problems) const {
  auto out = std::make_shared<Crosswalk>(*this);
  out->token_ = base::hash_hex(fmt::format("{}|{}", token_, csv));
  const std::vector<CsvRow> lines = read_csv(csv, kMostRows);
  if (lines.empty()) return out;
  const Header header = read_header(lines.front(), problems);
  for (std::size_t i = 1; i < lines.size() && header.complete; ++i) {
    CrosswalkRow row;
    std::string wrong;
    for (std::size_t column = 0; column < header.columns.size() && column < lines[i].fields.size(); ++column) {
      std::string said = read_cell(header.columns[column], trimmed(lines[i].fields[column]), row);
      if (wrong.empty()) wrong = std::move(said);
    }
    if (wrong.empty() && (row.format.empty() || row.field.empty())) wrong = "The row names no format or no field.";
    if (!wrong.empty()) {
      problems.push_back({lines[i].line, std::move(wrong)});
      continue;
    }
    if (row.property.empty()) row.property = "metadata";
    out->rows_.insert_or_assign(row.format + ' ' + row.field, std::move(row));
  }
  return out;
}

const CrosswalkRow* Crosswalk::find(std::string_view format, std::string_view field) const {
  const auto found = rows_.find(fmt::format("{} {}", format, lower(field)));
  return found == rows_.end() ? nullptr : &found->second;
}

void Crosswalk::publish(std::string_view format, std::vector<iiif::LabelValue> entries,
                        iiif::Description& description) const {
  struct Place {
    int order;
    iiif::LabelValue entry;
  };
  std::vector<Place> places;
  for (iiif::LabelValue& entry : entries) {
    const auto& names = entry.label.entries();
    const bool named = names.size() == 1 && names.front().first == kFieldTag && !names.front().second.empty();
    if (!named) {
      places.push_back({std::numeric_limits<int>::max(), std::move(entry)});
      continue;
    }
    const std::string field = names.front().second.front();
    const CrosswalkRow* row = find(format, field);
    if (row != nullptr && row->property == "none") continue;
    entry.label = row != nullptr && !row->label.empty() ? row->label : iiif::LanguageMap::none(field);
    const int order = row != nullptr && row->order > 0 ? row->order : std::numeric_limits<int>::max();
    if (row == nullptr || row->property == "metadata" || row->property == "rights") {
      places.push_back({order, std::move(entry)});
    } else if (row->property == "label" || row->property == "summary") {
      iiif::LanguageMap& text = row->property == "label" ? description.label : description.summary;
      if (text.empty()) text = std::move(entry.value);
    } else if (row->property == "requiredStatement") {
      if (description.required_statement.empty()) description.required_statement.push_back(std::move(entry));
    } else {
      places.push_back({order, std::move(entry)});
    }
  }
  std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.order < b.order; });
  for (Place& place : places) description.metadata.push_back(std::move(place.entry));
}

iiif::LanguageMap field_label(std::string field) { return iiif::LanguageMap::of(kFieldTag, std::move(field)); }

}  // namespace armarium::ingest
