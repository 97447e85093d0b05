#include "ingest/public_file.h"

#include <algorithm>

#include "codec/bare_file.h"
#include "codec/picture.h"
#include "codec/watched_source.h"
#include "ingest/private_fields.h"

namespace armarium::ingest {
namespace {

constexpr std::size_t kMostKnown = 2'000;
// Changes with what the bare form of a file is, so that an ETag of the former one holds no longer.
constexpr std::string_view kRecipe = "bare-1";

bool is_whole(const std::vector<base::Splice>& pieces, std::uint64_t size) {
  return pieces.size() == 1 && pieces.front().bytes.empty() && pieces.front().range == base::ByteRange{0, size};
}

// Says something of the file, not of this attempt to read it.
bool is_lasting(base::ErrorCode code) {
  return code == base::ErrorCode::corrupt || code == base::ErrorCode::unsupported ||
         code == base::ErrorCode::resource_limit;
}

}  // namespace

base::Result<PublicFiles::Known> PublicFiles::judge(const base::ByteSource& source) {
  const codec::WatchedSource file(source);
  Known known;
  known.version = file.version().token;
  base::Bytes head(std::min<std::uint64_t>(file.size(), codec::kSniffBytes));
  const codec::Format format = file.read(0, head) ? codec::sniff(head) : codec::Format::unknown;
  if (format == codec::Format::unknown) {
    known.withheld = true;  // nobody can say what it holds
  } else if (auto pieces = codec::bare_pieces(file, format)) {
    if (!is_whole(*pieces, file.size())) known.pieces = std::move(*pieces);
  } else if (pieces.error().code != base::ErrorCode::unsupported) {
    known.withheld = true;
  } else if (format == codec::Format::tiff) {
    known.withheld = tiff_is_private(file);
  } else {
    const auto picture = codec::Picture::open(file, codec::Limits{});
    if (!picture && !is_lasting(picture.error().code)) return base::fail(picture.error());
    known.withheld = !picture || is_private((*picture)->index().metadata);
  }
  if (file.failure()) return base::fail(*file.failure());
  return known;
}

base::Result<std::shared_ptr<const base::ByteSource>> PublicFiles::open(std::shared_ptr<const base::ByteSource> file,
                                                                        const std::string& path) {
  Known known;
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(path);
    if (found != known_.end() && found->second.version == file->version().token) known = found->second;
  }
  if (known.version.empty()) {
    auto judged = judge(*file);
    if (!judged) return base::fail(std::move(judged.error()));
    known = std::move(*judged);
    const std::lock_guard lock(mutex_);
    if (known_.size() >= kMostKnown) known_.clear();  // simple and rare
    known_[path] = known;
  }
  if (known.withheld) {
    return base::fail(base::ErrorCode::forbidden,
                      "This file may carry places, serial numbers or names of persons and is not given out. The "
                      "picture itself is offered by its image service.");
  }
  if (known.pieces.empty()) return file;
  return std::make_shared<base::SplicedSource>(std::move(file), std::move(known.pieces), kRecipe);
}

}  // namespace armarium::ingest
