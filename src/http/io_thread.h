#pragma once
// Tells whether the caller is on a thread that runs sockets: work that takes long does not belong there.

namespace armarium::http {

bool on_io_thread() noexcept;

}  // namespace armarium::http
