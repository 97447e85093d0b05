#include "ingest/readers/marc.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "ingest/readers/coordinates.h"
#include "ingest/readers/dates.h"
#include "ingest/readers/language_codes.h"
#include "ingest/readers/marc_parts.h"

namespace armarium::ingest::readers {
namespace {

// Fields that are one text each. MARC 21 Format for Bibliographic Data; the codes in the order of the field.
struct Rule {
  std::string_view tag;
  std::string_view codes;
  std::string_view name;
  std::string_view between = " ";
};
constexpr std::array kRules = {
    Rule{"010", "a", "identifier lccn"},
    Rule{"020", "a", "identifier isbn"},
    Rule{"022", "a", "identifier issn"},
    Rule{"024", "a", "identifier"},
    Rule{"028", "ab", "identifier"},
    Rule{"033", "a", "event date"},
    Rule{"099", "a", "shelfmark"},
    Rule{"130", "adfgklmnoprs", "uniform title"},
    Rule{"210", "ab", "alternative title"},
    Rule{"240", "adfgklmnoprs", "uniform title"},
    Rule{"242", "abnp", "alternative title"},
    Rule{"246", "abnp", "alternative title"},
    Rule{"247", "abnp", "alternative title"},
    Rule{"250", "ab", "edition"},
    Rule{"254", "a", "edition"},
    Rule{"255", "ab", "scale"},
    Rule{"255", "c", "coordinates"},
    Rule{"300", "abcef", "extent"},
    Rule{"306", "a", "duration"},
    Rule{"310", "ab", "frequency"},
    Rule{"340", "abcdefo", "material", ", "},
    Rule{"351", "abc", "arrangement"},
    Rule{"362", "a", "dates of publication"},
    Rule{"440", "anpv", "series"},
    Rule{"490", "av", "series"},
    Rule{"500", "a", "note"},
    Rule{"501", "a", "note"},
    Rule{"502", "abcd", "note thesis"},
    Rule{"504", "a", "note bibliography"},
    Rule{"505", "agrtu", "contents"},
    Rule{"506", "abcd", "access"},
    Rule{"507", "ab", "scale"},
    Rule{"508", "a", "note credits"},
    Rule{"510", "abc", "note references"},
    Rule{"511", "a", "note performers"},
    Rule{"513", "ab", "note"},
    Rule{"515", "a", "note"},
    Rule{"518", "3adop", "note venue"},
    Rule{"520", "ab", "abstract"},
    Rule{"521", "a", "note audience"},
    Rule{"522", "a", "place"},
    Rule{"524", "a", "note citation"},
    Rule{"525", "a", "note"},
    Rule{"530", "abcd", "note additional form"},
    Rule{"533", "abcdefmn", "note reproduction"},
    Rule{"534", "pabcefklmnt", "note original"},
    Rule{"535", "abc", "note original location"},
    Rule{"538", "a", "note system details"},
    Rule{"544", "adent", "note related material"},
    Rule{"545", "ab", "note biographical"},
    Rule{"546", "ab", "note language"},
    Rule{"550", "a", "note"},
    Rule{"555", "abcd", "note finding aid"},
    Rule{"563", "a", "binding"},
    Rule{"580", "a", "note"},
    Rule{"581", "a", "note publications"},
    Rule{"585", "a", "note exhibitions"},
    Rule{"586", "a", "note awards"},
    Rule{"653", "a", "subject", "; "},
    Rule{"730", "adfgklmnoprst", "related"},
    Rule{"740", "anp", "alternative title"},
    Rule{"752", "abcdefgh", "place", " \u2013 "},
    Rule{"773", "atdgbhk", "host"},
    Rule{"774", "at", "related"},
    Rule{"775", "abdt", "related"},
    Rule{"776", "abdt", "related"},
    Rule{"777", "at", "related"},
    Rule{"780", "abdt", "preceding"},
    Rule{"785", "abdt", "succeeding"},
    Rule{"787", "abdt", "related"},
    Rule{"830", "anpvt", "series"},
};

// Leader, 06: the words of typeOfResource, which the crosswalk has in several languages.
std::string_view type_of(char sign) {
  switch (sign) {
    case 'a':
    case 't': return "text";
    case 'c':
    case 'd': return "notated music";
    case 'e':
    case 'f': return "cartographic";
    case 'g': return "moving image";
    case 'i': return "sound recording-nonmusical";
    case 'j': return "sound recording-musical";
    case 'k': return "still image";
    case 'm': return "software, multimedia";
    case 'o':
    case 'p': return "mixed material";
    case 'r': return "three dimensional object";
    default: return {};
  }
}

class Reader {
 public:
  explicit Reader(const MarcRecord& marc) : marc_(marc) {}
  Record read() &&;

