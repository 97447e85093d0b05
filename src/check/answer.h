#pragma once
// What only an answer over HTTP shows of a document: whether it lies where it says, and whether browsers and viewers get it as JSON. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

#include "check/check.h"
#include "json/json.h"

namespace armarium::check {

// The Origin of the questions that such answers come to.
inline constexpr std::string_view kAskedFrom = "https://viewer.example";

struct Answer {
  std::string asked;         // the address that was asked for
  std::string address;       // the one that answered, after redirects
  std::string content_type;  // with its parameters
  std::string allow_origin;  // Access-Control-Allow-Origin
};

// Adds to the report of a document that came in this answer.
void check_answer(const Answer& answer, const json::Value& document, Checked& checked);

// The addresses of other IIIF documents that this one leads to, each once, in order: members of Collections, pages, Canvases and annotations that are referred to, info.json of image services. Not those
// that only services compute (search, tokens), and nothing of what it holds whole.
std::vector<std::string> documents_linked(const json::Value& document);

}  // namespace armarium::check
