#include "presentation/plain_text.h"

#include <fmt/format.h>

#include "presentation/build.h"
#include "presentation/ranges.h"

namespace armarium::presentation {
namespace {

namespace doc = iiif::presentation;
using iiif::LanguageMap;

// Without tags; entities as their characters.
std::string without_markup(std::string_view text) {
  if (!text.starts_with('<')) return std::string(text);  // Presentation 3.0, 4.6: HTML begins with <
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '<') {
      const std::size_t end = text.find('>', at);
      const std::string_view tag = text.substr(at, 3);
      if (tag == "<br" || tag == "</p") out += '\n';
      at = end == std::string_view::npos ? text.size() : end + 1;
      continue;
    }
    static constexpr std::pair<std::string_view, char> kEntities[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#39;", '\''}};
    bool found = false;
    for (const auto& [entity, character] : kEntities) {
      if (!text.substr(at).starts_with(entity)) continue;
      out += character;
      at += entity.size();
      found = true;
      break;
    }
    if (!found) out += text[at++];
  }
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

class Page {
 public:
  explicit Page(std::string_view language) : language_(language) {}

  std::string said(const LanguageMap& map) const { return without_markup(map.best(language_).value); }

  // All values in the language of the best one.
  std::string all(const LanguageMap& map) const {
    const std::string language = map.best(language_).language;
    std::string out;
    for (const auto& [tag, values] : map.entries()) {
      if (tag != language) continue;
      for (const std::string& value : values) out += (out.empty() ? "" : "; ") + without_markup(value);
    }
    return out;
  }

  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }
  void pair(const iiif::LabelValue& pair) { line(fmt::format("{}: {}", said(pair.label), all(pair.value))); }

  void head(const iiif::Description& description, std::string_view address) {
    const std::string title = said(description.label);
    line(title);
    line(std::string(std::min<std::size_t>(title.size(), 72), '='));
    if (!description.summary.empty()) line("\n" + said(description.summary));
    line("");
    for (const iiif::LabelValue& entry : description.metadata) pair(entry);
    for (const iiif::LabelValue& entry : description.required_statement) pair(entry);
    if (!description.rights.empty()) line(description.rights);
    line(address);
  }

  void contents(const json::Array& ranges, int depth) {
    if (depth > doc::kDeepestTree) return;
    for (const json::Value& value : ranges) {
      const json::Object* range = value.if_object();
      if (range == nullptr || doc::type_of(*range) != "Range") continue;
      if (const json::Value* label = range->if_contains("label")) {
        if (auto read = LanguageMap::from_json(*label, "label"))
          line(std::string(static_cast<std::size_t>(2 * depth), ' ') + said(*read));
      }
      contents(doc::array_in(*range, "items"), depth + 1);
    }
  }

  // Textual bodies of a Container, in order.
  void texts(const json::Value& value, int depth) {
    if (depth > doc::kDeepestTree) return;
    if (const json::Array* array = value.if_array()) {
      for (const json::Value& item : *array) texts(item, depth + 1);
      return;
    }
    const json::Object* object = value.if_object();
    if (object == nullptr) return;
    if (doc::type_of(*object) == "TextualBody") {
      line(without_markup(json::text_of(*object, "value")));
      return;
    }
    for (const char* key : {"items", "annotations", "body"}) {
      if (const json::Value* inner = object->if_contains(key)) texts(*inner, depth + 1);
    }
  }

  void canvas(const catalogue::Canvas& canvas) {
    line("");
    line(fmt::format("[{}]", canvas.label.empty() ? canvas.identifier : said(canvas.label)));
    texts(build_canvas(canvas), 0);
  }

  std::string take() && { return std::move(out_); }

 private:
  std::string_view language_;
  std::string out_;
};

}  // namespace

std::string plain_text(const catalogue::Manifest& manifest, std::string_view language, std::string_view page) {
  Page out(language);
  out.head(manifest.description, page);
  const json::Array ranges = manifest.tree.empty() ? ranges_of(manifest) : doc::array_in(manifest.tree, "structures");
  if (!ranges.empty()) out.line("");
  out.contents(ranges, 0);
  for (const catalogue::Canvas& canvas : manifest.canvases) out.canvas(canvas);
  return std::move(out).take();
}

}  // namespace armarium::presentation
