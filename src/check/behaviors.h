#pragma once
// Which values of `behavior` belong to which type, and which exclude each other. Presentation 3.0, 3.2 and appendix A; 4.0 keeps them. Pure; any thread.

#include "check/walk.h"

namespace armarium::check {

void check_behaviors(const Step& step, Report& report, std::string_view clause);

}  // namespace armarium::check
