#include <libexif/exif-content.h>
#include <libexif/exif-data.h>
#include <libexif/exif-entry.h>

#include <array>
#include <memory>

#include "ingest/csv.h"
#include "ingest/embedded_fields.h"

namespace armarium::ingest {
namespace {

constexpr std::size_t kLongestExif = 1U << 20;

struct Release {
  void operator()(ExifData* data) const noexcept { exif_data_unref(data); }
};

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0' || text.back() == '\n' || text.back() == '\r'))
    text.pop_back();
  text.erase(0, std::min(text.find_first_not_of(" \n\r\t"), text.size()));
  return text;
}

// The bytes of a text field as UTF-8. Ours, not libexif's: that one shortens and translates.
std::string text_of(ExifData* data, ExifIfd directory, ExifTag tag) {
  const ExifEntry* entry = exif_content_get_entry(data->ifd[directory], tag);
  if (entry == nullptr || entry->data == nullptr || entry->format != EXIF_FORMAT_ASCII) return {};
  const std::size_t size = std::min<std::size_t>(entry->size, kLongestField);
  std::string_view text(reinterpret_cast<const char*>(entry->data), size);
  text = text.substr(0, text.find('\0'));
  return trimmed(to_utf8(text));
}

// What cameras write by themselves.
bool is_junk(std::string_view text) {
  for (const std::string_view junk :
       {"OLYMPUS DIGITAL CAMERA", "SONY DSC", "DIGITAL CAMERA", "MINOLTA DIGITAL CAMERA", "SAMSUNG",
        "KONICA MINOLTA DIGITAL CAMERA", "DCIM", "Picture", "Image", "default", "Untitled"}) {
    if (text == junk) return true;
  }
  return false;
}

struct Others {
  EmbeddedFields* fields;
};

void add_other(ExifEntry* entry, void* user) {
  EmbeddedFields& fields = *static_cast<Others*>(user)->fields;
  if (fields.others.size() >= kMostOthers || entry->tag == EXIF_TAG_MAKER_NOTE) return;
  const char* title = exif_tag_get_title_in_ifd(entry->tag, exif_entry_get_ifd(entry));
  std::array<char, 512> value{};
  if (title == nullptr || exif_entry_get_value(entry, value.data(), value.size()) == nullptr) return;
  std::string text = trimmed(to_utf8(value.data()));
  if (!text.empty()) fields.others.emplace_back(title, std::move(text));
}

void add_others(ExifContent* content, void* user) { exif_content_foreach_entry(content, add_other, user); }

}  // namespace

std::string date_of(std::string_view text) {
  std::string digits;
  for (const char c : text.substr(0, 10)) {
    if (c >= '0' && c <= '9') {
      digits += c;
    } else if (c != ':' && c != '-' && c != '.') {
      break;
    }
  }
  if (digits.size() != 4 && digits.size() != 6 && digits.size() != 8) return {};
  if (digits.starts_with("0000")) return {};
  std::string date = digits.substr(0, 4);
  for (const std::size_t at : {4U, 6U}) {
    if (digits.size() <= at) break;
    const std::string part = digits.substr(at, 2);
    if (part < "01" || part > (at == 4 ? "12" : "31")) break;  // IPTC: 20210000 is the year alone
    date += '-' + part;
  }
  return date;
}

EmbeddedFields read_exif(base::ByteView exif, bool with_others) {
  EmbeddedFields fields;
  if (exif.size() < 8 || exif.size() > kLongestExif) return fields;
  base::Bytes block = {'E', 'x', 'i', 'f', 0, 0};
  block.insert(block.end(), exif.begin(), exif.end());
  const std::unique_ptr<ExifData, Release> data(exif_data_new());
  if (!data) return fields;
  exif_data_unset_option(data.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  exif_data_load_data(data.get(), block.data(), static_cast<unsigned>(block.size()));
  const std::string description = text_of(data.get(), EXIF_IFD_0, EXIF_TAG_IMAGE_DESCRIPTION);
  if (!description.empty() && !is_junk(description)) fields.description = iiif::LanguageMap::none(description);
  if (std::string artist = text_of(data.get(), EXIF_IFD_0, EXIF_TAG_ARTIST); !artist.empty())
    fields.creators.push_back(std::move(artist));
  if (std::string rights = text_of(data.get(), EXIF_IFD_0, EXIF_TAG_COPYRIGHT); !rights.empty())
    fields.rights = iiif::LanguageMap::none(rights);
  fields.date = date_of(text_of(data.get(), EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL));
  if (with_others) {
    Others others{&fields};
    exif_data_foreach_content(data.get(), add_others, &others);
  }
  return fields;
}

}  // namespace armarium::ingest
