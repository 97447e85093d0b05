// Answers of Authorization Flow 2.0: of the probe service and of the token service.

#include <fmt/format.h>

#include "check/contexts.h"
#include "check/documents.h"
#include "check/services.h"
#include "check/small_rules.h"

namespace armarium::check {
namespace {

using Line = Schema::Line;

constexpr Line kToken[] = {
    {"type", Need::must, "=AuthAccessToken2"},
    {"accessToken", Need::must, "text"},
    {"expiresIn", Need::may, "integer"},
    {"messageId", Need::must, "text"},
};
constexpr Line kError[] = {
    {"type", Need::must, "=AuthAccessTokenError2"},
    {"profile", Need::must, "=invalidRequest|invalidOrigin|missingAspect|expiredAspect|unavailable"},
    {"messageId", Need::may, "text"},
    {"heading", Need::may, "map"},
    {"note", Need::may, "map"},
};
constexpr Line kProbe[] = {
    {"type", Need::must, "=AuthProbeResult2"}, {"status", Need::must, "integer"}, {"location", Need::may, "{@Place}"},
    {"substitute", Need::may, "[{@Place}]"},   {"heading", Need::may, "map"},     {"note", Need::may, "map"},
};
constexpr Line kPlace[] = {{"id", Need::must, "uri"},
                           {"type", Need::must, "text"},
                           {"format", Need::may, "text"},
                           {"label", Need::may, "map"},
                           {"service", Need::may, "[<service>]"}};

const Schema& schema() {
  static const Schema kSchema = [] {
    Schema made("Authorization Flow 2.0");
    made.type("AuthAccessToken2", "5.3 Access Token Message Format", kToken);
    made.type("AuthAccessTokenError2", "5.4 Access Token Error Format", kError);
    made.type("AuthProbeResult2", "3.3 Probe Service Response", kProbe)
        .type("Place", "3.3 Probe Service Response", kPlace);
    return made;
  }();
  return kSchema;
}

void custom(std::string_view, const json::Value& value, const Step&, const Place& place, Report& report) {
  check_service(value, place, report);
}

void enter(const Step& step, Report& report) {
  if (step.object.contains("note") && !step.object.contains("heading"))
    report.must(step.place, "Authorization Flow 2.0, 3.3 Probe Service Response", "A note needs a heading.");
  if (step.type != "AuthProbeResult2") return;
  const json::Value* status = step.object.if_contains("status");
  const std::int64_t number = status != nullptr && status->is_int64() ? status->get_int64() : 0;
  if (step.object.contains("location") && (number < 300 || number > 399) && number != 0)
    report.must(Place(step.place, "location"), "Authorization Flow 2.0, 3.3 Probe Service Response",
                "location needs a status that redirects, such as 302.");
  if (step.object.contains("substitute") && number >= 200 && number < 300)
    report.must(Place(step.place, "substitute"), "Authorization Flow 2.0, 3.3 Probe Service Response",
                "Where access is granted there is no substitute.");
}

}  // namespace

void check_auth_2(const json::Value& document, Report& report) {
  const json::Object& object = document.get_object();
  const std::string_view type = json::text_of(object, "type");
  if (type.find("Service2") != std::string_view::npos) return check_service(document, Place(), report);
  check_contexts(document, "http://iiif.io/api/auth/2/context.json", "Authorization Flow 2.0, 1.3", report);
  SmallRules rules(report, custom, enter);
  Walk(schema(), report, rules)
      .resource(document, Place(), {}, nullptr, {}, "Authorization Flow 2.0, 3.3 Probe Service Response");
}

}  // namespace armarium::check
