#include "iiif/presentation/values_2.h"

#include <algorithm>
#include <array>

#include "iiif/presentation/tree.h"

namespace armarium::iiif::presentation {
namespace {

bool like_html(std::string_view value) noexcept {
  return value.size() > 1 && value.front() == '<' && value.back() == '>';
}

json::Value value_2(const std::string& language, const std::string& value, Markup markup) {
  const std::string text = markup == Markup::text && like_html(value) ? value + " " : value;
  if (language == "none") return json::Value(text);
  return json::Object{{"@value", text}, {"@language", language}};
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
  return out;
}

struct KnownService {
  std::string_view type;
  std::string_view context;
};
constexpr std::array<KnownService, 6> kServices{{
    {"ImageService2", "http://iiif.io/api/image/2/context.json"},
    {"ImageService1", "http://library.stanford.edu/iiif/image-api/1.1/context.json"},
    {"SearchService1", "http://iiif.io/api/search/1/context.json"},
    {"AutoCompleteService1", "http://iiif.io/api/search/1/context.json"},
    {"SearchService0", "http://iiif.io/api/search/0/context.json"},
    {"ImageService3", "http://iiif.io/api/image/3/context.json"},
}};

std::string_view service_type(const json::Object& service) noexcept {
  const std::string_view type = type_of(service);
  return type.empty() ? json::text_of(service, "@type") : type;
}

std::string_view address(const json::Object& object) noexcept {
  const std::string_view id = json::text_of(object, "id");
  return id.empty() ? json::text_of(object, "@id") : id;
}

json::Object service_2(const json::Object& service) {
  const std::string_view type = service_type(service);
  const auto* known =
      std::find_if(kServices.begin(), kServices.end(), [&](const KnownService& one) { return one.type == type; });
  json::Object out;
  if (service.contains("@context")) {
    out["@context"] = service.at("@context");
  } else if (known != kServices.end()) {
    out["@context"] = known->context;
  }
  out["@id"] = address(service);
  // Version 2 knows a service by its profile, and 2.1 has no profile of Image API 3: the type says it to clients that could use it (Universal Viewer).
  if (type == "ImageService3") out["@type"] = type;
  std::string_view profile = json::text_of(service, "profile");
  // Levels have names in 3.0 and addresses in 2.1.
  std::string level;
  if (type == "ImageService2" && profile.starts_with("level")) {
    level = "http://iiif.io/api/image/2/" + std::string(profile) + ".json";
    profile = level;
  }
  if (!profile.empty()) out["profile"] = profile;
  for (const auto& member : service) {
    const std::string_view key = member.key();
    if (key != "id" && key != "type" && !key.starts_with('@') && key != "profile") out.emplace(key, member.value());
  }
  return out;
}

}  // namespace

json::Value text_2(const LanguageMap& map, Markup markup) {
  json::Array out;
  for (const auto& [language, values] : map.entries()) {
    for (const std::string& value : values) out.push_back(value_2(language, value, markup));
  }
  return one_or_list(std::move(out));
}

json::Value text_2(const json::Value& map, Markup markup) {
  const auto read = LanguageMap::from_json(map, "label");
  return read ? text_2(*read, markup) : json::Value();
}

json::Value pair_2(const json::Value& pair) {
  const json::Object* object = pair.if_object();
  if (object == nullptr || !object->contains("label") || !object->contains("value")) return nullptr;
  return json::Object{{"label", text_2(object->at("label"), Markup::text)},
                      {"value", text_2(object->at("value"), Markup::allowed)}};
}

json::Value attribution_2(const json::Object& statement) {
  const json::Value* values = statement.if_contains("value");
  const auto value = values == nullptr ? base::Result<LanguageMap>() : LanguageMap::from_json(*values, "value");
  if (!value) return nullptr;
  LanguageMap label;
  if (const json::Value* said = statement.if_contains("label")) {
    if (auto read = LanguageMap::from_json(*said, "label")) label = std::move(*read);
  }
  LanguageMap out;
  for (const auto& [language, texts] : value->entries()) {
    const std::string name = label.empty() ? std::string() : label.best(language).value;
    const bool usual = name.empty() || name == "Attribution" || name == "attribution";
    for (const std::string& text : texts) {
      const bool html = like_html(text);
      const std::size_t at = html ? text.find('>') + 1 : 0;
      out.add(language, usual ? text : text.substr(0, at) + (html ? escaped(name) : name) + ": " + text.substr(at));
    }
  }
  return text_2(out, Markup::allowed);
}

json::Object link_2(const json::Object& link) {
  json::Object out{{"@id", address(link)}};
  if (const json::Value* label = link.if_contains("label")) {
    if (json::Value text = text_2(*label, Markup::text); !text.is_null()) out["label"] = std::move(text);
  }
  for (const char* key : {"format", "profile"}) {
    if (const std::string_view text = json::text_of(link, key); !text.empty()) out[key] = text;
  }
  return out;
}

json::Object image_2(const json::Object& image) {
  const std::string_view other = json::text_of(image, "@2");
  json::Object out{{"@id", other.empty() ? address(image) : other}, {"@type", "dctypes:Image"}};
  if (const json::Value* label = image.if_contains("label")) {
    if (json::Value text = text_2(*label, Markup::text); !text.is_null()) out["label"] = std::move(text);
  }
  for (const char* key : {"format", "height", "width"}) {
    if (image.contains(key)) out[key] = image.at(key);
  }
  if (json::Value services = services_2(array_in(image, "service")); !services.is_null())
    out["service"] = std::move(services);
  return out;
}

json::Value services_2(const json::Array& services) {
  const auto is = [](const json::Value& value, std::string_view type) {
    return value.is_object() && service_type(value.get_object()) == type;
  };
  const bool has_2 =
      std::any_of(services.begin(), services.end(), [&](const json::Value& one) { return is(one, "ImageService2"); });
  json::Array out;
  for (const json::Value& service : services) {
    if (!service.is_object() || (has_2 && is(service, "ImageService3"))) continue;
    // 2.1 wants the context of each; what no context is known of is left out.
    if (json::Object known = service_2(service.get_object()); known.contains("@context"))
      out.push_back(std::move(known));
  }
  return one_or_list(std::move(out));
}

json::Value one_or_list(json::Array values) {
  if (values.empty()) return nullptr;
  if (values.size() == 1) return std::move(values.front());
  return values;
}

}  // namespace armarium::iiif::presentation
