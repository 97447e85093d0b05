#pragma once
// HTML of descriptions, reduced to what Presentation 3.0, 4.3 permits (a, b, br, i, img, p, small, span, sub, sup with safe attributes) and written as well-formed
// XML inside one element. Pure; any thread.

#include <string>
#include <string_view>

namespace armarium::ingest {

// Text without markup comes back as it is. What looks like HTML comes back clean: starting with "<", ending with ">". Script, style and their
// content go; other elements go and their text stays.
std::string clean_html(std::string_view text);

// Whether a value would be taken for HTML by a client: starts with "<" and ends with ">" (4.3), or holds a tag anywhere.
bool looks_like_html(std::string_view text) noexcept;

}  // namespace armarium::ingest
