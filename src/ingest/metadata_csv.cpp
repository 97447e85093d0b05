#include "ingest/metadata_csv.h"

#include <array>
#include <optional>

#include "ingest/clean_description.h"
#include "ingest/csv.h"
#include "ingest/identifiers.h"
#include "ingest/rights_names.h"

namespace armarium::ingest {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct Column {
  std::string property;  // of info.yml; "path", "id"; empty: metadata with this label
  iiif::LanguageMap label;
  std::string language;  // of "title@de"
};

// Dublin Core elements with the labels that readers see.
struct Element {
  std::string_view name;
  std::string_view english;
  std::string_view german;
};
constexpr std::array<Element, 13> kElements = {{{"creator", "Creator", "Urheber"},
                                                {"contributor", "Contributor", "Mitwirkende"},
                                                {"date", "Date", "Datum"},
                                                {"subject", "Subject", "Thema"},
                                                {"publisher", "Publisher", "Verlag"},
                                                {"type", "Type", "Art"},
                                                {"format", "Format", "Format"},
                                                {"identifier", "Identifier", "Kennung"},
                                                {"source", "Source", "Quelle"},
                                                {"language", "Language", "Sprache"},
                                                {"relation", "Relation", "Beziehung"},
                                                {"coverage", "Coverage", "Abdeckung"},
                                                {"spatial", "Place", "Ort"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kProperties = {
    {{"label", "label"},
     {"title", "label"},
     {"summary", "summary"},
     {"description", "summary"},
     {"abstract", "summary"},
     {"rights", "rights"},
     {"license", "rights"},
     {"licence", "rights"},
     {"attribution", "requiredStatement"},
     {"requiredstatement", "requiredStatement"},
     {"provider", "provider"},
     {"navdate", "navDate"},
     {"behavior", "behavior"},
     {"behaviour", "behavior"},
     {"viewingdirection", "viewingDirection"},
     {"homepage", "homepage"},
     {"seealso", "seeAlso"},
     {"path", "path"},
     {"file", "path"},
     {"filename", "path"}}};

Column column_of(std::string_view header) {
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
  for (const auto& [known, property] : kProperties) {
    if (key == known) column.property = property;
  }
  if (key == "id") column.property = "id";
  for (const Element& element : kElements) {
    if (key != element.name) continue;
    column.label.add("en", std::string(element.english));
    column.label.add("de", std::string(element.german));
  }
  if (column.property.empty() && column.label.empty()) column.label = iiif::LanguageMap::none(std::string(name));
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
  std::vector<iiif::LabelValue> metadata;
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
        metadata.push_back({iiif::LanguageMap::of("en", "Rights"), iiif::LanguageMap::none(std::string(cell))});
      }
    } else if (!column.property.empty()) {
      described[column.property] = cell;
    } else {
      iiif::LabelValue pair{column.label, {}};
      for (std::string& value : values_of(cell))
        pair.value.add(column.language.empty() ? "none" : column.language, std::move(value));
      metadata.push_back(std::move(pair));
    }
  }
  std::replace(row.path.begin(), row.path.end(), '\\', '/');
  while (row.path.starts_with("./")) row.path.erase(0, 2);
  while (row.path.ends_with('/')) row.path.pop_back();
  std::vector<std::string> reasons;
  row.description = iiif::Description::from_json(json::Value(described), reasons);
  for (std::string& reason : reasons) problems.push_back({row.line, std::move(reason)});
  row.description.metadata = std::move(metadata);
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

MetadataTable read_metadata_csv(std::string_view bytes) {
  MetadataTable table;
  const std::vector<CsvRow> lines = read_csv(bytes);
  if (lines.empty()) return table;
  std::vector<Column> columns;
  bool has_path = false;
  for (const std::string& header : lines.front().fields) {
    columns.push_back(column_of(header));
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
