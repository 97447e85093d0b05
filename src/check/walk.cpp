#include "check/walk.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "check/values.h"

namespace armarium::check {
namespace {

using Kind = Shape::Kind;

constexpr int kDeepest = 64;

bool is_whole(const json::Value& value) { return value.is_int64() || value.is_uint64(); }
double number_of(const json::Value& value) {
  boost::system::error_code failed;
  const auto number = value.to_number<double>(failed);
  return failed ? std::nan("") : number;
}

bool same_but_for_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](unsigned char x, unsigned char y) {
           return std::tolower(x) == std::tolower(y);
         });
}

}  // namespace

std::string with_article(std::string_view noun) {
  if (noun == "metadata" || noun.ends_with("s") || noun == "seeAlso") return std::string(noun);
  const bool vowel = !noun.empty() && std::string_view("AEIOaeio").find(noun.front()) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

std::string in_words(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += fmt::format("{}{}", i == 0 ? "" : i + 1 == names.size() ? " or " : ", ", names[i]);
  return out;
}

void Walk::resource(const json::Value& value, const Place& place, const std::vector<std::string>& names, const Step* up,
                    std::string_view property, std::string_view clause) {
  const json::Object* object = value.if_object();
  if (object == nullptr) {
    return report_.must(place, clause,
                        names.empty() || names.front().starts_with('@')
                            ? "This must be an object with an id and a type."
                            : fmt::format("This must be an object of type {}.", in_words(names)));
  }
  if (depth_ >= kDeepest) return report_.must(place, clause, "The document is nested too deeply.");
  std::string_view type;
  if (names.size() == 1 && names.front().starts_with('@')) {
    type = std::string_view(names.front()).substr(1);
  } else {
    const json::Value* said = object->if_contains(type_key_);
    if (said == nullptr) {
      if (names.size() != 1) return report_.must(place, clause, fmt::format("This must have a {}.", type_key_));
      report_.must(place, clause, fmt::format("{} must have a {}.", with_article(names.front()), type_key_));
      type = names.front();
    } else if (!said->is_string()) {
      return report_.must(Place(place, type_key_), clause, fmt::format("{} must be one text.", type_key_));
    } else {
      type = said->get_string();
      if (!names.empty() && std::find(names.begin(), names.end(), type) == names.end()) {
        return report_.must(Place(place, type_key_), clause,
                            fmt::format("Here {} is expected, and this says \"{}\".", in_words(names), type));
      }
    }
  }
  const Type* known = schema_.find(type);
  if (known == nullptr) {
    return report_.must(Place(place, type_key_), clause, fmt::format("\"{}\" is no type that belongs here.", type));
  }
  const Step step{up, *object, known->name, property, place};
  ++depth_;
  rules_.enter(step);
  properties(step, *known);
  --depth_;
}

void Walk::properties(const Step& step, const Type& type) {
  for (const Property& property : type.properties) {
    const json::Value* value = step.object.if_contains(property.name);
    if (value == nullptr) {
      if (property.need == Need::must)
        report_.must(step.place, property.clause,
                     fmt::format("{} must have {}.", with_article(type.name), with_article(property.name)));
      if (property.need == Need::should)
        report_.should(step.place, property.clause,
                       fmt::format("{} should have {}.", with_article(type.name), with_article(property.name)));
      continue;
    }
    const Place place(step.place, property.name);
    if (property.need == Need::never) {
      report_.must(place, property.clause,
                   fmt::format("{} must not have {}.", with_article(type.name), with_article(property.name)));
      continue;
    }
    this->value(*value, property.shape, property, step, place);
  }
  for (const auto& member : step.object) {
    if (type.find(member.key()) == nullptr) unknown(step, type, member.key(), Place(step.place, member.key()));
  }
}

void Walk::unknown(const Step& step, const Type& type, std::string_view property, const Place& place) {
  const std::string clause = schema_.specification() + ", 4 JSON-LD Considerations";
  if (property == "@context") return;  // looked at for the document as a whole
  if (const std::string_view ours = schema_.name_for(property); !ours.empty())
    return report_.must(place, clause,
                        fmt::format("{} belongs to another version; here it is called {}.", property, ours));
  for (const Property& known : type.properties) {
    if (same_but_for_case(known.name, property))
      return report_.must(place, clause, fmt::format("{} must be spelled {}.", property, known.name));
  }
  if (property.starts_with('@') && !type_key_.starts_with('@'))
    return report_.must(place, clause, fmt::format("{} must be written without @.", property));
  if (rules_.extends(step, property)) return;
  report_.should(place, clause, fmt::format("{} is no property that the specification knows here.", property));
}

bool Walk::fits(const json::Value& value, const Shape& shape) const {
  switch (shape.kind) {
    case Kind::any:
    case Kind::custom: return true;
    case Kind::object: return value.is_object();
    case Kind::list: return value.is_array();
    default: return fault(value, shape).empty();
  }
}

std::string Walk::fault(const json::Value& value, const Shape& shape) const {
  switch (shape.kind) {
    case Kind::map: return language_map_fault(value, false).value_or("");
    case Kind::html: return language_map_fault(value, true).value_or("");
    case Kind::uri: return uri_fault(value).value_or("");
    case Kind::date: return date_fault(value).value_or("");
    case Kind::text: return value.is_string() ? "" : "must be text";
    case Kind::boolean: return value.is_bool() ? "" : "must be true or false";
    case Kind::integer: return is_whole(value) && number_of(value) > 0 ? "" : "must be a whole number above 0";
    case Kind::count: return is_whole(value) && number_of(value) >= 0 ? "" : "must be a whole number, 0 or above";
    case Kind::positive: return value.is_number() && number_of(value) > 0 ? "" : "must be a number above 0";
    case Kind::number: return value.is_number() ? "" : "must be a number";
    case Kind::word: {
      const json::String* text = value.if_string();
      const bool known = text != nullptr && std::find(shape.names.begin(), shape.names.end(),
                                                      std::string_view(*text)) != shape.names.end();
      return known ? "" : "must be " + in_words(shape.names);
    }
    case Kind::list: return "must be a list, in square brackets";
    case Kind::object: return "must be an object";
    default: return {};
  }
}

void Walk::value(const json::Value& value, const Shape& shape, const Property& property, const Step& step,
                 const Place& place) {
  const Shape* chosen = &shape;
  if (!shape.others.empty() && !fits(value, shape)) {
    for (const Shape& other : shape.others) {
      if (fits(value, other)) chosen = &other;
    }
  }
  if (chosen->kind == Kind::custom) return rules_.custom(chosen->names.front(), value, step, place);
  if (chosen->kind == Kind::object) return resource(value, place, chosen->names, &step, property.name, property.clause);
  if (chosen->kind != Kind::list || !value.is_array()) {
    const std::string wrong = fault(value, *chosen);
    if (!wrong.empty()) report_.must(place, property.clause, fmt::format("{} {}.", property.name, wrong));
    return;
  }
  const json::Array& entries = value.get_array();
  if (entries.empty() && chosen->filled)
    report_.must(place, property.clause, fmt::format("{} must have at least one entry.", property.name));
  std::size_t index = 0;
  for (const json::Value& entry : entries)
    this->value(entry, chosen->inner.front(), property, step, Place(place, index++));
}

}  // namespace armarium::check
