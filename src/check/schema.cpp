#include "check/schema.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace armarium::check {
namespace {

std::vector<std::string> split(std::string_view text, std::string_view by) {
  std::vector<std::string> parts;
  for (std::size_t end = text.find(by); end != std::string_view::npos; end = text.find(by)) {
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(end + by.size());
  }
  parts.emplace_back(text);
  return parts;
}

Shape::Kind kind_of(std::string_view word) {
  using Kind = Shape::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 11> kKinds = {{{"any", Kind::any},
                                                                         {"map", Kind::map},
                                                                         {"html", Kind::html},
                                                                         {"uri", Kind::uri},
                                                                         {"text", Kind::text},
                                                                         {"date", Kind::date},
                                                                         {"integer", Kind::integer},
                                                                         {"count", Kind::count},
                                                                         {"positive", Kind::positive},
                                                                         {"number", Kind::number},
                                                                         {"boolean", Kind::boolean}}};
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& one) { return one.first == word; });
  return found == kKinds.end() ? Kind::any : found->second;
}

Shape parse_one(std::string_view text) {
  Shape shape;
  if (text.starts_with('[')) {
    shape.kind = Shape::Kind::list;
    shape.filled = text.ends_with('+');
    const std::size_t end = text.rfind(']');
    shape.inner.push_back(Shape::parse(text.substr(1, end - 1)));
  } else if (text.starts_with('{')) {
    shape.kind = Shape::Kind::object;
    text = text.substr(1, text.size() - 2);
    if (!text.empty()) shape.names = split(text, "|");
  } else if (text.starts_with('<')) {
    shape.kind = Shape::Kind::custom;
    shape.names.emplace_back(text.substr(1, text.size() - 2));
  } else if (text.starts_with('=')) {
    shape.kind = Shape::Kind::word;
    shape.names = split(text.substr(1), "|");
  } else {
    shape.kind = kind_of(text);
  }
  return shape;
}

Need need_of(char letter) {
  return letter == 'R' ? Need::must : letter == 'r' ? Need::should : letter == '-' ? Need::never : Need::may;
}

}  // namespace

Shape Shape::parse(std::string_view text) {
  // " or " inside of a list belongs to its entries.
  const bool whole = text.starts_with('[') && (text.find("] or ") == std::string_view::npos);
  const std::vector<std::string> parts = whole ? std::vector<std::string>{std::string(text)} : split(text, " or ");
  Shape shape = parse_one(parts.front());
  for (std::size_t i = 1; i < parts.size(); ++i) shape.others.push_back(parse_one(parts[i]));
  return shape;
}

const Property* Type::find(std::string_view property) const noexcept {
  const auto found =
      std::find_if(properties.begin(), properties.end(), [&](const Property& one) { return one.name == property; });
  return found == properties.end() ? nullptr : &*found;
}

Schema& Schema::matrix(std::span<const std::string_view> types, std::span<const Row> rows) {
  for (std::size_t i = 0; i < types.size(); ++i) {
    auto type = std::make_shared<Type>();
    type->name = types[i];
    for (const Row& row : rows) {
      if (row.needs[i] == ' ') continue;
      type->properties.push_back({std::string(row.name), need_of(row.needs[i]), Shape::parse(row.shape),
                                  fmt::format("{}, {}", specification_, row.clause)});
    }
    types_[type->name] = std::move(type);
  }
  return *this;
}

Schema& Schema::type(std::string_view name, std::string_view clause, std::span<const Line> lines) {
  auto type = std::make_shared<Type>();
  type->name = name;
  for (const Line& line : lines) {
    type->properties.push_back(
        {std::string(line.name), line.need, Shape::parse(line.shape), fmt::format("{}, {}", specification_, clause)});
  }
  types_[type->name] = std::move(type);
  return *this;
}

Schema& Schema::derive(std::string_view name, std::string_view from, std::string_view clause,
                       std::span<const Line> lines) {
  auto type = std::make_shared<Type>(*types_.find(from)->second);
  type->name = name;
  for (const Line& line : lines) {
    std::erase_if(type->properties, [&](const Property& one) { return one.name == line.name; });
    type->properties.push_back(
        {std::string(line.name), line.need, Shape::parse(line.shape), fmt::format("{}, {}", specification_, clause)});
  }
  types_[type->name] = std::move(type);
  return *this;
}

Schema& Schema::same(std::string_view name, std::string_view as) {
  types_[std::string(name)] = types_.find(as)->second;
  return *this;
}

Schema& Schema::other_names(std::span<const std::pair<std::string_view, std::string_view>> names) {
  for (const auto& [other, ours] : names) other_names_.emplace(other, ours);
  return *this;
}

std::string_view Schema::name_for(std::string_view other) const noexcept {
  const auto found = other_names_.find(other);
  return found == other_names_.end() ? std::string_view() : std::string_view(found->second);
}

const Type* Schema::find(std::string_view type) const noexcept {
  const auto found = types_.find(type);
  return found == types_.end() ? nullptr : found->second.get();
}

}  // namespace armarium::check