 private:
  void field(const MarcField& field, std::string_view tag);
  void title(const MarcField& field);
  void publication(const MarcField& field);
  void coordinates(const MarcField& field);
  void rights(const MarcField& field);
  void holding(const MarcField& field);
  void link(const MarcField& field);
  void languages(const MarcField& field);
  bool special(const MarcField& field, std::string_view tag);
  void date();
  void add(std::string_view name, std::string_view text) { out_.add(name, text, "none"); }

  const MarcRecord& marc_;
  Record out_;
  std::string written_date_;  // of 260 or 264
  bool has_coordinates_ = false;
};

void Reader::title(const MarcField& field) {
  if (const std::string title = marc_title(field); !title.empty()) add("title", title);
  add("responsibility", without_punctuation(field.joined("c")));
  const std::string dates = without_punctuation(field.joined("fg", ", "));
  add("date created", dates);
  if (written_date_.empty()) written_date_ = dates;
}

// 260 and 264: production, publication, distribution, manufacture, copyright.
void Reader::publication(const MarcField& field) {
  const bool copyright = field.tag == "264" && field.second == '4';
  const bool made = field.tag == "264" && field.second == '0';
  for (const auto& [code, raw] : field.parts) {
    const std::string text = without_punctuation(raw, code == 'c' || code == 'g');
    if (code == 'a' || code == 'e') add("publication place", text);
    if (code == 'b') add(made ? "creator" : "publisher", text);
    if (code == 'f') add("printer", text);
    if (code == 'c' || code == 'g') {
      add(copyright ? "date copyrighted" : made ? "date created" : "date issued", text);
      if (code == 'c' && !copyright && written_date_.empty()) written_date_ = text;
    }
  }
}

// 034: the box in $d west, $e east, $f north, $g south; several repeat one field.
void Reader::coordinates(const MarcField& field) {
  const auto side = [&](char code, double most) { return degrees_of(field.part(code), most); };
  const auto west = side('d', 180);
  const auto east = side('e', 180);
  const auto north = side('f', 90);
  const auto south = side('g', 90);
  if (field.part('d').empty() && field.part('f').empty()) return;
  const auto geometry =
      west && east && north && south ? box_of(*west, *east, *south, *north) : std::optional<json::Object>();
  if (!geometry) return out_.problem(field.line, "The coordinates of field 034 are none and are left out.");
  out_.place(*geometry);
  has_coordinates_ = true;
}

// 540: $u is the address of the terms, $f their name in a list ($2 "cc", "rs").
void Reader::rights(const MarcField& field) {
  out_.rights_statement("rights", field.joined("abcd"), field.part('u'));
  if (out_.rights.empty()) {
    const std::string named(field.part('f'));
    if (!named.empty()) out_.rights_statement("rights", field.joined("af"), named);
  }
}

void Reader::holding(const MarcField& field) {
  add("repository", without_punctuation(field.joined("ab", ", ")));
  add("shelfmark", field.joined("khijm"));
}

void Reader::link(const MarcField& field) {
  for (const auto& [code, text] : field.parts) {
    if (code == 'u') add("link", text);
  }
}

// 041 $a: each subfield a code, in old records several in one.
void Reader::languages(const MarcField& field) {
  if (field.second == '7') return;  // codes of another list
  for (const auto& [code, text] : field.parts) {
    if ((code != 'a' && code != 'd') || text.size() % 3 != 0) continue;
    for (std::size_t at = 0; at < text.size() && at < 60; at += 3)
      out_.add({.name = "language", .value = text.substr(at, 3), .codes = "language"});
  }
}

bool Reader::special(const MarcField& field, std::string_view tag) {
  if (tag == "245") {
    title(field);
  } else if (tag == "260" || tag == "264") {
    publication(field);
  } else if (tag == "034") {
    coordinates(field);
  } else if (tag == "041") {
    languages(field);
  } else if (tag == "540") {
    rights(field);
  } else if (tag == "541" || tag == "561") {  // first indicator 0: private
    if (field.first != '0') add(tag == "541" ? "acquisition" : "provenance", field.joined(tag == "541" ? "acd" : "a"));
  } else if (tag == "852") {
    holding(field);
  } else if (tag == "856") {
    link(field);
  } else if (is_marc_name(tag)) {
    marc_name(field, tag, out_);
  } else if (is_marc_subject(tag)) {
    marc_subject(field, tag, out_);
  } else {
    return false;
  }
  return true;
}

void Reader::field(const MarcField& field, std::string_view tag) {
  if (special(field, tag)) return;
  if (tag == "830" && marc_.field("490") != nullptr) return;  // the same series, as a heading
  for (const Rule& rule : kRules) {
    if (rule.tag != tag) continue;
    std::string text = field.joined(rule.codes, rule.between);
    const bool prose = tag[0] == '5';
    if (!prose) text = without_punctuation(text);
    if (tag[0] == '7' || tag == "130" || tag == "240") text = without_punctuation(text);
    if (rule.codes == "c" && !has_coordinates_) {
      if (auto geometry = geometry_of(text)) out_.place(std::move(*geometry));
    }
    add(rule.name, text);
  }
}

// 008/06-14: one date that is known, and that the record writes without doubt.
void Reader::date() {
  const std::string_view fixed = marc_.control("008");
  if (fixed.size() < 15) return out_.date(written_date_);
  const char kind = fixed[6];
  const std::string year(fixed.substr(7, 4));
  if (kind != 's' && kind != 'e' && kind != 't') return;
  const bool same =
      written_date_.empty() || written_date_ == year ||
      (kind == 'e' && written_date_.find('?') == std::string::npos && written_date_.find(year) != std::string::npos);
  if (!same) return;
  if (kind == 'e') {
    const std::string month(fixed.substr(11, 2));
    const std::string day(fixed.substr(13, 2));
    out_.date(fmt::format("{}-{}-{}", year, month, day));
    out_.date(fmt::format("{}-{}", year, month));
  }
  out_.date(year);
}

Record Reader::read() && {
  out_.format = "marc";
  out_.profile = "http://www.loc.gov/MARC21/slim";
  out_.media_type = "application/marc";
  out_.line = marc_.line;
  out_.problems = marc_.problems;
  if (marc_.leader.size() > 6) {
    if (const auto type = type_of(marc_.leader[6]); !type.empty())
      out_.add({.name = "type", .value = std::string(type), .codes = "type"});
  }
  const std::string_view number = marc_.control("001");
  out_.identifier(number);
  for (const MarcField& each : marc_.fields) {
    if (each.tag == "035") out_.identifier(each.part('a'));
    if (each.tag == "024" || each.tag == "099") out_.identifier(each.part('a'));
  }
  for (const MarcField& each : marc_.fields) {
    if (each.tag == "880") {  // the same in another script: $6 says of which field
      field(each, each.part('6').substr(0, 3));
    } else {
      field(each, each.tag);
    }
  }
  add("identifier control number", number);
  const std::string_view fixed = marc_.control("008");
  if (fixed.size() >= 38 && !out_.has("language") && language_tag(fixed.substr(35, 3)) != "none")
    out_.add({.name = "language", .value = std::string(fixed.substr(35, 3)), .codes = "language"});
  date();
  return std::move(out_);
}

}  // namespace

Record marc_record(const MarcRecord& marc) { return Reader(marc).read(); }

}  // namespace armarium::ingest::readers
