#include "http/origin.h"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "http/text.h"

namespace armarium::http {
namespace {

using base::ErrorCode;

// RFC 7239, 6: "192.0.2.1:80", "[2001:db8::1]:80", "unknown", "_hidden". Empty for what is no address.
std::string node_address(std::string_view node) {
  node = trim(node);
  if (node.starts_with('['))
    node = node.substr(1, std::min(node.find(']'), node.size()) - 1);
  else if (std::count(node.begin(), node.end(), ':') == 1)
    node = node.substr(0, node.find(':'));
  return is_address(node) ? std::string(node) : std::string();
}

bool is_prefix(std::string_view path) {
  if (path.size() < 2 || path.size() > 1024 || path.front() != '/' || path.find("//") != std::string_view::npos)
    return false;
  return std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/-._~%=").find(c) != std::string_view::npos;
  });
}

std::string without_slash(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

void strip_prefix(std::string& path, std::string_view prefix) {
  if (prefix.empty() || !path.starts_with(prefix)) return;
  if (path.size() == prefix.size())
    path = "/";
  else if (path[prefix.size()] == '/')
    path.erase(0, prefix.size());
}

// What the proxy `hops` steps away said: each appends to the list, unless it replaces it.
std::string_view element_at(const std::vector<std::string_view>& list, std::size_t hops) {
  if (list.empty()) return {};
  return hops < list.size() ? list[list.size() - 1 - hops] : list.front();
}

bool is_forwarded(const Request& request) {
  const auto& fields = request.headers.fields();
  return std::any_of(fields.begin(), fields.end(), [](const auto& field) {
    return same_text(field.first, "Forwarded") ||
           same_text(std::string_view(field.first).substr(0, 12), "X-Forwarded-");
  });
}

// What a request without a proxy was given last on this thread, and by which Origin.
struct Direct {
  std::uint64_t origin = 0;
  std::string host;
  std::string local;
  std::uint16_t port = 0;
  bool secure = false;
  std::string base_url;
};

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> numbers{0};
  return ++numbers;
}

}  // namespace

base::Result<Origin> Origin::make(const OriginOptions& options) {
  Origin origin;
  origin.number_ = next_number();
  if (!options.public_url.empty()) {
    const std::string& url = options.public_url;
    const std::size_t scheme_end = url.find("://");
    const std::string scheme = lower(std::string_view(url).substr(0, std::min(scheme_end, url.size())));
    const std::string_view rest =
        scheme_end == std::string::npos ? std::string_view{} : std::string_view(url).substr(scheme_end + 3);
    const auto host = parse_host(rest.substr(0, rest.find('/')));
    const std::string path =
        without_slash(rest.find('/') == std::string_view::npos ? std::string_view{} : rest.substr(rest.find('/')));
    if ((scheme != "http" && scheme != "https") || !host || (!path.empty() && !is_prefix(path))) {
      return base::fail(
          ErrorCode::invalid_argument,
          fmt::format("{} is no public URL; write it like https://iiif.example.org or https://example.org/iiif.", url));
    }
    origin.prefix_ = path;
    origin.public_url_ = scheme + "://" + url_authority(*host, scheme) + path;
  }
  origin.trust_configured_ = !options.trusted_proxies.empty();
  const std::vector<std::string> loopback = {"127.0.0.0/8", "::1"};
  for (const std::string& text : origin.trust_configured_ ? options.trusted_proxies : loopback) {
    auto network = Network::parse(text);
    if (!network) return base::fail(network.error());
    origin.trusted_.push_back(*network);
  }
  if (const auto listen = parse_host(options.listen_host)) origin.listen_host_ = listen->host;
  return origin;
}

bool Origin::trusts(std::string_view address) const {
  return std::any_of(trusted_.begin(), trusted_.end(),
                     [&](const Network& network) { return network.contains(address); });
}

