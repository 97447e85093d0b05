#pragma once
// The tables of each specification. Built at first use; thread-safe.

#include "check/schema.h"

namespace armarium::check {

const Schema& presentation_3_schema();
const Schema& presentation_2_schema();
const Schema& presentation_4_schema();

}  // namespace armarium::check
