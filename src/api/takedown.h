#pragma once
// Taking down on a running server: out of the catalogue, out of the derivatives, and looked at again. Blocks on the disk and the database; any pool thread.

#include "api/services.h"
#include "catalogue/take_down.h"

namespace armarium::api {

// Errors of catalogue/take_down.h. What is not indexed yet is looked at first.
base::Result<catalogue::TakenDown> take_down(const Services& services, const catalogue::TakedownOrder& order);
base::Result<catalogue::TakenDown> lift_takedown(const Services& services, const std::string& identifier);

// /takedowns, for administrators.
void add_takedown_routes(http::Router& router, const Services& services);

}  // namespace armarium::api
