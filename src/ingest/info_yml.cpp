#include "ingest/info_yml.h"

#include <charconv>

#include <fmt/format.h>

#include "ingest/clean_description.h"
#include "ingest/rights_names.h"
#include "ingest/yaml_reader.h"

namespace armarium::ingest {
namespace {

// What older habits call it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kOtherNames = {
    {{"title", "label"},
     {"description", "summary"},
     {"license", "rights"},
     {"licence", "rights"},
     {"attribution", "requiredStatement"},
     {"required_statement", "requiredStatement"},
     {"nav_date", "navDate"},
     {"viewing_direction", "viewingDirection"},
     {"lang", "language"}}};

class InfoReader {
 public:
  InfoReader(Info& info, const std::map<std::string, int>& lines) : info_(info), lines_(lines) {}
  void read(json::Object object, std::string_view origin);

 private:
  int line_of(const std::string& key) const {
    const auto found = lines_.find(key);
    return found == lines_.end() ? 0 : found->second;
  }
  void problem(const std::string& key, std::string reason) {
    info_.problems.push_back({line_of(key), std::move(reason)});
  }
  bool take_own(const std::string& key, const json::Value& value);
  void choice(const std::string& key, const json::Value& value, std::string_view yes,
              std::initializer_list<std::string_view> no, bool& out);
  template <class Number>
  void limit(const std::string& key, const json::Value& value, std::optional<Number>& out);
  void order(const json::Value& value);

  Info& info_;
  const std::map<std::string, int>& lines_;
};

std::string_view text_in(const json::Value& value) {
  const auto* text = value.if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

void InfoReader::choice(const std::string& key, const json::Value& value, std::string_view yes,
                        std::initializer_list<std::string_view> no, bool& out) {
  const std::string_view text = text_in(value);
  if (text == yes) {
    out = true;
  } else if (std::find(no.begin(), no.end(), text) != no.end()) {
    out = false;
  } else {
    problem(key, fmt::format("{} must be {} or {}.", key, yes, *no.begin()));
  }
}

template <class Number>
void InfoReader::limit(const std::string& key, const json::Value& value, std::optional<Number>& out) {
  const std::string_view text = text_in(value);
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) {
    return problem(key, fmt::format("{} must be a whole number above 0.", key));
  }
  out = number;
}

void InfoReader::order(const json::Value& value) {
  const json::Array* list = value.if_array();
  if (list == nullptr) return problem("order", "order must be a list of names.");
  for (const json::Value& item : *list) {
    if (item.is_string()) info_.order.emplace_back(item.get_string());
  }
}

// Members that say how to read the folder; false when `key` is not one of them.
bool InfoReader::take_own(const std::string& key, const json::Value& value) {
  if (key == "publish") {
    choice(key, value, "true", {"false", "no"}, info_.publish);
  } else if (key == "each") {
    choice(key, value, "file", {"folder"}, info_.each_file);
  } else if (key == "masters") {
    choice(key, value, "public", {"withheld", "private"}, info_.masters_public);
  } else if (key == "embedded") {
    choice(key, value, "all", {"safe"}, info_.embedded_all);
  } else if (key == "id") {
    info_.id = text_in(value);
    if (info_.id.empty()) problem(key, "id must be text.");
  } else if (key == "order") {
    order(value);
  } else if (key == "ranges") {
    if (value.is_array()) {
      info_.ranges = value;
    } else {
      problem(key, "ranges must be a list.");
    }
  } else if (key == "maxWidth") {
    limit(key, value, info_.limits.max_width);
  } else if (key == "maxHeight") {
    limit(key, value, info_.limits.max_height);
  } else if (key == "width") {
    limit(key, value, info_.width);
  } else if (key == "height") {
    limit(key, value, info_.height);
  } else if (key == "maxArea") {
    limit(key, value, info_.limits.max_area);
  } else {
    return false;
  }
  return true;
}

// Text that is a number becomes one: GeoJSON has coordinates.
json::Value with_numbers(const json::Value& value) {
  if (const auto* array = value.if_array()) {
    json::Array out;
    for (const json::Value& item : *array) out.push_back(with_numbers(item));
    return out;
  }
  if (const auto* object = value.if_object()) {
    json::Object out;
    for (const auto& member : *object) {
      const bool words = member.key() == "label" || member.key() == "type" || member.key() == "id";
      out[member.key()] = words ? member.value() : with_numbers(member.value());
    }
    return out;
  }
  const std::string_view text = text_in(value);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return value;
  return number;
}

void InfoReader::read(json::Object object, std::string_view origin) {
  json::Object described;
  for (auto& member : object) {
    const std::string key(member.key());
    if (member.value().is_null() || take_own(key, member.value())) continue;
    const auto other =
        std::find_if(kOtherNames.begin(), kOtherNames.end(), [&](const auto& names) { return names.first == key; });
    const std::string name(other == kOtherNames.end() ? std::string_view(key) : other->second);
    if (described.contains(name)) continue;
    if (name == "rights") {
      const auto uri = rights_from_text(text_in(member.value()));
      described[name] = uri ? json::Value(*uri) : member.value();
    } else if (name == "navPlace") {
      described[name] = with_numbers(member.value());
    } else if (name != "access" && !name.starts_with('@')) {
      described[name] = member.value();
    }
  }
  std::vector<std::string> reasons;
  info_.description = iiif::Description::from_json(json::Value(described), reasons);
  for (std::string& reason : reasons) {
    const std::string key = reason.substr(0, reason.find_first_of(" :"));
    problem(key, std::move(reason));
  }
  clean(info_.description);
  for (const auto& member : described) info_.description.origins[std::string(member.key())] = origin;
}

}  // namespace

Info read_info(std::string_view text, std::string_view origin) {
  Info info;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  auto document = read_yaml(text);
  if (!document) {
    info.problems.push_back({document.error().line, document.error().reason});
    return info;
  }
  if (document->value.is_null()) return info;
  if (!document->value.is_object()) {
    info.problems.push_back({1, "The file must hold properties such as \"label: A title\"."});
    return info;
  }
  InfoReader(info, document->lines).read(std::move(document->value.get_object()), origin);
  return info;
}

}  // namespace armarium::ingest
