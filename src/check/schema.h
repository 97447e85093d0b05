#pragma once
// What the specifications say of a resource's properties, as tables: which each type must, should, may and must not have, and what their values look like. A schema is built once and shared; reading
// it is thread-safe.
//
// A shape is spelled as in these examples:
//   "map"  "html"        a language map; one that may hold HTML
//   "uri"  "text"  "date"  "any"
//   "integer"  "count"  "positive"  "number"  "boolean"     integer above 0; from 0; number above 0; any number
//   "=a|b"               one of these words
//   "{A|B}"              an object of one of these types; "{}" any type that the schema knows; "{@A}" what A says, whatever its type is called
//   "<word>"             left to the specification's own rules under this name
//   "[…]"                a list of what stands between, "[…]+" with at least one entry
//   "… or …"             shapes that may stand for each other

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace armarium::check {

enum class Need : std::uint8_t { must, should, may, never };

struct Shape {
  enum class Kind : std::uint8_t {
    any,
    map,
    html,
    uri,
    text,
    date,
    integer,
    count,
    positive,
    number,
    boolean,
    word,
    object,
    list,
    custom
  };
  Kind kind = Kind::any;
  bool filled = false;               // of a list: at least one entry
  std::vector<std::string> names{};  // words, or types of an object
  std::vector<Shape> inner{};        // of a list: of its entries
  std::vector<Shape> others{};       // that may stand in its place

  static Shape parse(std::string_view text);
};

struct Property {
  std::string name;
  Need need = Need::may;
  Shape shape;
  std::string clause;
};

struct Type {
  std::string name;
  std::vector<Property> properties;
  const Property* find(std::string_view property) const noexcept;
};

class Schema {
 public:
  // A row of a specification's table of requirements: one letter for each of `types`: R must, r should, o may, - must not, a blank says nothing.
  struct Row {
    std::string_view name;
    std::string_view needs;
    std::string_view shape;
    std::string_view clause;
  };
  // One property of one type.
  struct Line {
    std::string_view name;
    Need need;
    std::string_view shape;
  };

  explicit Schema(std::string_view specification) : specification_(specification) {}
  Schema& matrix(std::span<const std::string_view> types, std::span<const Row> rows);
  Schema& type(std::string_view name, std::string_view clause, std::span<const Line> lines);
  // Adds lines to a type, or replaces those of the same name; `from` names the type that it begins as.
  Schema& derive(std::string_view name, std::string_view from, std::string_view clause, std::span<const Line> lines);
  // Also known by this name.
  Schema& same(std::string_view name, std::string_view as);
  // What other versions call a property: pairs of that name and of ours.
  Schema& other_names(std::span<const std::pair<std::string_view, std::string_view>> names);

  const Type* find(std::string_view type) const noexcept;
  // Empty for a name that is no other version's.
  std::string_view name_for(std::string_view other) const noexcept;
  const std::string& specification() const noexcept { return specification_; }

 private:
  std::string specification_;  // "Presentation 3.0"
  std::map<std::string, std::string, std::less<>> other_names_;
  std::map<std::string, std::shared_ptr<Type>, std::less<>> types_;
};

}  // namespace armarium::check
