#include "ingest/readers/record_file.h"

#include <gtest/gtest.h>

namespace armarium::ingest::readers {
namespace {

std::string all(const Record& record, std::string_view name) {
  std::string out;
  for (const RecordField& field : record.fields) {
    if (field.name == name) out += "|" + field.value + (field.language == "none" ? "" : "@" + field.language);
  }
  return out;
}

Record first_of(std::string_view text) {
  auto file = read_record_file(text);
  if (!file || file->records.empty()) {
    ADD_FAILURE() << text.substr(0, 80);
    return {};
  }
  return file->records.front();
}

TEST(RecordFile, IsKnownByWhatItHolds) {
  EXPECT_EQ(first_of("<mods xmlns='http://www.loc.gov/mods/v3'><note>a</note></mods>").format, "mods");
  EXPECT_EQ(
      first_of(
          "<x:collection xmlns:x='http://www.loc.gov/MARC21/slim'><m:record xmlns:m='http://www.loc.gov/MARC21/slim'>"
          "<m:leader>00000nam a2200000 a 4500</m:leader></m:record></x:collection>")
          .format,
      "marc");
  EXPECT_EQ(first_of("<lido xmlns='http://www.lido-schema.org'/>").format, "lido");
  EXPECT_EQ(first_of("<eac-cpf xmlns='urn:isbn:1-931666-33-4'/>").format, "eac-cpf");
  EXPECT_EQ(first_of("<pbcoreDescriptionDocument/>").format, "pbcore");
  EXPECT_EQ(first_of("<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader/></TEI>").format, "tei");
  EXPECT_EQ(first_of("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
                     "xmlns:dc='http://purl.org/dc/elements/1.1/'>"
                     "<rdf:Description rdf:about='urn:a'><dc:title>T</dc:title></rdf:Description></rdf:RDF>")
                .identifiers,
            std::vector<std::string>{"urn:a"});
  EXPECT_EQ(first_of(R"({"@context": "https://linked.art/ns/v1/linked-art.json", "_label": "A"})").format,
            "linked-art");
  for (const char* other : {"<mets xmlns='http://www.loc.gov/METS/'/>", "<ead/>", "<alto/>",
                            "{\"@context\": \"http://iiif.io/api/presentation/3/context.json\"}", "{}", "text", "",
                            "<html><head><title>T</title></head></html>", "<collection><item/></collection>"})
    EXPECT_FALSE(read_record_file(other).has_value()) << other;
}

TEST(RecordFile, ManyRecordsAreManyRecords) {
  const auto file = read_record_file(
      "<modsCollection "
      "xmlns='http://www.loc.gov/mods/v3'><mods><identifier>a</identifier></mods>\n<mods><identifier>b</identifier></"
      "mods></modsCollection>");
  ASSERT_TRUE(file.has_value());
  ASSERT_EQ(file->records.size(), 2U);
  EXPECT_EQ(file->records[1].identifiers, std::vector<std::string>{"b"});
  EXPECT_EQ(file->records[1].line, 2);
}

TEST(EacCpf, TheSecondEditionIsRead) {
  const Record record = first_of(
      "<eac "
      "xmlns='https://archivists.org/ns/eac/v2'><control><recordId>r1</recordId><maintenanceAgency><agencyName>Haus</"
      "agencyName>"
      "<agencyName "
      "languageOfElement='eng'>House</agencyName></maintenanceAgency></control><cpfDescription><identity><entityType "
      "value='family'/>"
      "<nameEntry "
      "status='authorized'><part>Muster</part><part>1600-1700</part></nameEntry></"
      "identity><description><existDates><dateRange><fromDate>1600</fromDate>"
      "<toDate>1700</toDate></dateRange></existDates><places><place><placeName>Ulm</placeName></place></"
      "places><biogHist><p>Eins</p><p>Zwei</p></biogHist></description>"
      "<relations><relation><targetEntity targetType='person'><part>Muster, "
      "Anna</part></targetEntity></relation></relations></cpfDescription></eac>");
  EXPECT_EQ(all(record, "title"), "|Muster, 1600-1700");
  EXPECT_EQ(all(record, "record source"), "|Haus|House@en");
  EXPECT_EQ(all(record, "life dates"), "|1600\u20131700");
  EXPECT_EQ(all(record, "place"), "|Ulm");
  EXPECT_EQ(all(record, "abstract"), "|Eins|Zwei");
  EXPECT_EQ(all(record, "related name"), "|Muster, Anna");
  EXPECT_EQ(record.nav_date, "");
}

TEST(PbCore, AProgramme) {
  const Record record = first_of(
      "<pbcoreDescriptionDocument xmlns='http://www.pbcore.org/PBCore/PBCoreNamespace.html'><pbcoreAssetDate "
      "dateType='broadcast'>1982-01-02</pbcoreAssetDate>"
      "<pbcoreAssetDate dateType='Created'>1981-12-05</pbcoreAssetDate><pbcoreTitle "
      "titleType='Series'>Evenings</pbcoreTitle><pbcoreTitle titleType='Program'>The show</pbcoreTitle>"
      "<pbcoreContributor><contributor>Muster, "
      "Rosa</contributor><contributorRole>Host</contributorRole></pbcoreContributor>"
      "<pbcoreCoverage><coverage>Ulm</coverage><coverageType>Spatial</coverageType></pbcoreCoverage>"
      "<pbcoreRightsSummary><rightsSummary>Free to "
      "use</rightsSummary><rightsLink>https://creativecommons.org/publicdomain/mark/1.0/</rightsLink></"
      "pbcoreRightsSummary>"
      "<pbcoreInstantiation><instantiationDuration>01:00:00</instantiationDuration><instantiationLanguage>eng;ger</"
      "instantiationLanguage></pbcoreInstantiation>"
      "<pbcoreAnnotation annotationType='status'>open</pbcoreAnnotation></pbcoreDescriptionDocument>");
  EXPECT_EQ(all(record, "title"), "|The show");
  EXPECT_EQ(all(record, "series"), "|Evenings");
  EXPECT_EQ(record.nav_date, "1981-12-05T00:00:00Z");
  EXPECT_EQ(all(record, "contributor"), "|Muster, Rosa (Host)");
  EXPECT_EQ(all(record, "place"), "|Ulm");
  EXPECT_EQ(record.rights, "http://creativecommons.org/publicdomain/mark/1.0/");
  EXPECT_EQ(all(record, "language"), "|eng|ger");
  EXPECT_EQ(all(record, "note"), "|open");
}

TEST(Lido, CoordinatesAndRights) {
  const Record record = first_of(
      "<lido xmlns='http://www.lido-schema.org' xmlns:g='http://www.opengis.net/gml' "
      "xmlns:skos='http://www.w3.org/2004/02/skos/core#'><descriptiveMetadata xml:lang='de'>"
      "<eventWrap><eventSet><event><eventType><skos:Concept><skos:prefLabel "
      "xml:lang='de'>Herstellung</skos:prefLabel></skos:Concept></eventType>"
      "<eventActor><actorInRole><actor><nameActorSet><appellationValue>Muster</appellationValue></nameActorSet></"
      "actor><roleActor><term>Fotograf</term></roleActor></actorInRole></eventActor>"
      "<eventDate><displayDate>um "
      "1871</displayDate><date><earliestDate>1871</earliestDate><latestDate>1871</latestDate></date></eventDate>"
      "<eventPlace><place><gml><g:Point><g:pos>48.4 "
      "9.99</g:pos></g:Point></gml><namePlaceSet><appellationValue>Ulm</appellationValue></namePlaceSet></place></"
      "eventPlace>"
      "</event></eventSet><eventSet><event><eventType><term>Restaurierung</term></"
      "eventType><eventDate><displayDate>1990</displayDate></eventDate></event></eventSet></eventWrap></"
      "descriptiveMetadata>"
      "<administrativeMetadata><resourceWrap><resourceSet><rightsResource><rightsType><conceptID>http://"
      "rightsstatements.org/page/InC/1.0/</conceptID><term>In copyright</term></rightsType>"
      "</rightsResource></resourceSet></resourceWrap></administrativeMetadata></lido>");
  EXPECT_EQ(all(record, "role pht"), "|Muster");
  EXPECT_EQ(all(record, "date created"), "|um 1871");
  EXPECT_EQ(record.nav_date, "");
  EXPECT_EQ(record.rights, "http://rightsstatements.org/vocab/InC/1.0/");
  ASSERT_TRUE(record.nav_place.is_object());
  EXPECT_EQ(json::to_text(record.nav_place.at("features").at(0).at("geometry")),
            R"({"type":"Point","coordinates":[9.99,48.4]})");
  EXPECT_EQ(record.fields.back().value, "In copyright");
  EXPECT_EQ(all(record, "event"), "|1990");
}

TEST(Marc, ASeriesIsNamedOnce) {
  const Record record = first_of(
      "<record xmlns='http://www.loc.gov/MARC21/slim'><leader>00000nam a2200000 a 4500</leader>"
      "<datafield tag='490' ind1='1' ind2=' '><subfield code='a'>Journal. Supplement ;</subfield><subfield "
      "code='v'>6-14.</subfield></datafield>"
      "<datafield tag='830' ind1=' ' ind2='0'><subfield code='a'>Journal (Ulm)</subfield></datafield></record>");
  EXPECT_EQ(all(record, "series"), "|Journal. Supplement ; 6-14");
}

TEST(Marc, CoordinatesOf034) {
  const Record record = first_of(
      "<record xmlns='http://www.loc.gov/MARC21/slim'><leader>00000nem a2200000 a 4500</leader><controlfield "
      "tag='008'>      e18710506xx                  eng d</controlfield>"
      "<datafield tag='034' ind1='1' ind2=' '><subfield code='d'>E0090000</subfield><subfield "
      "code='e'>E0100000</subfield><subfield code='f'>N0490000</subfield><subfield "
      "code='g'>N0480000</subfield></datafield>"
      "<datafield tag='540' ind1=' ' ind2=' '><subfield code='a'>Free</subfield><subfield "
      "code='u'>https://creativecommons.org/publicdomain/zero/1.0/</subfield></datafield>"
      "<datafield tag='245' ind1='0' ind2='0'><subfield code='6'>880-01</subfield><subfield code='a'>Karta "
      "/</subfield></datafield>"
      "<datafield tag='880' ind1='0' ind2='0'><subfield code='6'>245-01/(N</subfield><subfield "
      "code='a'>\u041A\u0430\u0440\u0442\u0430 /</subfield></datafield></record>");
  EXPECT_EQ(all(record, "title"), "|Karta|\u041A\u0430\u0440\u0442\u0430");
  EXPECT_EQ(record.nav_date, "1871-05-06T00:00:00Z");
  EXPECT_EQ(record.rights, "http://creativecommons.org/publicdomain/zero/1.0/");
  ASSERT_TRUE(record.nav_place.is_object());
  EXPECT_EQ(json::to_text(record.nav_place.at("features").at(0).at("geometry").at("coordinates").at(0).at(2)),
            "[10.0,49.0]");
}

TEST(Tei, ALetterAndAPrint) {
  const Record letter = first_of(
      "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>Brief</title><title "
      "type='sub'>Entwurf</title></titleStmt>"
      "<publicationStmt><availability><licence target='https://creativecommons.org/licenses/by/4.0/'>CC "
      "BY</licence></availability></publicationStmt></fileDesc>"
      "<profileDesc><correspDesc><correspAction type='sent'><persName>Anna</persName><placeName>Ulm</placeName><date "
      "when='1871-05-06'/></correspAction>"
      "<correspAction "
      "type='received'><persName>Berta</persName></correspAction></correspDesc></profileDesc></teiHeader></TEI>");
  EXPECT_EQ(all(letter, "title"), "|Brief: Entwurf");
  EXPECT_EQ(all(letter, "role snd"), "|Anna");
  EXPECT_EQ(all(letter, "role rcp"), "|Berta");
  EXPECT_EQ(letter.nav_date, "1871-05-06T00:00:00Z");
  EXPECT_EQ(letter.rights, "");  // the licence is that of the file
  EXPECT_EQ(all(letter, "record rights"), "|CC BY");
  const Record print = first_of(
      "<TEI "
      "xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>Faust</title></"
      "titleStmt><sourceDesc><biblFull><titleStmt><title>Faust</title><author>Goethe</author></titleStmt>"
      "<publicationStmt><publisher>Cotta</publisher><pubPlace>T\u00fcbingen</pubPlace><date>1808</date></"
      "publicationStmt></biblFull></sourceDesc></fileDesc></teiHeader></TEI>");
  EXPECT_EQ(all(print, "role aut"), "|Goethe");
  EXPECT_EQ(all(print, "publisher"), "|Cotta");
  EXPECT_EQ(print.nav_date, "1808-01-01T00:00:00Z");
}

}  // namespace
}  // namespace armarium::ingest::readers
