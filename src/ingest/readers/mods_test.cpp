#include "ingest/readers/mods.h"

#include <gtest/gtest.h>

#include "ingest/readers/dublin_core.h"

namespace armarium::ingest::readers {
namespace {

Record mods_of(std::string_view inside) {
  const auto document = xml::Document::parse(
      std::string("<mods xmlns='http://www.loc.gov/mods/v3' xmlns:xlink='http://www.w3.org/1999/xlink'>") +
      std::string(inside) + "</mods>");
  EXPECT_TRUE(document.has_value());
  EXPECT_TRUE(is_mods(document->root()));
  return mods_record(document->root());
}

// The values of one field, each after a bar.
std::string all(const Record& record, std::string_view name) {
  std::string out;
  for (const RecordField& field : record.fields) {
    if (field.name == name) out += "|" + field.value + (field.language == "none" ? "" : "@" + field.language);
  }
  return out;
}

TEST(Mods, TitlesHaveTheirParts) {
  const Record record = mods_of(
      "<titleInfo lang='ger'><nonSort>Der</nonSort><title>Faust</title><subTitle>eine "
      "Trag\u00f6die</subTitle><partNumber>2</partNumber></titleInfo>"
      "<titleInfo type='alternative'><title>Faust II</title></titleInfo><titleInfo "
      "type='uniform'><title>Faust</title></titleInfo>");
  EXPECT_EQ(all(record, "title"), "|Der Faust: eine Trag\u00f6die. 2@de");
  EXPECT_EQ(all(record, "alternative title"), "|Faust II");
  EXPECT_EQ(all(record, "uniform title"), "|Faust");
}

TEST(Mods, NamesStandUnderTheirRoles) {
  const Record record = mods_of(
      "<name><namePart type='family'>Goethe</namePart><namePart type='given'>J. W.</namePart><namePart "
      "type='date'>1749-1832</namePart>"
      "<role><roleTerm type='code'>aut</roleTerm></role></name>"
      "<name><namePart>Cotta</namePart><role><roleTerm type='text'>Printer</roleTerm></role></name>"
      "<name><namePart>Anna</namePart><role><roleTerm "
      "type='text'>Dekorateurin</roleTerm></role></name><name><namePart>Ohne</namePart></name>");
  EXPECT_EQ(all(record, "role aut"), "|Goethe, J. W., 1749-1832");
  EXPECT_EQ(all(record, "role prt"), "|Cotta");
  EXPECT_EQ(all(record, "contributor"), "|Anna (Dekorateurin)");
  EXPECT_EQ(all(record, "creator"), "|Ohne");
}

TEST(Mods, OnlyCertainDatesBecomeTheNavDate) {
  const auto nav = [](const char* dates) {
    return mods_of(std::string("<originInfo>") + dates + "</originInfo>").nav_date;
  };
  EXPECT_EQ(nav("<dateIssued encoding='w3cdtf'>1871-05-06</dateIssued>"), "1871-05-06T00:00:00Z");
  EXPECT_EQ(nav("<dateIssued>1871</dateIssued>"), "1871-01-01T00:00:00Z");
  EXPECT_EQ(nav("<dateIssued>[1871]</dateIssued>"), "");
  EXPECT_EQ(nav("<dateIssued>[1871]</dateIssued><dateIssued encoding='marc'>1871</dateIssued>"), "");
  EXPECT_EQ(nav("<dateIssued qualifier='approximate'>1871</dateIssued>"), "");
  EXPECT_EQ(nav("<dateIssued point='start'>1871</dateIssued><dateIssued point='end'>1873</dateIssued>"), "");
  EXPECT_EQ(nav("<dateIssued>1900</dateIssued><dateCreated keyDate='yes'>1899</dateCreated>"), "1899-01-01T00:00:00Z");
  EXPECT_EQ(mods_of("<originInfo eventType='digitization'><dateIssued>2019</dateIssued></originInfo>").nav_date, "");
  EXPECT_EQ(
      all(mods_of("<originInfo><dateIssued qualifier='approximate'>1871</dateIssued></originInfo>"), "date issued"),
      "|ca. 1871");
  EXPECT_EQ(all(mods_of("<originInfo><dateIssued point='start'>1871</dateIssued><dateIssued "
                        "point='end'>1873</dateIssued></originInfo>"),
                "date issued"),
            "|1871\u20131873");
}

TEST(Mods, RightsByAddressOrName) {
  EXPECT_EQ(mods_of("<accessCondition type='use and reproduction' "
                    "xlink:href='https://creativecommons.org/licenses/by/4.0/deed.de'>CC BY</accessCondition>")
                .rights,
            "http://creativecommons.org/licenses/by/4.0/");
  EXPECT_EQ(mods_of("<accessCondition type='use and "
                    "reproduction'>http://rightsstatements.org/vocab/NoC-NC/1.0/</accessCondition>")
                .rights,
            "http://rightsstatements.org/vocab/NoC-NC/1.0/");
  EXPECT_EQ(mods_of("<accessCondition type='use and reproduction'>CC BY-SA 4.0</accessCondition>").rights,
            "http://creativecommons.org/licenses/by-sa/4.0/");
  const Record words = mods_of(
      "<accessCondition type='use and reproduction'>Ask us</accessCondition><accessCondition type='restriction on "
      "access'>Closed</accessCondition>");
  EXPECT_EQ(words.rights, "");
  EXPECT_EQ(all(words, "rights"), "|Ask us");
  EXPECT_EQ(all(words, "access"), "|Closed");
}

TEST(Mods, SubjectsPlacesAndCoordinates) {
  const Record record = mods_of(
      "<subject><topic>Trade</topic><geographic>Peru</geographic></subject><subject><geographic>Lima</geographic></"
      "subject>"
      "<subject><cartographics><scale>1:50 000</scale><coordinates>W 80\u00b0--W 70\u00b0/N 5\u00b0--S "
      "5\u00b0</coordinates></cartographics></subject>");
  EXPECT_EQ(all(record, "subject"), "|Trade \u2013 Peru");
  EXPECT_EQ(all(record, "place"), "|Lima");
  EXPECT_EQ(all(record, "scale"), "|1:50 000");
  ASSERT_TRUE(record.nav_place.is_object());
  EXPECT_EQ(record.nav_place.at("features").get_array().size(), 1U);
}

TEST(DublinCore, ElementsAndTerms) {
  const auto document = xml::Document::parse(
      "<r xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:t='http://purl.org/dc/terms/'><dc:title "
      "xml:lang='de'>Blatt</dc:title><dc:title xml:lang='en'>Leaf</dc:title>"
      "<dc:creator>Anna</dc:creator><dc:date>um "
      "1900</dc:date><t:created>1901-02</t:created><dc:type>http://purl.org/dc/dcmitype/StillImage</dc:type>"
      "<dc:language>ger</dc:language><dc:rights>CC0</dc:rights><t:spatial>name=Wien; east=16.37; "
      "north=48.2</t:spatial><dc:identifier>ab 1</dc:identifier></r>");
  ASSERT_TRUE(document.has_value());
  ASSERT_TRUE(is_dublin_core(document->root()));
  const Record record = dublin_core_record(document->root());
  EXPECT_EQ(all(record, "title"), "|Blatt@de|Leaf@en");
  EXPECT_EQ(all(record, "date"), "|um 1900");
  EXPECT_EQ(record.nav_date, "1901-02-01T00:00:00Z");
  EXPECT_EQ(record.rights, "http://creativecommons.org/publicdomain/zero/1.0/");
  EXPECT_EQ(record.identifiers, std::vector<std::string>{"ab 1"});
  EXPECT_TRUE(record.nav_place.is_object());
  const iiif::Description shown = publish(record, *Crosswalk::standard(), "leaf.xml");
  EXPECT_EQ(shown.label.best("en").value, "Leaf");
  EXPECT_EQ(shown.origins.at("label"), "leaf.xml");
  ASSERT_GE(shown.metadata.size(), 4U);
  EXPECT_EQ(shown.metadata[0].label.best("de").value, "Urheber");
  bool image = false;
  bool german = false;
  for (const iiif::LabelValue& entry : shown.metadata) {
    image = image || (entry.label.best("en").value == "Type" && entry.value.best("de").value == "Bild");
    german = german || (entry.label.best("en").value == "Language" && entry.value.best("en").value == "German");
  }
  EXPECT_TRUE(image);
  EXPECT_TRUE(german);
}

TEST(Records, TheTableOfAFolderLiesOverThatOfTheProgram) {
  std::vector<TextProblem> problems;
  const CrosswalkPtr table = Crosswalk::standard()->with(
      "format,field,property,order,en\nmods,shelfmark,metadata,1,Call "
      "number\nrecord,genre,none,,\nmods,repository,requiredStatement,,Held by\n",
      problems);
  const Record record = mods_of(
      "<genre>Map</genre><name><namePart>Anna</namePart></name><location><physicalLocation>A house</physicalLocation>"
      "<shelfLocator>Ms. 7</shelfLocator></location><note type='odd'>&lt;1871></note>");
  const iiif::Description shown = publish(record, *table, "x.xml");
  ASSERT_EQ(shown.metadata.size(), 3U);
  EXPECT_EQ(shown.metadata[0].label.best("en").value, "Call number");
  EXPECT_EQ(shown.metadata[1].label.best("de").value, "Urheber");
  EXPECT_EQ(shown.metadata[2].label.best("de").value, "Anmerkung");
  EXPECT_EQ(shown.metadata[2].value, iiif::LanguageMap::none("<span>&lt;1871&gt;</span>"));
  ASSERT_EQ(shown.required_statement.size(), 1U);
  EXPECT_EQ(shown.required_statement[0].value, iiif::LanguageMap::none("A house"));
}

}  // namespace
}  // namespace armarium::ingest::readers
