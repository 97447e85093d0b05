#pragma once
// The rules of each kind of document, one file each. `document` is an object. Pure; any thread.

#include "check/finding.h"
#include "json/json.h"

namespace armarium::check {

void check_presentation_2(const json::Value& document, Report& report);
void check_presentation_3(const json::Value& document, Report& report);
// Without a look at @context.
void check_resources_3(const json::Object& document, Report& report);
void check_presentation_4(const json::Value& document, Report& report);
void check_image_2(const json::Value& document, Report& report);
void check_image_3(const json::Value& document, Report& report);
void check_search_1(const json::Value& document, Report& report);
void check_search_2(const json::Value& document, Report& report);
void check_auth_2(const json::Value& document, Report& report);
void check_discovery(const json::Value& document, Report& report);
void check_content_state(const json::Value& document, Report& report);

}  // namespace armarium::check
