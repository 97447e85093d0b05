#pragma once
// Pictures that are made while they are sent: the body is pulled piece by piece, each piece a job of the large lane, so that a client that reads slowly holds some rows and no thread.

#include "api/services.h"
#include "iiif/image_request.h"

namespace armarium::api {

struct StreamWork {
  pipeline::Target target;
  iiif::ResolvedRequest numbers;
  pipeline::MemoryBudget::Share share;  // held until the last byte is made or the client has gone
};

// `response` with the picture as its body; its first piece is made here, so that what cannot be read is refused as an error. For a HEAD request nothing is made. Blocks.
base::Result<http::Response> stream_picture(const Services& services, const http::Exchange& exchange, StreamWork work,
                                            http::Response response);

}  // namespace armarium::api
