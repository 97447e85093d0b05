#include "ingest/readers/iso2709.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace armarium::ingest::readers {
namespace {

// A record as ISO 2709 has it; what is wrong with it comes later.
std::string record_of(const std::vector<std::pair<std::string, std::string>>& fields, char encoding = 'a') {
  std::string directory;
  std::string data;
  for (const auto& [tag, text] : fields) {
    directory += fmt::format("{}{:04}{:05}", tag, text.size() + 1, data.size());
    data += text + '\x1E';
  }
  const std::size_t base = 24 + directory.size() + 1;
  return fmt::format("{:05}nam {}22{:05} a 4500{}\x1E{}\x1D", base + data.size() + 1, encoding, base, directory, data);
}

TEST(Iso2709, ReadsControlFieldsAndSubfields) {
  const std::string bytes = record_of({{"001", "42"},
                                       {"245",
                                        "10\x1F"
                                        "aTitle :\x1F"
                                        "bmore"}});
  ASSERT_TRUE(is_iso2709(bytes));
  const std::vector<MarcRecord> file = read_iso2709(bytes + "\r\n" + bytes);
  ASSERT_EQ(file.size(), 2U);
  EXPECT_TRUE(file[1].problems.empty());
  EXPECT_EQ(file[1].line, 2);
  EXPECT_EQ(file[0].control("001"), "42");
  const MarcField* title = file[0].field("245");
  ASSERT_NE(title, nullptr);
  EXPECT_EQ(title->first, '1');
  EXPECT_EQ(title->second, '0');
  EXPECT_EQ(title->joined("ab"), "Title : more");
  EXPECT_FALSE(is_iso2709("00042 this is text that begins with a number"));
}

TEST(Iso2709, ADirectoryThatIsWrongCostsNoField) {
  std::string bytes = record_of({{"001", "42"},
                                 {"245",
                                  "10\x1F"
                                  "aTitle"},
                                 {"300",
                                  "  \x1F"
                                  "a2 p."}});
  bytes[24 + 12 + 6] = '9';  // length of 245
  const std::vector<MarcRecord> file = read_iso2709(bytes);
  ASSERT_EQ(file.size(), 1U);
  EXPECT_EQ(file[0].fields.size(), 3U);
  EXPECT_EQ(file[0].field("300")->part('a'), "2 p.");
  ASSERT_EQ(file[0].problems.size(), 1U);
  EXPECT_NE(file[0].problems[0].reason.find("directory"), std::string::npos);
}

TEST(Iso2709, ALengthThatIsWrongIsNamed) {
  std::string bytes = record_of({{"001", "42"}});
  bytes[0] = '9';
  const std::vector<MarcRecord> file = read_iso2709(bytes + record_of({{"001", "43"}}));
  ASSERT_EQ(file.size(), 2U);
  EXPECT_EQ(file[1].control("001"), "43");
  ASSERT_EQ(file[0].problems.size(), 1U);
  EXPECT_NE(file[0].problems[0].reason.find("Record 1"), std::string::npos);
}

TEST(Iso2709, EncodingsAreWhatTheyAre) {
  const auto title = [](const std::string& text, char encoding) {
    const std::vector<MarcRecord> file = read_iso2709(record_of({{"245",
                                                                  "10\x1F"
                                                                  "a" +
                                                                      text}},
                                                                encoding));
    return std::pair(std::string(file[0].field("245")->part('a')), file[0].problems.size());
  };
  EXPECT_EQ(title("\xE8"
                  "Uber",
                  ' '),
            std::pair(std::string("\u00DC"
                                  "ber"),
                      std::size_t{0}));
  EXPECT_EQ(title("U\xCC\x88"
                  "ber",
                  'a'),
            std::pair(std::string("\u00DC"
                                  "ber"),
                      std::size_t{0}));
  EXPECT_EQ(title("\xE8"
                  "Uber",
                  'a'),
            std::pair(std::string("\u00DC"
                                  "ber"),
                      std::size_t{1}));  // says UTF-8, is not
  EXPECT_EQ(title("\xC3\x9C"
                  "ber",
                  ' '),
            std::pair(std::string("\u00DC"
                                  "ber"),
                      std::size_t{1}));  // says MARC-8, is UTF-8
}

TEST(Iso2709, WhatIsCutIsNamed) {
  const std::string bytes = record_of({{"001", "42"},
                                       {"245",
                                        "10\x1F"
                                        "aTitle"}});
  for (std::size_t length = 1; length < bytes.size(); ++length) {
    const std::vector<MarcRecord> file = read_iso2709(bytes.substr(0, length));
    ASSERT_EQ(file.size(), 1U);
    EXPECT_FALSE(file[0].problems.empty()) << length;
  }
}

}  // namespace
}  // namespace armarium::ingest::readers
