#include "ingest/metadata_csv.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "ingest/clean_description.h"
#include "ingest/csv.h"
#include "ingest/identifiers.h"
#include "ingest/rights_names.h"
#include "ingest/text_case.h"

namespace armarium::ingest {
namespace {

struct Column {
  std::string property;  // of info.yml; "path", "id"; empty: metadata with this label
  iiif::LanguageMap label;
  std::string language;  // of "title@de"
  int order = std::numeric_limits<int>::max();
};

// Properties of IIIF, which are columns under their own names; what else a column may be is in the crosswalk.
constexpr std::array<std::string_view, 12> kProperties = {
    "label",    "summary",  "rights",           "requiredStatement", "provider",  "navDate",
    "behavior", "homepage", "viewingDirection", "seeAlso",           "rendering", "id"};

Column column_of(std::string_view header, const Crosswalk& crosswalk) {
  Column column;
  header = trimmed(header);
  std::string_view name = header;
  if (const std::size_t mark = header.find_first_of("@["); mark != std::string_view::npos) {
    name = trimmed(header.substr(0, mark));
    column.language = trimmed(header.substr(mark + 1));
    if (!column.language.empty() && column.language.back() == ']') column.language.pop_back();
  }
  std::string key = lower(name);
  for (const std::string_view prefix : {"dc:", "dcterms:", "dc.", "dcterms.", "iiif:"}) {
    if (key.starts_with(prefix)) key.erase(0, prefix.size());
  }
  if (key == "path" || key == "file" || key == "filename") column.property = "path";
  for (const std::string_view property : kProperties) {
    if (key == lower(property)) column.property = property;
  }
  const CrosswalkRow* row = column.property == "path" || column.property == "id" ? nullptr : crosswalk.find("csv", key);
  if (row != nullptr) {
    column.property = row->property == "metadata" ? std::string() : row->property;
    column.label = row->label;
    if (row->order > 0) column.order = row->order;
  }
  // Columns of IIIF's own names have the labels of their next of kin.
  const char* kin = column.property == "rights"              ? "rights"
                    : column.property == "requiredStatement" ? "attribution"
                                                             : "";
  if (const CrosswalkRow* other = crosswalk.find("csv", kin); other != nullptr && column.label.empty())
    column.label = other->label;
  if (column.label.empty()) column.label = iiif::LanguageMap::none(std::string(name));
  return column;
}

// Several values in one cell: "a; b" is left alone, "a | b" is two.
std::vector<std::string> values_of(std::string_view cell) {
  std::vector<std::string> values;
  for (;;) {
    const std::size_t bar = cell.find('|');
    const std::string_view value = trimmed(cell.substr(0, bar));
    if (!value.empty()) values.emplace_back(value);
    if (bar == std::string_view::npos) return values;
    cell = cell.substr(bar + 1);
  }
}

void add_text(json::Object& described, const Column& column, std::string_view cell) {
  const std::string language = column.language.empty() ? "none" : column.language;
  json::Value& value = described[column.property];
  if (!value.is_object()) value = json::Object();
  json::Value& list = value.get_object()[language];
  if (!list.is_array()) list = json::Array();
  list.get_array().emplace_back(cell);
}

MetadataRow read_row(const CsvRow& cells, const std::vector<Column>& columns, std::vector<TextProblem>& problems) {
  MetadataRow row;
  row.line = cells.line;
  json::Object described;
  std::vector<std::pair<int, iiif::LabelValue>> metadata;
  for (std::size_t i = 0; i < columns.size() && i < cells.fields.size(); ++i) {
    const Column& column = columns[i];
    const std::string_view cell = trimmed(cells.fields[i]);
    if (cell.empty()) continue;
    if (column.property == "path") {
      row.path = cell;
    } else if (column.property == "id") {
      row.id = cell;
    } else if (column.property == "label" || column.property == "summary") {
      add_text(described, column, cell);
    } else if (column.property == "rights") {
      const auto uri = rights_from_text(cell);
      if (uri) {
        described["rights"] = *uri;
      } else {  // words about rights are a statement
        metadata.emplace_back(column.order, iiif::LabelValue{column.label, iiif::LanguageMap::none(std::string(cell))});
      }
    } else if (column.property == "requiredStatement") {
      described[column.property] = json::Object{
          {"label", column.label.to_json()},
          {"value", json::Object{{column.language.empty() ? "none" : column.language, json::Array{cell}}}}};
    } else if (column.property == "none") {
      continue;
    } else if (!column.property.empty()) {
      described[column.property] = cell;
    } else {
      iiif::LabelValue pair{column.label, {}};
      for (std::string& value : values_of(cell))
        pair.value.add(column.language.empty() ? "none" : column.language, std::move(value));
      metadata.emplace_back(column.order, std::move(pair));
    }
  }
  std::replace(row.path.begin(), row.path.end(), '\\', '/');
  while (row.path.starts_with("./")) row.path.erase(0, 2);
  while (row.path.ends_with('/')) row.path.pop_back();
  std::vector<std::string> reasons;
  row.description = iiif::Description::from_json(json::Value(described), reasons);
  for (std::string& reason : reasons) problems.push_back({row.line, std::move(reason)});
  std::stable_sort(metadata.begin(), metadata.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [order, pair] : metadata) row.description.metadata.push_back(std::move(pair));
  clean(row.description);
  for (const auto& member : described) row.description.origins[std::string(member.key())] = "metadata.csv";
  if (!row.description.metadata.empty()) row.description.origins["metadata"] = "metadata.csv";
  return row;
}

}  // namespace

const MetadataRow* MetadataTable::find(std::string_view path) const {
  const auto found = by_path.find(std::string(path));
  return found == by_path.end() ? nullptr : &rows[found->second];
}

MetadataTable read_metadata_csv(std::string_view bytes, const Crosswalk& crosswalk) {
  MetadataTable table;
  const std::vector<CsvRow> lines = read_csv(bytes);
  if (lines.empty()) return table;
  std::vector<Column> columns;
  bool has_path = false;
  for (const std::string& header : lines.front().fields) {
    columns.push_back(column_of(header, crosswalk));
    has_path = has_path || columns.back().property == "path";
  }
  if (!has_path) {
    table.problems.push_back({1, "There is no column \"path\": no row can be matched with a file."});
    return table;
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    MetadataRow row = read_row(lines[i], columns, table.problems);
    if (row.path.empty()) {
      table.problems.push_back({row.line, "The row has no path."});
      continue;
    }
    if (!table.by_path.emplace(row.path, table.rows.size()).second) {
      table.problems.push_back({row.line, "The path stands in an earlier row too; this row is passed over."});
      continue;
    }
    table.rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::string& path = table.rows[i].path;
    table.by_path.emplace(join(parent_of(path), stem_of(name_of(path))), i);
  }
  return table;
}

}  // namespace armarium::ingest
