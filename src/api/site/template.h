#pragma once
// Mustache templates (kainjow's library behind one file) and the tree of values that they show. {{name}} is escaped for HTML; {{{name}}} only ever takes
// what html.h or the JSON writer made. A View is a value; a Template is immutable once parsed, any thread may render it.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace armarium::api::site {

// An object of a template: members are text, a truth, one object or a list of objects. A missing member is looked for in the enclosing objects (that is
// Mustache), so views inside lists set every member that their section asks for.
class View {
 public:
  using List = std::vector<View>;

  View& set(std::string name, std::string text) { return put(std::move(name), std::move(text)); }
  View& set(std::string name, std::string_view text) { return put(std::move(name), std::string(text)); }
  View& set(std::string name, const char* text) { return put(std::move(name), std::string(text)); }
  View& set(std::string name, bool truth) { return put(std::move(name), truth); }
  View& set(std::string name, View object) {
    List list;
    list.push_back(std::move(object));
    return put(std::move(name), std::move(list));
  }
  View& set(std::string name, List list) { return put(std::move(name), std::move(list)); }
  // The list, and beside it whether there is anything in it, for headings that stand before it.
  View& set_list(std::string flag, std::string name, List list) {
    put(std::move(flag), !list.empty());
    return put(std::move(name), std::move(list));
  }
  // Text, or false so that its section is left out.
  View& set_or_absent(std::string name, std::string text) {
    return text.empty() ? set(std::move(name), false) : set(std::move(name), std::move(text));
  }

  using Member = std::variant<std::string, bool, List>;
  [[nodiscard]] const std::vector<std::pair<std::string, Member>>& members() const { return members_; }

 private:
  View& put(std::string name, Member member) {
    members_.emplace_back(std::move(name), std::move(member));
    return *this;
  }
  std::vector<std::pair<std::string, Member>> members_;
};

class Template {
 public:
  // `partials` are put in place of {{> name}} once, here. Fails on a template that does not parse or a partial that is not there.
  static base::Result<Template> parse(std::string_view text,
                                      const std::map<std::string, std::string, std::less<>>& partials);
  [[nodiscard]] std::string render(const View& view, const View& strings) const;

 private:
  explicit Template(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace armarium::api::site
