#pragma once
// The little HTML that the renderer writes itself: escaping, language attributes, and the permitted HTML of Presentation 3.0, 4.2 in values.
// What is not certainly within the permitted elements is escaped, whoever cleaned it before. Pure functions; any thread.

#include <string>
#include <string_view>

namespace armarium::api::site {

std::string escape_html(std::string_view text);

// ` lang="de"` and ` dir="rtl"` as far as they differ from the page's; ` dir="auto"` where the language is not known.
std::string language_attributes(std::string_view language, std::string_view page_language);

// True when `value` starts with '<', ends with '>' and holds only the elements a, b, br, em, i, img, p, small, span, strong, sub, sup (spans without
// attributes), closed in order, with quoted href, src, alt, title; addresses http, https, mailto.
bool is_permitted_html(std::string_view value);

// A value for the page: permitted HTML as it is, an address as a link, all other text escaped with its line breaks kept.
std::string value_to_html(std::string_view value);

// The same without any markup, for descriptions in the head and in JSON-LD.
std::string value_to_text(std::string_view value);

// An http or https address.
bool is_web_address(std::string_view text);

// "example.org" of "https://me@example.org/a".
std::string host_of(std::string_view address);

}  // namespace armarium::api::site
