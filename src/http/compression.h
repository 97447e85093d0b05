#pragma once
// gzip and Brotli for text: whether an answer is worth it, the tag that names the coding, and the work itself. Large bodies belong on a pool thread. Pure functions; any thread.

#include <memory>
#include <string>
#include <string_view>

#include "http/coding_cache.h"
#include "http/exchange.h"
#include "http/negotiation.h"

namespace armarium::http {

struct CompressionOptions {
  std::size_t minimum = 1024;  // below this it does not pay
  int gzip_level = 6;
  int brotli_quality = 5;
  std::size_t cache_bytes = 32U << 20;
};

// JSON, HTML, text, SVG, CSS, JavaScript, XML, subtitles.
bool compressible(std::string_view content_type);

// The coding for this answer. Says "Vary: Accept-Encoding" on it where the coding depends on the request.
Coding negotiate_coding(const Request& request, Response& response, const CompressionOptions& options);

// Gives the answer its coding: body, Content-Encoding, and an ETag that names it. The body of HEAD is left out instead.
// What is made is kept in `cache`, where there is one.
base::Result<> encode_body(const Request& request, Response& response, Coding coding, const CompressionOptions& options,
                           CodingCache* cache = nullptr);
// The same without work: true where HEAD needs none or the cache has the body.
bool encode_from_cache(const Request& request, Response& response, Coding coding, CodingCache& cache);

base::Result<std::string> compress(std::string_view plain, Coding coding, const CompressionOptions& options = {});

}  // namespace armarium::http
