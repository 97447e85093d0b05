// A METS file of 2,000 pages in three groups with a logical structure of 400 chapters: read, and laid over the folder's own pages.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "ingest/folder_document.h"
#include "ingest/readers/mets.h"

namespace {

namespace ingest = armarium::ingest;
namespace readers = armarium::ingest::readers;
namespace base = armarium::base;

std::string mets_of(std::size_t pages) {
  std::string files;
  std::string divs;
  std::string chapters;
  std::string links;
  for (const char* group : {"THUMBS", "MAX", "FULLTEXT"}) {
    files += fmt::format("<mets:fileGrp USE=\"{}\">\n", group);
    for (std::size_t page = 1; page <= pages; ++page) {
      const bool text = group[0] == 'F';
      files += fmt::format(
          "<mets:file ID=\"FILE_{:04}_{}\" MIMETYPE=\"{}\"><mets:FLocat LOCTYPE=\"URL\" "
          "xlink:href=\"https://host/{}/{:08}.{}\"/></mets:file>\n",
          page, group, text ? "text/xml" : "image/jpeg", group, page, text ? "xml" : "jpg");
    }
    files += "</mets:fileGrp>\n";
  }
  for (std::size_t page = 1; page <= pages; ++page) {
    divs += fmt::format(
        "<mets:div ID=\"PHYS_{0:04}\" ORDER=\"{0}\" ORDERLABEL=\"{0}\" TYPE=\"page\"><mets:fptr "
        "FILEID=\"FILE_{0:04}_THUMBS\"/><mets:fptr FILEID=\"FILE_{0:04}_MAX\"/><mets:fptr "
        "FILEID=\"FILE_{0:04}_FULLTEXT\"/></mets:div>\n",
        page);
    if (page % 5 == 1)
      chapters += fmt::format("<mets:div ID=\"LOG_{0:04}\" LABEL=\"Chapter {0}\" TYPE=\"chapter\"/>\n", page);
    links +=
        fmt::format("<mets:smLink xlink:from=\"LOG_{:04}\" xlink:to=\"PHYS_{:04}\"/>\n", page - (page - 1) % 5, page);
  }
  return fmt::format(
      "<mets:mets xmlns:mets=\"http://www.loc.gov/METS/\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
      "LABEL=\"Book\"><mets:fileSec>{}</mets:fileSec><mets:structMap TYPE=\"LOGICAL\"><mets:div ID=\"LOG\" "
      "TYPE=\"monograph\">{}</mets:div></mets:structMap><mets:structMap TYPE=\"PHYSICAL\"><mets:div "
      "TYPE=\"physSequence\">{}</mets:div></mets:structMap><mets:structLink>{}</mets:structLink></mets:mets>",
      files, chapters, divs, links);
}

void run(benchmark::State& state, bool lay) {
  const auto pages = static_cast<std::size_t>(state.range(0));
  const std::string text = mets_of(pages);
  std::vector<std::string> files{"mets.xml"};
  armarium::catalogue::ManifestChange folder{.identifier = "book", .folder = "book"};
  for (std::size_t page = 1; page <= pages; ++page) {
    files.push_back(fmt::format("{:08}.jpg", page));
    armarium::catalogue::Canvas canvas;
    canvas.identifier = fmt::format("book~{:08}", page);
    canvas.extent = {2000, 3000};
    armarium::catalogue::Asset asset;
    asset.identifier = canvas.identifier;
    asset.path = "book/" + files.back();
    canvas.assets.push_back(std::move(asset));
    folder.canvases.push_back(std::move(canvas));
  }
  std::sort(files.begin(), files.end());
  const std::vector<std::string> none;
  for (auto step : state) {
    (void)step;
    readers::Described described = readers::read_mets({.name = "mets.xml",
                                                       .bytes = text,
                                                       .root = {"http://www.loc.gov/METS/", "mets"},
                                                       .crosswalk = *ingest::Crosswalk::standard(),
                                                       .files = files,
                                                       .folders = none});
    if (!lay) {
      benchmark::DoNotOptimize(described);
      continue;
    }
    const ingest::FolderDocument document = ingest::made_document(std::move(described.tree), "mets.xml");
    armarium::catalogue::ManifestChange manifest = folder;
    auto laid = lay_document(document, {.item = {armarium::store::Kind::manifest, "book"}}, manifest);
    if (!laid || manifest.canvases.size() != pages) state.SkipWithError("the document was not laid");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(text.size()));
}

void read(benchmark::State& state) { run(state, false); }
void read_and_lay(benchmark::State& state) { run(state, true); }
BENCHMARK(read)->Arg(200)->Arg(2'000)->Arg(20'000)->Unit(benchmark::kMillisecond);
BENCHMARK(read_and_lay)->Arg(200)->Arg(2'000)->Arg(20'000)->Unit(benchmark::kMillisecond);

}  // namespace
