#include "net/exchange.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>

#include <fmt/format.h>

#include "net/addresses.h"

namespace armarium::net {
namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

constexpr std::size_t kMostFields = 200;
constexpr std::size_t kLongestField = 16'384;
constexpr std::size_t kLongestAddress = 8'192;

struct Transfer {
  const Hop& hop;
  const Rules& rules;
  const base::CancelToken& cancel;
  Response response{};
  bool any_public = false;  // of the addresses that were tried
  bool refused = false;
  bool too_large = false;
};

curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  const bool open_to_all =
      transfer.rules.is_public != nullptr ? transfer.rules.is_public(address->addr) : is_public(address->addr);
  if (!open_to_all && !transfer.hop.allow_private) {
    transfer.refused = true;
    return CURL_SOCKET_BAD;
  }
  transfer.any_public = transfer.any_public || open_to_all;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t take_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  std::string& body = transfer.response.body;
  if (size > transfer.rules.largest - body.size()) {
    transfer.too_large = true;
    return 0;
  }
  body.append(data, size);
  return size;
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::size_t take_field(char* data, std::size_t, std::size_t size, void* self) {
  auto& fields = static_cast<Transfer*>(self)->response.fields;
  const std::string_view line(data, size);
  if (line.starts_with("HTTP/")) fields.clear();  // an interim answer came before
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || size > kLongestField || fields.size() >= kMostFields) return size;
  std::string name = trimmed(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  fields.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
  return size;
}

int go_on(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(self)->cancel.stop_requested() ? 1 : 0;
}

bool start_library() {
  static const bool kStarted = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return kStarted;
}

void prepare(CURL* easy, Transfer& transfer) {
  const Rules& rules = transfer.rules;
  curl_easy_setopt(easy, CURLOPT_URL, transfer.hop.address.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, rules.agent.c_str());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(rules.connect.count()));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 20L);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_field);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, go_on);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &transfer);
}

List fields_of(const Request& request) {
  List list(nullptr, &curl_slist_free_all);
  const auto add = [&](const std::string& line) {
    if (line.find_first_of("\r\n") != std::string::npos) return;
    if (curl_slist* longer = curl_slist_append(list.get(), line.c_str()); longer != nullptr) {
      (void)list.release();
      list.reset(longer);
    }
  };
  add("Accept: " + request.accept);
  for (const auto& [name, value] : request.fields) add(fmt::format("{}: {}", name, value));
  return list;
}

base::Error error_of(CURLcode code, const Transfer& transfer) {
  const std::string& address = transfer.hop.address;
  using base::ErrorCode;
  if (transfer.refused)
    return {ErrorCode::forbidden, fmt::format("{} is not an address of the public internet.", address), {}};
  if (transfer.too_large)
    return {ErrorCode::too_large, fmt::format("{} sends more than {} bytes.", address, transfer.rules.largest), {}};
  if (transfer.cancel.cancelled()) return {ErrorCode::cancelled, "The request was cancelled.", {}};
  if (code == CURLE_OPERATION_TIMEDOUT || transfer.cancel.expired())
    return {ErrorCode::deadline_exceeded, fmt::format("{} did not answer in time.", address), {}};
  return {ErrorCode::io, fmt::format("{} cannot be reached: {}.", address, curl_easy_strerror(code)), {}};
}

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

}  // namespace

base::Result<std::string> resolve(const std::string& base, const std::string& address) {
  const auto wrong = [&] {
    return base::fail(base::ErrorCode::invalid_argument,
                      "This is no address of http or https: " + address.substr(0, 200));
  };
  if (address.empty() || address.size() > kLongestAddress) return wrong();
  const Url url(curl_url(), &curl_url_cleanup);
  if (url == nullptr) return wrong();
  if (!base.empty() && curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK) return wrong();
  if (curl_url_set(url.get(), CURLUPART_URL, address.c_str(), CURLU_URLENCODE) != CURLUE_OK) return wrong();
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return wrong();
  if (!part_of(url.get(), CURLUPART_USER).empty() || !part_of(url.get(), CURLUPART_PASSWORD).empty()) return wrong();
  curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  return part_of(url.get(), CURLUPART_URL);
}

base::Result<Response> exchange(const Hop& hop, const Request& request, const Rules& rules,
                                const base::CancelToken& cancel) {
  auto address = resolve({}, hop.address);
  if (!address) return base::fail(std::move(address.error()));
  const Easy easy(start_library() ? curl_easy_init() : nullptr, &curl_easy_cleanup);
  if (easy == nullptr) return base::fail(base::ErrorCode::internal, "The HTTP client cannot start.");
  const Hop clean{.address = *address, .allow_private = hop.allow_private};
  Transfer transfer{.hop = clean, .rules = rules, .cancel = cancel};
  prepare(easy.get(), transfer);
  const List fields = fields_of(request);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, fields.get());
  if (const CURLcode code = curl_easy_perform(easy.get()); code != CURLE_OK)
    return base::fail(error_of(code, transfer));
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  transfer.response.status = static_cast<int>(status);
  transfer.response.address = clean.address;
  // Several addresses of one name may be tried at once: one that is public makes the host a public one.
  transfer.response.was_private = !transfer.any_public;
  return std::move(transfer.response);
}

}  // namespace armarium::net
