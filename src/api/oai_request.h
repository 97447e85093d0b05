#pragma once
// A question of OAI-PMH 2.0: verb and arguments, checked by the table of section 4. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace armarium::api::oai {

enum class Verb : std::uint8_t {
  none,
  identify,
  list_metadata_formats,
  list_sets,
  list_identifiers,
  list_records,
  get_record
};

struct Question {
  Verb verb = Verb::none;
  std::string identifier{};
  std::string prefix{};
  std::string set{};
  std::string from{};  // as they were given: an answer repeats them
  std::string until{};
  std::string token{};
};

// The error's message begins with the code of 3.6 and a blank: "badArgument The argument …".
base::Result<Question> read_question(std::string_view query);

std::string_view name_of(Verb verb);

// Milliseconds since 1970 of "2026-11-22" or "2026-11-22T10:20:30Z" (3.3); with `end` those at which that day or second is over. invalid_argument.
base::Result<std::int64_t> read_time(std::string_view text, bool end);

// Where a list goes on, and what was asked for: as text without meaning for harvesters (3.5.1).
struct Token {
  std::uint64_t place = 0;
  std::string cursor{};  // of a list of sets
  std::string prefix{};
  std::string set{};
  std::string from{};
  std::string until{};
};
std::string write_token(const Token& token);
base::Result<Token> read_token(std::string_view text);

// The spelling of an identifier as a setSpec, whose letters 2.6 limits: other bytes as "!3D".
std::string set_of(std::string_view identifier);
// Nothing-like text gives back an identifier that is not there.
std::string identifier_of_set(std::string_view set);

}  // namespace armarium::api::oai