// RFC 7239: from the nearest proxy backwards, as long as the one it speaks for is trusted too.
Origin::Forwarded Origin::read_forwarded(const Request& request) const {
  Forwarded out;
  const std::string all = request.headers.joined("Forwarded");
  const auto elements = split_list(all);
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    std::string client;
    for (const auto pair : split_list(*element, ';')) {
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string name = lower(trim(pair.substr(0, equals)));
      std::string value = unquote(trim(pair.substr(equals + 1)));
      if (name == "for") client = node_address(value);
      if (name == "proto") out.scheme = lower(value);
      if (name == "host") out.host = std::move(value);
    }
    if (client.empty()) break;
    out.client = client;
    if (!trusts(client)) break;
  }
  out.prefix = std::string(trim(request.headers.get("X-Forwarded-Prefix")));
  return out;
}

Origin::Forwarded Origin::read_x_forwarded(const Request& request) const {
  Forwarded out;
  const std::string chain = request.headers.joined("X-Forwarded-For");
  const auto nodes = split_list(chain);
  std::size_t hops = 0;
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    const std::string client = node_address(*node);
    if (client.empty()) break;
    out.client = client;
    if (!trusts(client)) break;
    if (node + 1 != nodes.rend()) ++hops;
  }
  const auto value = [&](std::string_view name) {
    const std::string all = request.headers.joined(name);
    return std::string(element_at(split_list(all), hops));
  };
  out.scheme = lower(value("X-Forwarded-Proto"));
  out.host = value("X-Forwarded-Host");
  out.prefix = value("X-Forwarded-Prefix");
  return out;
}

// Names of loopback cannot be rebound by somebody else's DNS, nor can addresses.
bool Origin::is_ours(const HostPort& host, const Request& request) const {
  if (host.host == "localhost" || is_loopback(host.host)) return true;
  return (!request.local.empty() && host.host == request.local) || (!listen_host_.empty() && host.host == listen_host_);
}

base::Result<HostPort> Origin::own_host(const Request& request, const Forwarded& forwarded) const {
  const std::string_view text = request.headers.get("Host");
  HostPort host{request.local, request.local_port};  // HTTP/1.0 may name none
  if (!text.empty()) {
    const auto parsed = parse_host(text);
    if (!parsed) return base::fail(ErrorCode::invalid_argument, "The Host header is malformed.");
    host = *parsed;
  }
  // A page in a browser on this machine can send any header to a name that it points here, so loopback alone does not vouch for a forwarded host: the Host must be ours too.
  const bool ours = is_ours(host, request);
  if (!forwarded.host.empty() && (ours || trust_configured_)) {
    const auto parsed = parse_host(forwarded.host);
    if (!parsed) return base::fail(ErrorCode::invalid_argument, "The forwarded host is malformed.");
    return *parsed;
  }
  if (!ours) {
    return base::fail(ErrorCode::wrong_host, fmt::format("This server does not answer for the host {}. Whoever runs it "
                                                         "can name its public address with --public-url.",
                                                         host.host));
  }
  return host;
}

base::Result<> Origin::apply(Request& request) const {
  Forwarded forwarded;
  const bool direct = !is_forwarded(request);
  if (!direct && trusts(request.client)) {
    forwarded = request.headers.has("Forwarded") ? read_forwarded(request) : read_x_forwarded(request);
    if (!forwarded.client.empty()) request.client = forwarded.client;
    if (forwarded.scheme == "https" || forwarded.scheme == "http") request.secure = forwarded.scheme == "https";
  }
  if (!public_url_.empty()) {
    request.base_url = public_url_;
    strip_prefix(request.path, prefix_);
    return {};
  }
  // Neighbouring requests of a thread mostly name the same host.
  thread_local Direct last;
  const std::string_view named = request.headers.get("Host");
  if (direct && last.origin == number_ && last.host == named && last.local == request.local &&
      last.port == request.local_port && last.secure == request.secure) {
    request.base_url = last.base_url;
    return {};
  }
  const auto host = own_host(request, forwarded);
  if (!host) return base::fail(host.error());
  const std::string_view scheme = request.secure ? "https" : "http";
  request.base_url = fmt::format("{}://{}", scheme, url_authority(*host, scheme));
  if (const std::string prefix = without_slash(forwarded.prefix); is_prefix(prefix)) {
    request.base_url += prefix;
    strip_prefix(request.path, prefix);
  }
  if (direct) last = {number_, std::string(named), request.local, request.local_port, request.secure, request.base_url};
  return {};
}

}  // namespace armarium::http
