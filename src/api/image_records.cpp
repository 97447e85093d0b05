#include "api/image_records.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "catalogue/image_description.h"

namespace armarium::api {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kRecordBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kDocumentBytes = std::uint64_t{8} << 20;

std::string key_of(const std::string& identifier, const base::Principal& who) { return who.tier + '\n' + identifier; }

// About what a record holds.
std::uint64_t cost_of(const ImageRecord& record) {
  return sizeof(ImageRecord) + record.asset.path.size() + record.asset.problem.size() + 512 +
         64 * (record.asset.stored_levels.size() + record.description.sizes.size());
}

}  // namespace

ImageRecords::ImageRecords(const Services& services)
    : services_(services), records_(kRecordBytes), documents_(kDocumentBytes) {}

ImageRecordPtr ImageRecords::find(const std::string& identifier, const base::Principal& who) {
  ImageRecordPtr record = records_.find(key_of(identifier, who));
  const bool current = record && record->revision == services_.catalogue.revision() &&
                       Clock::now() - record->read_at < ImageRecord::kTrusted;
  return current ? record : nullptr;
}

base::Result<ImageRecordPtr> ImageRecords::get(const std::string& identifier, const base::Principal& who,
                                               const base::CancelToken& cancel) {
  auto made = std::make_shared<ImageRecord>();
  made->revision = services_.catalogue.revision();  // before the asset is read: what changes meanwhile ends the record
  auto asset = find_asset(services_, identifier, who, cancel);
  if (!asset) return base::fail(std::move(asset.error()));
  if (asset->state == catalogue::AssetState::damaged) {
    return base::fail(base::ErrorCode::corrupt, fmt::format("This picture cannot be read: {}", asset->problem));
  }
  made->tier = who.tier;
  made->asset = std::move(*asset);
  made->target = {made->asset.path, made->asset.page, made->asset.version};
  made->formats = services_.pipeline.output_formats();
  made->description = catalogue::describe(made->asset, made->formats);
  made->read_at = Clock::now();
  const ImageRecordPtr before = records_.find(key_of(identifier, who));
  const bool same = before && before->revision == made->revision && before->formats == made->formats &&
                    before->target == made->target;
  made->pictures = same ? before->pictures : std::make_shared<const StillCurrent>(services_.catalogue, made->revision);
  made->documents =
      same ? before->documents : std::make_shared<const StillCurrent>(services_.catalogue, made->revision);
  ImageRecordPtr record = std::move(made);
  if (record->asset.state == catalogue::AssetState::ready)
    records_.put(key_of(identifier, who), record, cost_of(*record));
  return record;
}

std::shared_ptr<const ImageDocument> ImageRecords::information(const ImageRecord& record, iiif::ImageVersion version,
                                                               const std::string& base) {
  std::string key = fmt::format("{} {} {} {}", record.revision, record.formats.size(), record.tier, base);
  if (auto kept = documents_.find(key)) return kept;
  const std::string text = version == iiif::ImageVersion::v3 ? iiif::write_info_3(record.description, base)
                                                             : iiif::write_info_2(record.description, base);
  auto document = std::make_shared<ImageDocument>();
  document->body = base::share(base::Bytes(text.begin(), text.end()));
  document->etag_json = entity_tag(base::hash_hex(text + "json"));
  document->etag_ld = entity_tag(base::hash_hex(text + "ld"));
  documents_.put(std::move(key), document, text.size() + sizeof(ImageDocument) + 256);
  return document;
}

}  // namespace armarium::api
