#include "ingest/readers/marc_parts.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ingest/readers/marc.h"
#include "ingest/readers/roles.h"

namespace armarium::ingest::readers {
namespace {

bool any_of(std::string_view tag, std::initializer_list<std::string_view> tags) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

std::string_view subject_name(std::string_view tag) {
  if (any_of(tag, {"600", "610", "611"})) return "subject name";
  if (tag == "651" || tag == "662") return "place";
  if (tag == "648" || tag == "647") return "period";
  if (tag == "655") return "genre";
  return "subject";
}

// Brackets that open in one subfield and close in another: each part gets its own.
std::string with_both_brackets(std::string text) {
  const std::size_t open = text.rfind('[');
  const std::size_t close = text.find(']');
  if (open != std::string::npos && text.find(']', open) == std::string::npos) text += ']';
  if (close != std::string::npos && text.rfind('[', close) == std::string::npos) text.insert(0, 1, '[');
  return text;
}

}  // namespace

std::string without_punctuation(std::string_view text, bool stop) {
  std::string out = collapsed(text);
  const auto last_is = [&](std::string_view signs) {
    return !out.empty() && signs.find(out.back()) != std::string_view::npos;
  };
  while (last_is(" /:;,=")) out.pop_back();
  if (!stop || !last_is(".") || out.size() < 2) return with_both_brackets(std::move(out));
  // A full stop after a word or a number ends the element; after a short word it may be an abbreviation's.
  std::size_t word = 0;
  for (std::size_t at = out.size() - 1; at > 0; --at) {
    const char c = out[at - 1];
    const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (!part) break;
    ++word;
  }
  const bool closed = out[out.size() - 2] == ')' || out[out.size() - 2] == ']';
  const char before = out[out.size() - 2];
  if (word >= 4 || closed || (before >= '0' && before <= '9')) out.pop_back();
  return with_both_brackets(std::move(out));
}

std::string marc_title(const MarcField& field) {
  std::string out;
  for (const auto& [code, raw] : field.parts) {
    if (code != 'a' && code != 'b' && code != 'n' && code != 'p' && code != 'k' && code != 's') continue;
    std::string text = collapsed(raw);
    while (text.ends_with("/") || text.ends_with(" ")) text.pop_back();
    if (text.empty()) continue;
    if (!out.empty()) out += ' ';
    out += text;
  }
  // ISBD sets its signs apart; in a title that stands alone they stand as in a sentence.
  for (std::size_t at = out.find(" : "); at != std::string::npos; at = out.find(" : ", at)) out.erase(at, 1);
  return without_punctuation(out);
}

bool is_marc_name(std::string_view tag) { return any_of(tag, {"100", "110", "111", "700", "710", "711", "720"}); }

bool is_marc_subject(std::string_view tag) {
  return any_of(tag, {"600", "610", "611", "630", "647", "648", "650", "651", "655", "656", "657", "662"});
}

void marc_name(const MarcField& field, std::string_view tag, Record& out) {
  const bool meeting = tag.substr(1) == "11";
  const std::string name = without_punctuation(field.joined(meeting ? "acdenq" : "abcdnq"));
  if (const std::string title = field.joined("tfklmnoprs"); !field.part('t').empty()) {  // a work of that name
    return out.add("related", fmt::format("{}. {}", name, without_punctuation(title)));
  }
  bool said = false;
  for (const auto& [code, text] : field.parts) {
    if (code == '4' || (code == 'e' && !meeting && field.part('4').empty()) || (code == 'j' && meeting)) {
      said = add_name(out, name, text) || said;
    }
  }
  if (!said) out.add(tag[0] == '1' ? "creator" : "contributor", name);
}

void marc_subject(const MarcField& field, std::string_view tag, Record& out) {
  std::string text =
      without_punctuation(field.joined(any_of(tag, {"600", "610", "611", "630"}) ? "abcdeghklmnopqrst" : "abcdgeh"));
  for (const auto& [code, part] : field.parts) {
    if (code == 'v' || code == 'x' || code == 'y' || code == 'z')
      text += fmt::format("{}{}", text.empty() ? "" : " \u2013 ", without_punctuation(part));
  }
  out.add(subject_name(tag), text);
}

}  // namespace armarium::ingest::readers
