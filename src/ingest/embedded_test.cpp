#include "ingest/embedded.h"

#include <gtest/gtest.h>

#include "ingest/embedded_fields.h"

namespace armarium::ingest {
namespace {

base::Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string data_set(int set, std::string_view value) {
  return std::string("\x1c\x02", 2) + static_cast<char>(set) + static_cast<char>(value.size() >> 8) +
         static_cast<char>(value.size() & 0xff) + std::string(value);
}

// A TIFF header with one directory of ASCII fields (and the date in an EXIF directory).
std::string exif_block(const std::vector<std::pair<int, std::string>>& fields) {
  const auto little16 = [](std::size_t n) {
    return std::string{static_cast<char>(n & 0xff), static_cast<char>(n >> 8 & 0xff)};
  };
  const auto little32 = [&](std::size_t n) { return little16(n & 0xffff) + little16(n >> 16); };
  std::string head = std::string("II*\0", 4) + little32(8) + little16(fields.size());
  std::string data;
  const std::size_t start = 8 + 2 + fields.size() * 12 + 4;
  for (const auto& [tag, text] : fields) {
    const std::string value = text + '\0';
    head += little16(static_cast<std::size_t>(tag)) + little16(2) + little32(value.size());
    if (value.size() <= 4) {
      head += value + std::string(4 - value.size(), '\0');
    } else {
      head += little32(start + data.size());
      data += value;
    }
  }
  return head + little32(0) + data;
}

constexpr std::string_view kXmp =
    R"(<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" photoshop:Credit="The Archive" photoshop:City="Bern" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Fox</rdf:li><rdf:li xml:lang="en">Fox</rdf:li><rdf:li xml:lang="de">Fuchs</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Bob</rdf:li></rdf:Seq></dc:creator>
<dc:subject><rdf:Bag><rdf:li>animals</rdf:li></rdf:Bag></dc:subject>
<photoshop:DateCreated>2021-05-06T10:11:12</photoshop:DateCreated>
<cc:license xmlns:cc="http://creativecommons.org/ns#" rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>
</rdf:Description></rdf:RDF></x:xmpmeta>)";

TEST(Embedded, XmpInItsLanguages) {
  codec::EmbeddedMetadata metadata;
  metadata.xmp = bytes_of(kXmp);
  const Embedded found = read_embedded(metadata, false);
  EXPECT_EQ(found.shown.label.best("de").value, "Fuchs");
  EXPECT_EQ(found.shown.label.entries().size(), 2U) << "the usual value is one of the languages";
  EXPECT_EQ(found.shown.rights, "http://creativecommons.org/licenses/by/4.0/");
  ASSERT_EQ(found.shown.metadata.size(), 3U);
  EXPECT_EQ(found.shown.metadata[0].value.entries()[0].second, (std::vector<std::string>{"Ann", "Bob"}));
  EXPECT_EQ(found.shown.metadata[1].value, iiif::LanguageMap::none("2021-05-06"));
  EXPECT_EQ(found.shown.metadata[2].value, iiif::LanguageMap::none("The Archive"));
  EXPECT_EQ(found.shown.origins.at("label"), "embedded");
  EXPECT_TRUE(found.others.empty()) << "places and keywords are not for everybody";
  EXPECT_EQ(read_embedded(metadata, true).others.size(), 2U);
}

TEST(Embedded, IptcInUtf8AndLatin1) {
  codec::EmbeddedMetadata metadata;
  metadata.iptc = bytes_of(data_set(5, "Zoo") + data_set(80, "M\xFCller") + data_set(120, "Ein B\xC3\xA4r") +
                           data_set(90, "Bern") + data_set(55, "20210000"));
  const Embedded found = read_embedded(metadata, false);
  EXPECT_EQ(found.shown.label, iiif::LanguageMap::none("Zoo"));
  EXPECT_EQ(found.shown.summary, iiif::LanguageMap::none("Ein B\xC3\xA4r"));
  EXPECT_EQ(found.shown.metadata[0].value, iiif::LanguageMap::none("M\xC3\xBCller"));
  EXPECT_EQ(found.shown.metadata[1].value, iiif::LanguageMap::none("2021"));
  EXPECT_TRUE(found.others.empty());
}

TEST(Embedded, ExifWithoutTheCamerasOwnWords) {
  codec::EmbeddedMetadata metadata;
  metadata.exif = bytes_of(
      exif_block({{0x010e, "OLYMPUS DIGITAL CAMERA"}, {0x0110, "E-M1"}, {0x013b, "Ann"}, {0x8298, "CC BY 4.0"}}));
  const Embedded found = read_embedded(metadata, false);
  EXPECT_TRUE(found.shown.summary.empty());
  ASSERT_EQ(found.shown.metadata.size(), 1U);
  EXPECT_EQ(found.shown.metadata[0].value, iiif::LanguageMap::none("Ann"));
  EXPECT_EQ(found.shown.rights, "http://creativecommons.org/licenses/by/4.0/");
  EXPECT_TRUE(found.others.empty());
  const Embedded all = read_embedded(metadata, true);
  EXPECT_TRUE(std::any_of(all.others.begin(), all.others.end(),
                          [](const auto& pair) { return pair.value == iiif::LanguageMap::none("E-M1"); }));
}

TEST(Embedded, BrokenBlocksGiveNothing) {
  const std::string exif = exif_block({{0x010e, "A description"}, {0x013b, "Ann"}});
  const std::string iptc = data_set(5, "Zoo");
  for (std::size_t length = 0; length < exif.size(); ++length) read_exif(base::as_bytes(exif.substr(0, length)), true);
  for (std::size_t length = 0; length < iptc.size(); ++length) {
    EXPECT_TRUE(read_iptc(base::as_bytes(iptc.substr(0, length)), true).title.empty());
  }
  for (std::size_t length = 0; length < kXmp.size(); length += 7)
    read_xmp(base::as_bytes(kXmp.substr(0, length)), true);
  EXPECT_TRUE(read_iptc(base::as_bytes("\x1c\x02\x05\xff\xff"), true).title.empty());
  EXPECT_TRUE(read_xmp(base::as_bytes(
                           "<!DOCTYPE x [<!ENTITY a "
                           "\"b\">]><rdf:RDF><rdf:Description><dc:title>&a;&a;</dc:title></rdf:Description></rdf:RDF>"),
                       true)
                  .title.best("en")
                  .value.find('b') == std::string::npos);
}

TEST(Embedded, Dates) {
  EXPECT_EQ(date_of("2021:05:06 10:11:12"), "2021-05-06");
  EXPECT_EQ(date_of("20210506"), "2021-05-06");
  EXPECT_EQ(date_of("2021-05"), "2021-05");
  EXPECT_EQ(date_of("2021"), "2021");
  for (const char* text : {"", "0000:00:00 00:00:00", "    :  :  ", "soon", "20", "12.5.2021x"})
    EXPECT_EQ(date_of(text), "") << text;
}

}  // namespace
}  // namespace armarium::ingest
