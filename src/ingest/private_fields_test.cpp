#include "ingest/private_fields.h"

#include <gtest/gtest.h>

#include "ingest/public_file.h"
#include "ingest/testing.h"

namespace armarium::ingest {
namespace {

using namespace std::string_literals;

base::Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

std::string little(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

struct Field {
  int tag;
  int type;
  std::uint32_t count;
  std::uint32_t value;
};

std::string directory(const std::vector<Field>& fields, std::uint32_t next = 0) {
  std::string out = little(fields.size(), 2);
  for (const Field& field : fields) {
    out += little(static_cast<std::uint64_t>(field.tag), 2) + little(static_cast<std::uint64_t>(field.type), 2) +
           little(field.count, 4) + little(field.value, 4);
  }
  return out + little(next, 4);
}

bool tiff(const std::string& body) { return tiff_is_private(base::MemorySource(bytes_of("II*\0\x08\0\0\0"s + body))); }

std::string xmp(const std::string& properties) {
  return R"(<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description )" +
         properties + "</rdf:Description></rdf:RDF></x:xmpmeta>";
}

bool xmp_tells(const std::string& properties) { return xmp_is_private(bytes_of(xmp(properties))); }

TEST(PrivateFields, XmpThatIsMeantForAll) {
  EXPECT_FALSE(xmp_tells(
      R"(tiff:Make="Phase One" photoshop:Credit="The Archive"><dc:title>Fox</dc:title><dc:creator>Ann</dc:creator>)"));
  EXPECT_FALSE(xmp_is_private({}));
}

TEST(PrivateFields, XmpThatIsNot) {
  EXPECT_TRUE(xmp_tells(R"(exif:GPSLatitude="46,57N">)"));
  EXPECT_TRUE(xmp_tells(R"(photoshop:City="Bern">)"));
  EXPECT_TRUE(xmp_tells(R"(aux:SerialNumber="12345">)"));
  EXPECT_TRUE(
      xmp_tells("><Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Ann</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>"));
  EXPECT_TRUE(xmp_tells("><dc:subject><rdf:Bag><rdf:li>Ann</rdf:li></rdf:Bag></dc:subject>"));
  EXPECT_TRUE(xmp_is_private(bytes_of("<not closed"))) << "nobody can say";
}

TEST(PrivateFields, Iptc) {
  EXPECT_FALSE(
      iptc_is_private(bytes_of("\x1c\x02\x05\0\x03"
                               "Fox\x1c\x02\x50\0\x03"
                               "Ann"s)));
  EXPECT_TRUE(
      iptc_is_private(bytes_of("\x1c\x02\x05\0\x03"
                               "Fox\x1c\x02\x5a\0\x04"
                               "Bern"s)));
}

TEST(PrivateFields, TiffDirectories) {
  const Field width{256, 4, 1, 100};
  EXPECT_FALSE(tiff(directory({width})));
  EXPECT_TRUE(tiff(directory({width, {34853, 4, 1, 0}}))) << "a place";
  EXPECT_TRUE(tiff(directory({width, {316, 2, 4, 0x00414141}}))) << "whose computer";
  // 8 + 2 + 24 + 4 = 38: where the second directory begins.
  const Field link{34665, 4, 1, 38};
  EXPECT_FALSE(tiff(directory({width, link}) + directory({{36867, 2, 4, 0}})));
  EXPECT_TRUE(tiff(directory({width, link}) + directory({{42033, 2, 4, 0}}))) << "a serial number in EXIF";
  EXPECT_TRUE(tiff(directory({width, {330, 4, 1, 38}}) + directory({{34853, 4, 1, 0}}))) << "in a SubIFD";
  EXPECT_TRUE(tiff(directory({width, width}, 38) + directory({{34853, 4, 1, 0}}))) << "on the second page";
  EXPECT_FALSE(tiff(directory({width, width}, 8))) << "a ring ends";
  EXPECT_TRUE(tiff(directory({width, {700, 1, 100'000, 38}}))) << "XMP past the end: nobody can say";
}

TEST(PrivateFields, XmpInTiff) {
  const std::string open = xmp(R"(dc:format="image/tiff">)");
  const std::string told = xmp(R"(photoshop:City="Bern">)");
  EXPECT_FALSE(tiff(directory({{700, 1, static_cast<std::uint32_t>(open.size()), 26}}) + open));
  EXPECT_TRUE(tiff(directory({{700, 1, static_cast<std::uint32_t>(told.size()), 26}}) + told));
}

TEST(PublicFiles, WhatCarriesNothingIsTheFileItself) {
  PublicFiles files;
  const auto file = std::make_shared<base::MemorySource>(bytes_of(testing::tiny_png(4, 3)));
  const auto open = files.open(file, "a.png");
  ASSERT_TRUE(open);
  EXPECT_EQ(open->get(), file.get());
}

TEST(PublicFiles, WithoutItsTextsAndUnderAVersionOfItsOwn) {
  PublicFiles files;
  std::string png = testing::tiny_png(4, 3);
  png.insert(33, "\0\0\0\x04tEXtBern\0\0\0\0"s);
  for (int again = 0; again < 2; ++again) {
    const auto open = files.open(std::make_shared<base::MemorySource>(bytes_of(png)), "a.png");
    ASSERT_TRUE(open);
    EXPECT_EQ((*open)->size(), png.size() - 16);
    EXPECT_NE((*open)->version().token, "memory");
  }
}

TEST(PublicFiles, WhatCannotBeJudgedIsWithheld) {
  PublicFiles files;
  for (const std::string& content : {"just text"s, "II*\0\x08\0\0\0"s + directory({{34853, 4, 1, 0}})}) {
    const auto open = files.open(std::make_shared<base::MemorySource>(bytes_of(content)), content);
    ASSERT_FALSE(open);
    EXPECT_EQ(open.error().code, base::ErrorCode::forbidden);
  }
}

// A disk that does not answer for a while.
class TiredSource final : public base::ByteSource {
 public:
  TiredSource(base::Bytes bytes, int failures) : whole_(std::move(bytes)), failures_(failures) {}
  std::uint64_t size() const override { return whole_.size(); }
  const base::Version& version() const override { return whole_.version(); }
  base::Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (failures_ > 0 && --failures_ == 0) return base::fail(base::ErrorCode::io, "The file could not be read.");
    return whole_.read(offset, out);
  }

 private:
  base::MemorySource whole_;
  mutable int failures_;  // the read that fails, counted down
};

TEST(PublicFiles, AFailedReadIsNoVerdict) {
  const std::string tiff = "II*\0\x08\0\0\0"s + directory({{256, 4, 1, 100}});
  for (const std::string& content : {testing::tiny_png(4, 3), tiff}) {
    const auto file = std::make_shared<base::MemorySource>(bytes_of(content));
    for (int read = 1; read <= 4; ++read) {
      PublicFiles files;
      const auto tired = files.open(std::make_shared<TiredSource>(bytes_of(content), read), "a");
      EXPECT_TRUE(tired ? read > 2 : tired.error().code == base::ErrorCode::io) << read;
      EXPECT_TRUE(files.open(file, "a")) << "the next attempt counts, " << read;
    }
  }
}

}  // namespace
}  // namespace armarium::ingest
