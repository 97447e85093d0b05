#pragma once
// A file in one request: PUT /files/{path}, and HEAD of it for the tag that If-Match wants. With what the other way of sending files shares with it. Any thread.

#include <functional>

#include "api/services.h"
#include "ingest/uploads.h"

namespace armarium::api {

void add_file_routes(http::Router& router, const Services& services, ingest::Uploads& uploads);

// Which file If-Match allows to be replaced (placement.h). invalid_argument for more than one tag.
base::Result<ingest::Replaces> replaced_file(const http::Request& request);

// Runs `job`, which answers, on the pool; answers for it where there is no room, or where it throws.
void on_pool(const Services& services, const http::ExchangePtr& exchange, std::function<void()> job);

}  // namespace armarium::api
