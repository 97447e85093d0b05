#include "api/site/template.h"

#include <kainjow/mustache.hpp>

namespace armarium::api::site {
namespace {

using kainjow::mustache::data;

data to_data(const View& view) {
  data object{data::type::object};
  for (const auto& [name, member] : view.members()) {
    if (const auto* text = std::get_if<std::string>(&member)) {
      object.set(name, data(*text));
    } else if (const auto* truth = std::get_if<bool>(&member)) {
      object.set(name, data(*truth ? data::type::bool_true : data::type::bool_false));
    } else {
      data list{data::type::list};
      for (const View& element : std::get<View::List>(member)) list.push_back(to_data(element));
      object.set(name, list);
    }
  }
  return object;
}

constexpr int kMaxNesting = 8;

base::Result<std::string> expand(std::string_view text, const std::map<std::string, std::string, std::less<>>& partials,
                                 int depth) {
  if (depth > kMaxNesting)
    return base::fail(base::ErrorCode::invalid_argument, "Templates include each other without end.");
  std::string result;
  for (;;) {
    const auto open = text.find("{{> ");
    const auto close = open == std::string_view::npos ? open : text.find("}}", open);
    if (close == std::string_view::npos) return result.append(text), result;
    result.append(text.substr(0, open));
    const std::string_view name = text.substr(open + 4, close - open - 4);
    const auto found = partials.find(name);
    if (found == partials.end())
      return base::fail(base::ErrorCode::invalid_argument, "A template includes one that is not there.",
                        std::string(name));
    auto inner = expand(found->second, partials, depth + 1);
    if (!inner) return inner;
    result.append(*inner);
    text.remove_prefix(close + 2);
    if (!text.empty() && text.front() == '\n') text.remove_prefix(1);
  }
}

}  // namespace

base::Result<Template> Template::parse(std::string_view text,
                                       const std::map<std::string, std::string, std::less<>>& partials) {
  auto whole = expand(text, partials, 0);
  if (!whole) return base::fail(std::move(whole).error());
  const kainjow::mustache::mustache parsed{*whole};
  if (!parsed.is_valid())
    return base::fail(base::ErrorCode::invalid_argument, "A template does not parse.", parsed.error_message());
  return Template(*std::move(whole));
}

// Parsed anew for each page: the library's render is not const, and a page of 10 kB parses in a fraction of the time that its rows took in the store.
std::string Template::render(const View& view, const View& strings) const {
  kainjow::mustache::mustache parsed{text_};
  data root = to_data(view);
  root.set("t", to_data(strings));
  return parsed.render(root);
}

}  // namespace armarium::api::site
