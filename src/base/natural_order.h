#pragma once
// Order as people count: p2 before p10, letters without regard to case first, then exactly. A strict weak order; any thread.

#include <string_view>

namespace armarium::base {

// Less than, equal to or greater than zero, like std::string_view::compare.
int natural_compare(std::string_view a, std::string_view b) noexcept;
inline bool natural_less(std::string_view a, std::string_view b) noexcept { return natural_compare(a, b) < 0; }

}  // namespace armarium::base
