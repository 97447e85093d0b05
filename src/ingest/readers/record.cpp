#include "ingest/readers/record.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <utf8proc.h>

#include "iiif/description_values.h"
#include "ingest/clean_description.h"
#include "ingest/readers/dates.h"
#include "ingest/rights_names.h"

namespace armarium::ingest::readers {
namespace {

constexpr std::size_t kMostIdentifiers = 50;
constexpr std::size_t kMostPlaces = 100;
constexpr std::string_view kAnyRecord = "record";  // rows of the crosswalk for every format
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Words with one space between them, without control characters; broken sequences are replaced.
std::string words(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      gap = true;
      ++at;
      continue;
    }
    utf8proc_int32_t point = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at);
    const auto length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &point);
    if (gap && !out.empty()) out += ' ';
    gap = false;
    if (length < 1) {
      out += kReplacement;
      ++at;
      continue;
    }
    const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0);
    if (!control) out += text.substr(at, static_cast<std::size_t>(length));
    at += static_cast<std::size_t>(length);
  }
  return out;
}

// A value that a client would take for HTML and is none.
std::string as_plain(std::string value) {
  if (value.size() < 2 || value.front() != '<' || value.back() != '>') return value;
  std::string out = "<span>";
  for (const char c : value) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
  return out + "</span>";
}

struct Shown {
  const CrosswalkRow* row = nullptr;
  std::string key;  // fields of one key are one entry
  iiif::LabelValue entry;
};

class Publisher {
 public:
  Publisher(const Record& record, const Crosswalk& crosswalk) : record_(record), crosswalk_(crosswalk) {}
  iiif::Description run() &&;

 private:
  const CrosswalkRow* row_of(const RecordField& field) const;
  void add(const RecordField& field);
  void take(Shown& shown);

  const Record& record_;
  const Crosswalk& crosswalk_;
  std::vector<Shown> shown_;
  iiif::Description out_;
};

const CrosswalkRow* Publisher::row_of(const RecordField& field) const {
  // What the format says lies over what holds for all records; a kind of note that has no row is a note.
  const std::size_t space = field.name.find(' ');
  for (const std::string& name : {field.name, field.name.substr(0, space)}) {
    for (const std::string_view format : {std::string_view(record_.format), kAnyRecord}) {
      if (const CrosswalkRow* row = crosswalk_.find(format, name)) return row;
    }
  }
  return nullptr;
}

void Publisher::add(const RecordField& field) {
  const CrosswalkRow* row = row_of(field);
  if (row != nullptr && row->property == "none") return;
  const std::string key = fmt::format("{}\n{}", field.label, row != nullptr ? row->field : field.name);
  auto found = std::find_if(shown_.begin(), shown_.end(), [&](const Shown& shown) { return shown.key == key; });
  if (found == shown_.end()) {
    Shown shown{row, key, {}};
    if (!field.label.empty()) {
      shown.entry.label = iiif::LanguageMap::none(field.label);
    } else if (row != nullptr && !row->label.empty()) {
      shown.entry.label = row->label;
    } else {
      shown.entry.label = iiif::LanguageMap::none(row != nullptr ? row->field : field.name);
    }
    found = shown_.insert(shown_.end(), std::move(shown));
  }
  const CrosswalkRow* code = field.codes.empty() ? nullptr : crosswalk_.find(field.codes, field.value);
  if (code != nullptr && !code->label.empty()) {
    for (const auto& [language, values] : code->label.entries()) {
      for (const std::string& value : values) found->entry.value.add(language, value);
    }
    return;
  }
  const bool may_be_html = row == nullptr || row->property != "label";
  found->entry.value.add(field.language, may_be_html ? as_plain(field.value) : field.value);
}

void Publisher::take(Shown& shown) {
  const std::string_view property = shown.row == nullptr ? "metadata" : std::string_view(shown.row->property);
  if (property == "label" && out_.label.empty()) {
    out_.label = std::move(shown.entry.value);
  } else if (property == "summary" && out_.summary.empty()) {
    out_.summary = std::move(shown.entry.value);
  } else if (property == "requiredStatement" && out_.required_statement.empty()) {
    out_.required_statement.push_back(std::move(shown.entry));
  } else {
    out_.metadata.push_back(std::move(shown.entry));
  }
}

iiif::Description Publisher::run() && {
  for (const RecordField& field : record_.fields) add(field);
  const auto order = [](const Shown& shown) {
    return shown.row != nullptr && shown.row->order > 0 ? shown.row->order : std::numeric_limits<int>::max();
  };
  std::stable_sort(shown_.begin(), shown_.end(), [&](const Shown& a, const Shown& b) { return order(a) < order(b); });
  for (Shown& shown : shown_) take(shown);
  out_.rights = record_.rights;
  out_.nav_date = record_.nav_date;
  out_.nav_place = record_.nav_place;
  return std::move(out_);
}

}  // namespace

