#pragma once
// Which of the operation's addresses a listener has: balancers ask /healthz and /readyz everywhere; /status and /metrics are on the main address for
// everybody as long as no public address is set; else there for administrators who sign in, and on the administrator's own listener.

#include "http/router.h"

namespace armarium::api {

struct Services;

void add_health_routes(http::Router& router);
void add_operation_routes(http::Router& router, const Services& services);  // health, /status and /metrics
void add_guarded_operation_routes(http::Router& router, const Services& services);

}  // namespace armarium::api
