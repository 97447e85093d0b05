#pragma once
// Services as documents refer to them: image, search, authorization, in each version. Pure; any thread.

#include "check/finding.h"
#include "json/json.h"

namespace armarium::check {

// The kind of document that a service stands in: in those of version 2 it carries its own context.
enum class Inside : std::uint8_t { version_2, version_3, version_4 };

void check_service(const json::Value& service, const Place& place, Report& report, Inside inside = Inside::version_3);
// One service or a list of them, as version 2 has it.
void check_services_2(const json::Value& services, const Place& place, Report& report);

// Whether a service or a list of them has this id.
bool is_service_id(const json::Value* services, std::string_view id);

}  // namespace armarium::check
