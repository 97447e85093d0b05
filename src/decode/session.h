#pragma once
// The life of armarium-decode after it is ready: one job after the other from the socket, until the server closes it. Keeps the last opened file.

namespace armarium::decode {

// Returns the exit status.
int run_session(int socket);

}  // namespace armarium::decode
