#pragma once
// What is said of a thing, in the vocabulary of Presentation 4 as a superset: versions 2, 3 and 4 are written from it and lose nothing that they can say.
// Statements are kept by property; where each came from is in `origins`. Values that may hold HTML are cleaned to the permitted elements before they get here.
// Values; any thread.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "json/json.h"

namespace armarium::iiif {

// BCP 47 tag (or "none") → values, in the order in which they were given.
class LanguageMap {
 public:
  LanguageMap() = default;
  static LanguageMap none(std::string value) { return of("none", std::move(value)); }
  static LanguageMap of(std::string_view language, std::string value);
  void add(std::string_view language, std::string value);
  bool empty() const noexcept { return entries_.empty(); }
  const std::vector<std::pair<std::string, std::vector<std::string>>>& entries() const noexcept { return entries_; }
  // The best value for a reader: asked language, its base language, "none", "en", the first there is.
  struct Best {
    std::string language;
    std::string value;
  };
  Best best(std::string_view wanted) const;
  json::Value to_json() const;  // {"de": ["…"]}
  // Accepts a string, an array of strings, {lang: string | [strings]}; anything else is an Error that names the property.
  static base::Result<LanguageMap> from_json(const json::Value& value, std::string_view property);
  friend bool operator==(const LanguageMap&, const LanguageMap&) = default;

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> entries_;
};

struct LabelValue {
  LanguageMap label;
  LanguageMap value;
  friend bool operator==(const LabelValue&, const LabelValue&) = default;
};

// homepage, seeAlso, rendering, logo, partOf: a linked thing.
struct Link {
  std::string id;
  std::string type;  // "Text", "Dataset", "Image", …
  LanguageMap label;
  std::string format;
  std::string profile;
  std::vector<std::string> languages;
  friend bool operator==(const Link&, const Link&) = default;
};

struct Agent {
  std::string id;
  LanguageMap label;
  std::vector<Link> homepage;
  std::vector<Link> logo;
  std::vector<Link> see_also = {};
  friend bool operator==(const Agent&, const Agent&) = default;
};

struct Description {
  LanguageMap label;
  LanguageMap summary;
  std::vector<LabelValue> metadata;
  std::vector<LabelValue> required_statement;  // none or one
  std::string rights;  // http://creativecommons.org/… or http://rightsstatements.org/vocab/…
  std::vector<Agent> provider;
  std::string nav_date;   // xsd:dateTime with a time zone
  json::Value nav_place;  // null or a FeatureCollection
  std::vector<std::string> behavior;
  std::string viewing_direction;
  std::string language;  // BCP 47: of plain strings in the source, else "none"
  std::vector<Link> homepage;
  std::vector<Link> see_also;
  std::vector<Link> rendering;
  json::Object more;                           // members we do not know, in order
  std::map<std::string, std::string> origins;  // property → "info.yml", "metadata.csv", "embedded", "file name"

  json::Value to_json() const;  // the form that the store keeps
  // Reads that form, Presentation 3 and the shorthands of info.yml: plain strings (in `language`), one object where an array is due, metadata as an
  // object, bare URIs as links. The first thing that cannot be understood is the Error, which names its property.
  static base::Result<Description> from_json(const json::Value& value);
  // The same, passing over what cannot be understood: one sentence for each is added to `problems`.
  static Description from_json(const json::Value& value, std::vector<std::string>& problems);
  // Whether a property has a place of its own here, outside of `more`.
  static bool describes(std::string_view property) noexcept;
  // Takes each property that `this` lacks from `other`: the merge of origins in order of precedence.
  void merge_below(const Description& other);
};

}  // namespace armarium::iiif
