#include "ingest/file_facts.h"

#include "base/hash.h"
#include "codec/picture.h"
#include "ingest/embedded.h"

namespace armarium::ingest {
namespace {

constexpr std::uint64_t kSample = 64U << 10;

// Of the front, the middle and the end; of a small file all of it.
std::string fingerprint_of(const base::ByteSource& file) {
  base::Bytes sample;
  const std::uint64_t size = file.size();
  const auto add = [&](std::uint64_t offset, std::uint64_t length) {
    const std::size_t at = sample.size();
    sample.resize(at + length);
    return file.read(offset, std::span(sample).subspan(at)).has_value();
  };
  bool whole = false;
  if (size <= 3 * kSample) {
    whole = add(0, size);
  } else {
    whole = add(0, kSample) && add(size / 2, kSample) && add(size - kSample, kSample);
  }
  return whole ? base::hash_hex(base::ByteView(sample)) : std::string();
}

PageFacts page_facts(const codec::Picture& picture, std::uint32_t number) {
  const codec::Page& page = picture.page(number);
  PageFacts facts;
  facts.size = picture.size(number);
  facts.has_colour = page.pixels.model != image::ColourModel::grey && !page.bitonal;
  facts.bitonal = page.bitonal;
  const std::vector<codec::Level> levels = picture.levels(number);
  if (!levels.empty()) facts.tile = levels.front().tile;
  for (std::size_t i = 1; i < levels.size(); ++i) {
    if (levels[i].stored) facts.levels.push_back(levels[i].size);
  }
  return facts;
}

json::Array page_json(const PageFacts& page) {
  json::Array out = {page.size.width, page.size.height, (page.has_colour ? 1 : 0) | (page.bitonal ? 2 : 0),
                     page.tile.width, page.tile.height};
  for (const image::Size level : page.levels) {
    out.emplace_back(level.width);
    out.emplace_back(level.height);
  }
  return out;
}

std::optional<PageFacts> page_of(const json::Value& value) {
  const json::Array* list = value.if_array();
  if (list == nullptr || list->size() < 5 || list->size() % 2 == 0) return std::nullopt;
  std::vector<std::uint32_t> numbers;
  for (const json::Value& item : *list) {
    boost::system::error_code error;
    numbers.push_back(item.to_number<std::uint32_t>(error));
    if (error) return std::nullopt;
  }
  PageFacts page;
  page.size = {numbers[0], numbers[1]};
  page.has_colour = (numbers[2] & 1U) != 0;
  page.bitonal = (numbers[2] & 2U) != 0;
  page.tile = {numbers[3], numbers[4]};
  for (std::size_t i = 5; i + 1 < numbers.size(); i += 2) page.levels.push_back({numbers[i], numbers[i + 1]});
  return page;
}

}  // namespace

FileFacts read_facts(const base::ByteSource& file, const ReadingRules& rules, const codec::Limits& limits) {
  FileFacts facts;
  facts.version = file.version().token;
  facts.fingerprint = fingerprint_of(file);
  if (file.size() <= 3 * kSample) facts.content = facts.fingerprint;
  auto picture = codec::Picture::open(file, limits);
  if (!picture) {
    base::Bytes head(std::min<std::uint64_t>(file.size(), codec::kSniffBytes));
    const codec::Format format = file.read(0, head) ? codec::sniff(head) : codec::Format::unknown;
    facts.format = codec::info(format).name;
    facts.media_type = codec::info(format).media_type;
    facts.problem = picture.error().message;
    facts.state = FileState::damaged;
    if (format == codec::Format::unknown) {
      facts.state = rules.by_name ? FileState::damaged : FileState::no_picture;
      // Unless a library says more of it.
      if (facts.problem == "Nothing here can read this kind of file.")
        facts.problem = "The content is not that of a picture.";
    } else if (picture.error().code == base::ErrorCode::unsupported) {
      facts.state = FileState::unsupported;
    }
    if (file.size() == 0) facts.problem = "The file is empty.";
    return facts;
  }
  facts.state = FileState::ready;
  facts.problem = (*picture)->index().defect;
  facts.format = codec::info((*picture)->format()).name;
  facts.media_type = codec::info((*picture)->format()).media_type;
  const bool paged = (*picture)->format() == codec::Format::tiff || (*picture)->format() == codec::Format::pdf;
  const std::uint32_t pages = paged ? (*picture)->page_count() : 1;
  for (std::uint32_t page = 0; page < pages; ++page) facts.pages.push_back(page_facts(**picture, page));
  Embedded embedded = read_embedded((*picture)->index().metadata, rules.embedded_all);
  facts.embedded = std::move(embedded.shown);
  facts.others = std::move(embedded.others);
  return facts;
}

std::string facts_text(const FileFacts& facts) {
  json::Object object;
  object["state"] = static_cast<int>(facts.state);
  object["format"] = facts.format;
  object["media_type"] = facts.media_type;
  object["version"] = facts.version;
  object["fingerprint"] = facts.fingerprint;
  if (!facts.content.empty()) object["content"] = facts.content;
  if (!facts.problem.empty()) object["problem"] = facts.problem;
  json::Array pages;
  for (const PageFacts& page : facts.pages) pages.push_back(page_json(page));
  object["pages"] = std::move(pages);
  if (json::Value embedded = facts.embedded.to_json(); embedded.is_object() && !embedded.get_object().empty())
    object["embedded"] = embedded;
  if (!facts.others.empty()) {
    iiif::Description others;
    others.metadata = facts.others;
    object["others"] = others.to_json();
  }
  return json::to_text(object);
}

base::Result<FileFacts> facts_of(const std::string& text) {
  const auto damaged = [] {
    return base::fail(base::ErrorCode::corrupt, "The server's database is damaged.", "facts of a file");
  };
  auto value = json::parse(text);
  if (!value || !value->is_object()) return damaged();
  const json::Object& object = value->get_object();
  FileFacts facts;
  const json::Value* state = object.if_contains("state");
  const json::Value* pages = object.if_contains("pages");
  if (state == nullptr || !state->is_int64() || pages == nullptr || !pages->is_array()) return damaged();
  facts.state = static_cast<FileState>(state->get_int64());
  facts.format = json::text_of(object, "format");
  facts.media_type = json::text_of(object, "media_type");
  facts.version = json::text_of(object, "version");
  facts.fingerprint = json::text_of(object, "fingerprint");
  facts.content = json::text_of(object, "content");
  facts.problem = json::text_of(object, "problem");
  for (const json::Value& item : pages->get_array()) {
    auto page = page_of(item);
    if (!page) return damaged();
    facts.pages.push_back(std::move(*page));
  }
  std::vector<std::string> ignored;
  if (const json::Value* embedded = object.if_contains("embedded"))
    facts.embedded = iiif::Description::from_json(*embedded, ignored);
  if (const json::Value* others = object.if_contains("others"))
    facts.others = iiif::Description::from_json(*others, ignored).metadata;
  return facts;
}

}  // namespace armarium::ingest
