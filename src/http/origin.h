#pragma once
// Who asks, and under which address this server answers: hosts, proxies and the public URL. The store holds no host; this decides what ids start with, so nothing that an outsider
// can set may count here. Built once, immutable, any thread.

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "http/address.h"
#include "http/exchange.h"

namespace armarium::http {

struct OriginOptions {
  std::string public_url{};                    // "https://iiif.example.org/path": every id starts with it
  std::vector<std::string> trusted_proxies{};  // networks; empty: loopback
  std::string listen_host{};                   // as given to --listen; a name counts as this server's
};

class Origin {
 public:
  // invalid_argument, said so that it can be shown to who started the program.
  static base::Result<Origin> make(const OriginOptions& options);

  // Sets client, secure, base_url and path of a request as it came in. wrong_host for a host that is not ours, invalid_argument for one that is malformed.
  base::Result<> apply(Request& request) const;
  const std::string& public_url() const noexcept { return public_url_; }

 private:
  struct Forwarded {
    std::string client;
    std::string scheme;
    std::string host;
    std::string prefix;
  };
  bool trusts(std::string_view address) const;
  Forwarded read_forwarded(const Request& request) const;
  Forwarded read_x_forwarded(const Request& request) const;
  base::Result<HostPort> own_host(const Request& request, const Forwarded& forwarded) const;
  bool is_ours(const HostPort& host, const Request& request) const;

  std::uint64_t number_ = 0;  // one that no other has
  std::string public_url_;    // without a slash at the end
  std::string prefix_;        // its path
  std::string listen_host_;
  std::vector<Network> trusted_;
  bool trust_configured_ = false;
};

}  // namespace armarium::http
