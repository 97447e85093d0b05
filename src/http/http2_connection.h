#pragma once
// HTTP/2 (RFC 9113) by nghttp2: many requests at a time over one connection, each an exchange of its own. Bodies that come in are held back by flow control until a handler asks for them. Private to
// the server.

#include <memory>
#include <string>

#include "http/connection.h"

namespace armarium::http {

// `link` is open; `received` are its first bytes, from the client's preface on.
std::shared_ptr<Connection> http2_connection(Link link, std::string received, Connection::Closed closed);

}  // namespace armarium::http
