#pragma once
// What a client sends to write: a document or a patch, read with limits and made ours; and its conditions. Thread-safe; may read the catalogue.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/services.h"
#include "base/bytes.h"
#include "catalogue/edit.h"

namespace armarium::api {

// Bytes of one document that is sent.
inline constexpr std::uint64_t kLargestDocument = std::uint64_t{48} << 20;

// The document that was sent. unsupported_type, too_large, invalid_argument with line and column.
base::Result<json::Value> parse_document(const http::Request& request, base::ByteView body);
// Fills content, ids, source and media type of an edit of `edit.item` from `document`, which `body` spells. invalid_argument with the place.
base::Result<> read_document_into(catalogue::Edit& edit, const Services& services, const http::Request& request,
                                  base::ByteView body, const json::Value& document);
base::Result<> read_patch_into(catalogue::Edit& edit, const Services& services, const http::Request& request,
                               base::ByteView body);

// The same of a patch over one Canvas or Range of `edit.item`, which has this local id ("/iiif/canvas/book~p1").
base::Result<> read_part_patch_into(catalogue::Edit& edit, const Services& services, const http::Request& request,
                                    base::ByteView body, std::string_view resource, const std::string& local_id);

// If-Match and If-None-Match. precondition_missing where a change of something that is there says nothing (RFC 6585, 3); invalid_argument for what is no tag of ours.
base::Result<> read_conditions_into(catalogue::Edit& edit, const http::Request& request, bool exists);

// The revisions of a list of entity tags: "r12-…", with W/ and what proxies append.
std::optional<std::vector<store::Revision>> revisions_in(std::string_view tags);

// An identifier that a writer chose: not empty, at most 1,024 bytes of UTF-8 without slash, control characters or "=", and no word of our addresses.
base::Result<> check_new_identifier(std::string_view identifier);

}  // namespace armarium::api
