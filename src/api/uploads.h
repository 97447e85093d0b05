#pragma once
// Files that people send: /uploads speaks tus 1.0.0, PUT /files/{path} takes a file in one request. Both need the permission to edit; what comes is written to the disk piece by piece. Any thread.

#include "api/services.h"
#include "ingest/uploads.h"

namespace armarium::api {

// `uploads` must outlive the server.
void add_upload_routes(http::Router& router, const Services& services, ingest::Uploads& uploads);

}  // namespace armarium::api