std::string collapsed(std::string_view text) {
  std::string out = words(text);
  const bool plain = std::all_of(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (plain) return out;
  utf8proc_uint8_t* made = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(out.data()), static_cast<utf8proc_ssize_t>(out.size()),
                   &made, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(made, &std::free);
  if (length >= 0) out.assign(reinterpret_cast<const char*>(made), static_cast<std::size_t>(length));
  return out;
}

void Record::add(std::string_view name, std::string_view value, std::string_view language) {
  add(RecordField{.name = std::string(name), .value = std::string(value), .language = std::string(language)});
}

void Record::add(RecordField field) {
  field.value = collapsed(field.value);
  field.label = collapsed(field.label);
  if (field.language.empty()) field.language = "none";
  if (field.value.empty()) return;
  if (field.value.size() > kLongestValue) {
    problem(line, fmt::format("A value of {} with {} bytes is too long and left out.", field.name, field.value.size()));
    return;
  }
  const bool there = std::any_of(fields.begin(), fields.end(), [&](const RecordField& other) {
    return other.name == field.name && other.value == field.value && other.language == field.language &&
           other.label == field.label;
  });
  if (there) return;
  if (fields.size() >= kMostFields) {
    if (fields.size() == kMostFields) problem(line, fmt::format("Only the first {} fields are shown.", kMostFields));
    return;
  }
  fields.push_back(std::move(field));
}

void Record::date(std::string_view text) {
  if (nav_date.empty()) nav_date = certain_date(text);
}

void Record::identifier(std::string_view text) {
  std::string value = collapsed(text);
  if (value.empty() || value.size() > 1'000 || identifiers.size() >= kMostIdentifiers) return;
  if (std::find(identifiers.begin(), identifiers.end(), value) == identifiers.end())
    identifiers.push_back(std::move(value));
}

void Record::rights_from(std::string_view text) {
  if (!rights.empty()) return;
  const std::string words_of = collapsed(text);
  for (const std::string_view house : {"creativecommons.org/", "rightsstatements.org/"}) {  // an address among words
    const std::size_t at = words_of.find(house);
    const std::size_t begin = at == std::string::npos ? at : words_of.rfind("http", at);
    if (begin == std::string::npos || at - begin > 12) continue;
    std::string address = words_of.substr(begin, words_of.find_first_of(" \"'<>)]", begin) - begin);
    while (address.ends_with('.') || address.ends_with(',') || address.ends_with(';')) address.pop_back();
    rights = iiif::rights_uri(address).value_or("");
    if (!rights.empty()) return;
  }
  if (const auto named = rights_from_text(words_of)) rights = iiif::rights_uri(*named).value_or("");
}

void Record::rights_statement(std::string_view name, std::string_view text, std::string_view uri,
                              std::string_view language) {
  rights_from(uri);
  rights_from(text);
  add(name, text, language);
}

void Record::place(json::Object geometry, std::string_view label) {
  if (nav_place.is_null()) nav_place = json::Object{{"type", "FeatureCollection"}, {"features", json::Array()}};
  json::Array& features = nav_place.get_object()["features"].get_array();
  if (features.size() >= kMostPlaces) return;
  json::Object properties;
  if (const std::string name = collapsed(label); !name.empty())
    properties["label"] = json::Object{{"none", json::Array{name}}};
  features.push_back(
      json::Object{{"type", "Feature"}, {"properties", std::move(properties)}, {"geometry", std::move(geometry)}});
}

void Record::problem(int at, std::string reason) {
  if (problems.size() < kMostRecordProblems) problems.push_back({at, std::move(reason)});
}

bool Record::has(std::string_view name) const {
  return std::any_of(fields.begin(), fields.end(), [&](const RecordField& field) { return field.name == name; });
}

iiif::Description publish(const Record& record, const Crosswalk& crosswalk, std::string_view origin) {
  iiif::Description out = Publisher(record, crosswalk).run();
  clean(out);
  const auto from = [&](bool there, const char* property) {
    if (there) out.origins[property] = origin;
  };
  from(!out.label.empty(), "label");
  from(!out.summary.empty(), "summary");
  from(!out.metadata.empty(), "metadata");
  from(!out.required_statement.empty(), "requiredStatement");
  from(!out.rights.empty(), "rights");
  from(!out.nav_date.empty(), "navDate");
  from(!out.nav_place.is_null(), "navPlace");
  return out;
}

}  // namespace armarium::ingest::readers
