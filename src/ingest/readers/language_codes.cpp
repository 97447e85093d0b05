#include "ingest/readers/language_codes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "iiif/description_values.h"
#include "ingest/text_case.h"

namespace armarium::ingest::readers {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// ISO 639-2, both lists, with the codes of ISO 639-1 that BCP 47 wants in their place (RFC 5646, 2.2.1). Sorted.
constexpr std::array<Pair, 204> kShorter = {
    {{"aar", "aa"}, {"abk", "ab"}, {"afr", "af"}, {"aka", "ak"}, {"alb", "sq"}, {"amh", "am"}, {"ara", "ar"},
     {"arg", "an"}, {"arm", "hy"}, {"asm", "as"}, {"ava", "av"}, {"ave", "ae"}, {"aym", "ay"}, {"aze", "az"},
     {"bak", "ba"}, {"bam", "bm"}, {"baq", "eu"}, {"bel", "be"}, {"ben", "bn"}, {"bih", "bh"}, {"bis", "bi"},
     {"bod", "bo"}, {"bos", "bs"}, {"bre", "br"}, {"bul", "bg"}, {"bur", "my"}, {"cat", "ca"}, {"ces", "cs"},
     {"cha", "ch"}, {"che", "ce"}, {"chi", "zh"}, {"chu", "cu"}, {"chv", "cv"}, {"cor", "kw"}, {"cos", "co"},
     {"cre", "cr"}, {"cym", "cy"}, {"cze", "cs"}, {"dan", "da"}, {"deu", "de"}, {"div", "dv"}, {"dut", "nl"},
     {"dzo", "dz"}, {"ell", "el"}, {"eng", "en"}, {"epo", "eo"}, {"est", "et"}, {"eus", "eu"}, {"ewe", "ee"},
     {"fao", "fo"}, {"fas", "fa"}, {"fij", "fj"}, {"fin", "fi"}, {"fra", "fr"}, {"fre", "fr"}, {"fry", "fy"},
     {"ful", "ff"}, {"geo", "ka"}, {"ger", "de"}, {"gla", "gd"}, {"gle", "ga"}, {"glg", "gl"}, {"glv", "gv"},
     {"gre", "el"}, {"grn", "gn"}, {"guj", "gu"}, {"hat", "ht"}, {"hau", "ha"}, {"heb", "he"}, {"her", "hz"},
     {"hin", "hi"}, {"hmo", "ho"}, {"hrv", "hr"}, {"hun", "hu"}, {"hye", "hy"}, {"ibo", "ig"}, {"ice", "is"},
     {"ido", "io"}, {"iii", "ii"}, {"iku", "iu"}, {"ile", "ie"}, {"ina", "ia"}, {"ind", "id"}, {"ipk", "ik"},
     {"isl", "is"}, {"ita", "it"}, {"jav", "jv"}, {"jpn", "ja"}, {"kal", "kl"}, {"kan", "kn"}, {"kas", "ks"},
     {"kat", "ka"}, {"kau", "kr"}, {"kaz", "kk"}, {"khm", "km"}, {"kik", "ki"}, {"kin", "rw"}, {"kir", "ky"},
     {"kom", "kv"}, {"kon", "kg"}, {"kor", "ko"}, {"kua", "kj"}, {"kur", "ku"}, {"lao", "lo"}, {"lat", "la"},
     {"lav", "lv"}, {"lim", "li"}, {"lin", "ln"}, {"lit", "lt"}, {"ltz", "lb"}, {"lub", "lu"}, {"lug", "lg"},
     {"mac", "mk"}, {"mah", "mh"}, {"mal", "ml"}, {"mao", "mi"}, {"mar", "mr"}, {"may", "ms"}, {"mkd", "mk"},
     {"mlg", "mg"}, {"mlt", "mt"}, {"mon", "mn"}, {"mri", "mi"}, {"msa", "ms"}, {"mya", "my"}, {"nau", "na"},
     {"nav", "nv"}, {"nbl", "nr"}, {"nde", "nd"}, {"ndo", "ng"}, {"nep", "ne"}, {"nld", "nl"}, {"nno", "nn"},
     {"nob", "nb"}, {"nor", "no"}, {"nya", "ny"}, {"oci", "oc"}, {"oji", "oj"}, {"ori", "or"}, {"orm", "om"},
     {"oss", "os"}, {"pan", "pa"}, {"per", "fa"}, {"pli", "pi"}, {"pol", "pl"}, {"por", "pt"}, {"pus", "ps"},
     {"que", "qu"}, {"roh", "rm"}, {"ron", "ro"}, {"rum", "ro"}, {"run", "rn"}, {"rus", "ru"}, {"sag", "sg"},
     {"san", "sa"}, {"sin", "si"}, {"slk", "sk"}, {"slo", "sk"}, {"slv", "sl"}, {"sme", "se"}, {"smo", "sm"},
     {"sna", "sn"}, {"snd", "sd"}, {"som", "so"}, {"sot", "st"}, {"spa", "es"}, {"sqi", "sq"}, {"srd", "sc"},
     {"srp", "sr"}, {"ssw", "ss"}, {"sun", "su"}, {"swa", "sw"}, {"swe", "sv"}, {"tah", "ty"}, {"tam", "ta"},
     {"tat", "tt"}, {"tel", "te"}, {"tgk", "tg"}, {"tgl", "tl"}, {"tha", "th"}, {"tib", "bo"}, {"tir", "ti"},
     {"ton", "to"}, {"tsn", "tn"}, {"tso", "ts"}, {"tuk", "tk"}, {"tur", "tr"}, {"twi", "tw"}, {"uig", "ug"},
     {"ukr", "uk"}, {"urd", "ur"}, {"uzb", "uz"}, {"ven", "ve"}, {"vie", "vi"}, {"vol", "vo"}, {"wel", "cy"},
     {"wln", "wa"}, {"wol", "wo"}, {"xho", "xh"}, {"yid", "yi"}, {"yor", "yo"}, {"zha", "za"}, {"zho", "zh"},
     {"zul", "zu"}}};

// Those that occur in Linked Art: https://linked.art/model/vocab/ and the languages of AAT (children of 300411913).
constexpr std::array<Pair, 20> kNames = {
    {{"english", "en"},  {"dutch", "nl"},      {"german", "de"},  {"french", "fr"},    {"spanish", "es"},
     {"italian", "it"},  {"latin", "la"},      {"chinese", "zh"}, {"greek", "el"},     {"russian", "ru"},
     {"japanese", "ja"}, {"portuguese", "pt"}, {"polish", "pl"},  {"danish", "da"},    {"swedish", "sv"},
     {"arabic", "ar"},   {"hebrew", "he"},     {"czech", "cs"},   {"norwegian", "no"}, {"turkish", "tr"}}};
constexpr std::array<Pair, 5> kConcepts = {
    {{"300388277", "en"}, {"300388256", "nl"}, {"300388344", "de"}, {"300388306", "fr"}, {"300389311", "es"}}};

}  // namespace

std::string language_tag(std::string_view code) {
  const std::string text(trimmed(code));
  const std::size_t primary = std::min(text.find('-'), text.size());
  if (primary < 2 || primary > 3 || !iiif::is_language_tag(text)) return "none";
  const std::string small = lower(std::string_view(text).substr(0, primary));
  for (const std::string_view none : {"und", "mul", "zxx", "mis"}) {
    if (small == none) return "none";
  }
  const auto* found = std::lower_bound(kShorter.begin(), kShorter.end(), small,
                                       [](const Pair& a, const std::string& b) { return a.first < b; });
  const std::string_view tag =
      found != kShorter.end() && found->first == small ? found->second : std::string_view(small);
  return std::string(tag) + text.substr(primary);
}

std::string language_by_name(std::string_view name) {
  const std::string small = lower(name);
  for (const auto& [known, tag] : kNames) {
    if (small == known) return std::string(tag);
  }
  for (const auto& [concept_id, tag] : kConcepts) {
    if (small.ends_with(concept_id)) return std::string(tag);
  }
  return language_tag(name);
}

}  // namespace armarium::ingest::readers
