#pragma once
// A walk over a document along its schema: says what is missing, misplaced or misshapen, and shows each resource on the way to rules that look further. One walk, one thread.

#include <functional>
#include <string>
#include <string_view>

#include "check/finding.h"
#include "check/schema.h"
#include "json/json.h"

namespace armarium::check {

// A resource, where it stands, and what it stands in.
struct Step {
  const Step* up = nullptr;
  const json::Object& object;
  std::string_view type;      // by which the schema knows it
  std::string_view property;  // of the resource above under which it stands
  const Place& place;

  // The nearest resource of a type, this one included; null where there is none.
  const Step* nearest(std::string_view wanted) const noexcept {
    const Step* step = this;
    while (step != nullptr && step->type != wanted) step = step->up;
    return step;
  }
};

class Rules {
 public:
  virtual ~Rules() = default;
  // Each resource, before what it holds.
  virtual void enter(const Step&) {}
  // A value whose shape is "<name>".
  virtual void custom(std::string_view /*name*/, const json::Value&, const Step&, const Place&) {}
  // Whether a property that the schema does not know is one of an extension that the document names.
  virtual bool extends(const Step&, std::string_view /*property*/) { return false; }
};

class Walk {
 public:
  // How a version of the specifications spells "type".
  Walk(const Schema& schema, Report& report, Rules& rules, std::string_view type_key = "type")
      : schema_(schema), report_(report), rules_(rules), type_key_(type_key) {}

  // An object that the schema knows by its type, one of `names` (empty: any).
  void resource(const json::Value& value, const Place& place, const std::vector<std::string>& names, const Step* up,
                std::string_view property, std::string_view clause);

 private:
  void properties(const Step& step, const Type& type);
  void unknown(const Step& step, const Type& type, std::string_view property, const Place& place);
  void value(const json::Value& value, const Shape& shape, const Property& property, const Step& step,
             const Place& place);
  bool fits(const json::Value& value, const Shape& shape) const;
  std::string fault(const json::Value& value, const Shape& shape) const;

  const Schema& schema_;
  Report& report_;
  Rules& rules_;
  std::string type_key_;
  int depth_ = 0;
};

// "a Canvas", "an Annotation".
std::string with_article(std::string_view noun);
// "a, b or c"
std::string in_words(const std::vector<std::string>& names);

}  // namespace armarium::check
