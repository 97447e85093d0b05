#pragma once
// One language of the site: its strings with their plural forms, and the choice of values from a language map. A Locale is a
// cheap view of a Catalogue, which outlives it; both may be used from any thread once loaded.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/site/pages.h"
#include "base/error.h"

namespace armarium::api::site {

// CLDR plural category of a whole number: "zero", "one", "two", "few", "many" or "other".
std::string_view plural_category(std::string_view language, std::uint64_t number);

// "rtl" for languages (or script subtags) written from right to left, else "ltr".
std::string_view direction_of(std::string_view language);

struct Strings {
  std::string code;
  std::string name;
  std::string direction;
  bool offered = true;  // false: reachable by ?lang= only
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> plurals;
};

// Reads one file of web/strings; fails on anything that is not strings, lists of strings or plural forms.
base::Result<Strings> parse_strings(std::string_view json);

class Locale {
 public:
  Locale(const Strings& strings, const Strings& fallback, bool explicit_choice)
      : strings_(&strings), fallback_(&fallback), explicit_(explicit_choice) {}

  [[nodiscard]] const std::string& code() const { return strings_->code; }
  [[nodiscard]] const std::string& direction() const { return strings_->direction; }
  // Asked for by ?lang=, so that links carry it on.
  [[nodiscard]] bool explicit_choice() const { return explicit_; }

  using Arguments = std::vector<std::pair<std::string_view, std::string>>;
  [[nodiscard]] std::string text(std::string_view key, const Arguments& arguments = {}) const;
  [[nodiscard]] const std::vector<std::string>& list(std::string_view key) const;
  [[nodiscard]] std::string count(std::string_view key, std::uint64_t number) const;
  [[nodiscard]] std::string number(std::uint64_t number) const;
  [[nodiscard]] bool has(std::string_view key) const;
  // Every plain string, missing ones from the fallback: what templates see as `t`.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> all_texts() const;

 private:
  const Strings* strings_;
  const Strings* fallback_;
  bool explicit_;
};

class Catalogue {
 public:
  // The first one is the fallback for missing strings and for readers whose languages we do not have.
  explicit Catalogue(std::vector<Strings> languages) : languages_(std::move(languages)) {}

  // `query` is the value of ?lang= or empty, `accept` the header Accept-Language or empty.
  [[nodiscard]] Locale choose(std::string_view query, std::string_view accept) const;
  [[nodiscard]] const std::vector<Strings>& languages() const { return languages_; }

 private:
  [[nodiscard]] const Strings* find(std::string_view tag, bool offered_only) const;
  std::vector<Strings> languages_;
};

// A value with the language in which it is written; empty language: not known.
struct Chosen {
  std::vector<std::string> values;
  std::string language;
};

// Presentation 3.0, 4.1 Language of Property Values.
Chosen choose_values(const LanguageMap& map, std::string_view language);

}  // namespace armarium::api::site
