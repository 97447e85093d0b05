#pragma once
// The order of pages and folders by their names: natural, recto before verso, front before back, a front cover and the spine first, a back cover last.
// Names of `order:` come before all others, in that order. Pure; any thread.

#include <span>
#include <string>
#include <string_view>

namespace armarium::ingest {

// A strict weak order of names without extension.
bool comes_before(std::string_view a, std::string_view b);

// The place of a name in `order:` (which may give it with or without its extension); past the end when it is not named.
std::size_t place_in(std::span<const std::string> order, std::string_view name, std::string_view stem);

}  // namespace armarium::ingest
