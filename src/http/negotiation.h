#pragma once
// Content negotiation (RFC 9110, 12): which of the offered representations a request prefers. The order of the offers decides between equals; nothing means that none is
// acceptable (most callers then send their default). Malformed header elements are passed over. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace armarium::http {

// A representation that the server can send: "application/ld+json" and, where it has one, its profile.
struct Offer {
  std::string media_type;
  std::string profile{};
};

// Index of the offer that `accept` prefers; 0 when the header is empty. A profile that is asked for (quoted or not, one of several between spaces) must be the
// offer's; a type without a profile fits any profile. Other parameters (charset, version) do not exclude.
std::optional<std::size_t> choose_media_type(std::string_view accept, const std::vector<Offer>& offers);

// Index of the language that `accept_language` prefers, by lookup of ever shorter ranges (RFC 4647, 3.4) in both directions.
std::optional<std::size_t> choose_language(std::string_view accept_language, const std::vector<std::string>& offers);

enum class Coding { identity, gzip, brotli };
std::string_view name_of(Coding coding) noexcept;  // as Content-Encoding spells it

// The best coding that the client accepts: Brotli, then gzip, unless its q-values say otherwise; identity where nothing fits.
Coding choose_coding(std::string_view accept_encoding);

}  // namespace armarium::http
