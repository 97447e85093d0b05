#include "store/postgres/address.h"

#include <libpq-fe.h>

#include <algorithm>
#include <memory>

#include <fmt/format.h>

namespace armarium::store::postgres {
namespace {

constexpr std::size_t kLongestName = 48;  // PostgreSQL cuts at 63; a copy of an old schema has a longer name
constexpr std::string_view kParameter = "schema=";

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

bool is_plain_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && name.size() <= kLongestName && !(name.front() >= '0' && name.front() <= '9') &&
         !name.starts_with("pg_") && std::all_of(name.begin(), name.end(), plain);
}

// Takes our own parameter out of the query of the URL.
std::string take_schema(std::string& url) {
  const std::size_t query = url.find('?');
  if (query == std::string::npos) return {};
  for (std::size_t begin = query + 1; begin < url.size();) {
    const std::size_t end = std::min(url.find('&', begin), url.size());
    if (std::string_view(url).substr(begin).starts_with(kParameter)) {
      std::string name = url.substr(begin + kParameter.size(), end - begin - kParameter.size());
      url.erase(end == url.size() ? begin - 1 : begin, end - begin + 1);
      return name;
    }
    begin = end + 1;
  }
  return {};
}

std::string value_of(const PQconninfoOption* options, std::string_view keyword) {
  for (; options->keyword != nullptr; ++options) {
    if (options->keyword == keyword && options->val != nullptr) return options->val;
  }
  return {};
}

}  // namespace

base::Result<Address> parse_address(std::string_view url) {
  constexpr const char* kShape = "it is postgresql://USER@HOST:PORT/DATABASE?schema=NAME, percent-encoded where needed";
  if (!url.starts_with("postgresql://") && !url.starts_with("postgres://"))
    return base::fail(base::ErrorCode::invalid_argument, kShape);
  Address address;
  address.url = std::string(url);
  address.schema = take_schema(address.url);
  if (address.schema.empty()) address.schema = "armarium";
  if (!is_plain_name(address.schema)) {
    return base::fail(base::ErrorCode::invalid_argument,
                      fmt::format("schema= is a name of at most {} characters a-z, 0-9 and _", kLongestName));
  }
  // libpq's own message may repeat a part of the password, so it is not shown.
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(address.url.c_str(), nullptr));
  if (!options) return base::fail(base::ErrorCode::invalid_argument, kShape);
  const std::string host = value_of(options.get(), "host");
  const std::string port = value_of(options.get(), "port");
  const std::string name = value_of(options.get(), "dbname");
  // A password with an unencoded '/' or '@' is read as a port or a name: it must not be shown.
  const bool odd = !std::all_of(port.begin(), port.end(), [](char c) { return (c >= '0' && c <= '9') || c == ','; }) ||
                   host.find('@') != std::string::npos || name.find_first_of("@/") != std::string::npos;
  if (odd) return base::fail(base::ErrorCode::invalid_argument, kShape);
  address.shown =
      fmt::format("postgresql://{}{}{}/{} (schema {})", host, port.empty() ? "" : ":", port, name, address.schema);
  return address;
}

}  // namespace armarium::store::postgres
