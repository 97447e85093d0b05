#include "api/oai_request.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "base/uri.h"
#include "iiif/content_state.h"
#include "json/json.h"

namespace armarium::api::oai {
namespace {

using base::Result;

struct VerbRow {
  Verb verb;
  std::string_view name;
  std::string_view arguments;  // each between blanks; those that must be there with "!"
};
constexpr std::array<VerbRow, 6> kVerbs = {{
    {Verb::identify, "Identify", " "},
    {Verb::list_metadata_formats, "ListMetadataFormats", " identifier "},
    {Verb::list_sets, "ListSets", " resumptionToken "},
    {Verb::list_identifiers, "ListIdentifiers", " metadataPrefix! from until set resumptionToken "},
    {Verb::list_records, "ListRecords", " metadataPrefix! from until set resumptionToken "},
    {Verb::get_record, "GetRecord", " identifier! metadataPrefix! "},
}};
constexpr std::size_t kMostArguments = 20;

tl::unexpected<base::Error> wrong(std::string_view code, std::string_view sentence) {
  return base::fail(base::ErrorCode::invalid_argument, fmt::format("{} {}", code, sentence));
}

Result<std::map<std::string, std::string>> arguments_of(std::string_view query) {
  std::map<std::string, std::string> out;
  while (!query.empty()) {
    const std::string_view one = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), one.size() + 1));
    if (one.empty()) continue;
    const std::string name(one.substr(0, one.find('=')));
    auto value = base::query_value(one, name);
    if (!value) return wrong("badArgument", "An argument is not percent-encoded as it should be.");
    if (!out.emplace(name, std::move(*value)).second || out.size() > kMostArguments)
      return wrong(name == "verb" ? "badVerb" : "badArgument",
                   "An argument is given more than once, or there are too many.");
  }
  return out;
}

Result<> check_arguments(const VerbRow& row, const std::map<std::string, std::string>& given) {
  for (const auto& [name, value] : given) {
    if (row.arguments.find(' ' + name + ' ') == std::string_view::npos &&
        row.arguments.find(' ' + name + "! ") == std::string_view::npos)
      return wrong("badArgument", fmt::format("{} has no argument {}.", row.name, name.substr(0, 40)));
  }
  if (given.contains("resumptionToken"))
    return given.size() == 1 ? Result<>() : wrong("badArgument", "A resumptionToken is the only argument.");
  for (const std::string_view needed : {"identifier", "metadataPrefix"}) {
    if (row.arguments.find(fmt::format(" {}! ", needed)) != std::string_view::npos &&
        !given.contains(std::string(needed)))
      return wrong("badArgument", fmt::format("{} needs the argument {}.", row.name, needed));
  }
  return {};
}

bool digits(std::string_view text, int& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() && text.front() != '-';
}

}  // namespace

std::string_view name_of(Verb verb) {
  const auto* found = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const VerbRow& row) { return row.verb == verb; });
  return found == kVerbs.end() ? std::string_view() : found->name;
}

Result<Question> read_question(std::string_view query) {
  auto arguments = arguments_of(query);
  if (!arguments) return base::fail(std::move(arguments.error()));
  const std::string verb = (*arguments)["verb"];
  arguments->erase("verb");
  const auto* row = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const VerbRow& one) { return one.name == verb; });
  if (row == kVerbs.end())
    return wrong("badVerb",
                 "The verbs are Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords and GetRecord.");
  if (auto checked = check_arguments(*row, *arguments); !checked) return base::fail(std::move(checked.error()));
  Question out{.verb = row->verb};
  out.identifier = (*arguments)["identifier"];
  out.prefix = (*arguments)["metadataPrefix"];
  out.set = (*arguments)["set"];
  out.from = (*arguments)["from"];
  out.until = (*arguments)["until"];
  out.token = (*arguments)["resumptionToken"];
  if (!out.from.empty() && !out.until.empty() && out.from.size() != out.until.size())
    return wrong("badArgument", "from and until must be of the same granularity.");
  return out;
}

Result<std::int64_t> read_time(std::string_view text, bool end) {
  const auto no_time = [&] { return wrong("badArgument", "A time is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ."); };
  const bool day = text.size() == 10;
  if (!day && (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z'))
    return no_time();
  if (text[4] != '-' || text[7] != '-') return no_time();
  int year = 0;
  int month = 0;
  int number = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!digits(text.substr(0, 4), year) || !digits(text.substr(5, 2), month) || !digits(text.substr(8, 2), number))
    return no_time();
  if (!day &&
      (!digits(text.substr(11, 2), hour) || !digits(text.substr(14, 2), minute) || !digits(text.substr(17, 2), second)))
    return no_time();
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(number))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return no_time();
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
  return (seconds + (end ? (day ? 86'400 : 1) : 0)) * 1'000;
}

std::string write_token(const Token& token) {
  const json::Array parts = {token.place,
                             json::Value(token.cursor),
                             json::Value(token.prefix),
                             json::Value(token.set),
                             json::Value(token.from),
                             json::Value(token.until)};
  return iiif::content_state::encode(json::to_text(parts));
}

Result<Token> read_token(std::string_view text) {
  const auto no_token = [] { return wrong("badResumptionToken", "This resumptionToken is none of ours."); };
  auto decoded = iiif::content_state::decode(text);
  if (!decoded) return no_token();
  auto value = json::parse(*decoded, {.max_bytes = 8'192, .max_depth = 3});
  const json::Array* parts = value ? value->if_array() : nullptr;
  if (parts == nullptr || parts->size() != 6 || !(*parts)[0].is_int64() || (*parts)[0].get_int64() < 0)
    return no_token();
  Token out{.place = static_cast<std::uint64_t>((*parts)[0].get_int64())};
  std::size_t at = 1;
  for (std::string* part : {&out.cursor, &out.prefix, &out.set, &out.from, &out.until}) {
    const json::String* one = (*parts)[at++].if_string();
    if (one == nullptr) return no_token();
    part->assign(one->begin(), one->end());
  }
  return out;
}

std::string set_of(std::string_view identifier) {
  std::string out;
  for (const char letter : identifier) {
    const bool allowed = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                         (letter >= '0' && letter <= '9') ||
                         std::string_view("-_.~").find(letter) != std::string_view::npos;
    out += allowed ? std::string(1, letter) : fmt::format("!{:02X}", static_cast<unsigned char>(letter));
  }
  return out;
}

std::string identifier_of_set(std::string_view set) {
  std::string spelled(set);
  std::replace(spelled.begin(), spelled.end(), '!', '%');
  return base::percent_decode(spelled).value_or(std::string(set));
}

}  // namespace armarium::api::oai
