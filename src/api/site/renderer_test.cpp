// Renders with the templates and strings of web/ themselves; the working directory of a test is the root of the repository.
#include "api/site/renderer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "api/site/sitemap.h"
#include "api/site/testing/archive.h"
#include "json/json.h"

namespace armarium::api::site {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::pair<std::string, std::string>> web_files() {
  std::vector<std::pair<std::string, std::string>> files;
  for (const char* folder : {"templates", "strings"})
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path("web") / folder)) {
      std::ifstream file(entry.path(), std::ios::binary);
      files.emplace_back(std::string(folder) + "/" + entry.path().filename().string(),
                         (std::stringstream() << file.rdbuf()).str());
    }
  return files;
}

std::shared_ptr<const Renderer> renderer(std::vector<std::pair<std::string, std::string>> more = {}) {
  auto files = web_files();
  files.insert(files.end(), more.begin(), more.end());
  auto made = Renderer::create(*AssetPack::from_bytes(testing::archive_of(files)));
  EXPECT_TRUE(made) << made.error().message << " " << made.error().detail;
  return *made;
}

const Site kSite{
    "https://example.org/iiif", {"en", "Scans"}, "https://example.org/iiif/iiif/collection", "mailto:a@example.org"};

ItemPage item() {
  ItemPage page;
  page.label = {"fr", "Heures & <Rouen>"};
  page.summary = {"en", "A <b>book</b>"};
  page.metadata = {{{"en", "Notes"}, {"en", "<p>See <i>this</i></p>"}},
                   {{"en", "Hostile"}, {"none", "<script>x</script>"}}};
  page.rights = "http://creativecommons.org/licenses/by-sa/4.0/";
  page.required_statement = LabelValue{{"en", "Attribution"}, {"en", "A museum"}};
  page.breadcrumb = {{{"en", "Scans"}, "/"}};
  page.path = "/item/ms~1";
  page.document = "https://example.org/iiif/iiif/ms~1/manifest";
  page.picture = Picture{"https://example.org/iiif/iiif/image/3/a/full/600,800/0/default.jpg", 600, 800};
  for (const char* name : {"1r", "1v"}) {
    Canvas canvas;
    canvas.label = {"none", name};
    canvas.width = 3000;
    canvas.height = 4000;
    canvas.service = std::string("https://example.org/iiif/iiif/image/3/") + name;
    canvas.preview = Picture{canvas.service + "/full/900,1200/0/default.jpg", 900, 1200};
    canvas.full = canvas.service + "/full/max/0/default.jpg";
    page.canvases.push_back(canvas);
  }
  return page;
}

TEST(Renderer, EscapesWhatComesFromOutside) {
  const auto site = renderer();
  const std::string html = site->render_item(kSite, item(), site->locale("", "en"));
  EXPECT_THAT(html, HasSubstr("Heures &amp; &lt;Rouen&gt;"));
  EXPECT_THAT(html, HasSubstr("A &lt;b&gt;book&lt;/b&gt;"));
  EXPECT_THAT(html, HasSubstr("<p>See <i>this</i></p>"));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;x&lt;/script&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<script>x")));
  EXPECT_THAT(html, Not(HasSubstr("<Rouen>")));
}

TEST(Renderer, ShowsTheItemsFactsAndLinks) {
  const auto site = renderer();
  const std::string html = site->render_item(kSite, item(), site->locale("", "en"));
  EXPECT_THAT(html, HasSubstr("<h1 class=\"item-title\" lang=\"fr\">"));
  EXPECT_THAT(html, HasSubstr("<link rel=\"canonical\" href=\"https://example.org/iiif/item/ms~1\">"));
  EXPECT_THAT(
      html,
      HasSubstr(
          "property=\"og:image\" content=\"https://example.org/iiif/iiif/image/3/a/full/600,800/0/default.jpg\""));
  EXPECT_THAT(html, HasSubstr("CC BY-SA 4.0"));
  EXPECT_THAT(html, HasSubstr("manifest?manifest=https%3A%2F%2Fexample.org%2Fiiif%2Fiiif%2Fms~1%2Fmanifest"));
  EXPECT_THAT(html, HasSubstr("href=\"/iiif/item/ms~1?canvas=2\""));
  EXPECT_THAT(html, HasSubstr("aria-current=\"page\" data-service=\"https://example.org/iiif/iiif/image/3/1r\""));
  EXPECT_THAT(html, HasSubstr("1 of 2"));
}

TEST(Renderer, SpeaksTheReadersLanguageAndKeepsAChoice) {
  const auto site = renderer();
  const std::string header = site->render_item(kSite, item(), site->locale("", "de"));
  EXPECT_THAT(header, HasSubstr("<html lang=\"de\" dir=\"ltr\">"));
  EXPECT_THAT(header, HasSubstr("Nutzen und teilen"));
  EXPECT_THAT(header, HasSubstr("href=\"/iiif/item/ms~1?canvas=2\""));
  const std::string chosen = site->render_item(kSite, item(), site->locale("ar", ""));
  EXPECT_THAT(chosen, HasSubstr("<html lang=\"ar\" dir=\"rtl\">"));
  EXPECT_THAT(chosen, HasSubstr("href=\"/iiif/item/ms~1?canvas=2&amp;lang=ar\""));
  EXPECT_THAT(chosen, HasSubstr("lang=\"fr\" dir=\"ltr\">Heures"));
}

TEST(Renderer, WritesJsonLdThatParsesAndCannotEndTheScript) {
  ItemPage page = item();
  page.label = {"en", "</script><!--"};
  const auto site = renderer();
  const std::string html = site->render_item(kSite, page, site->locale("", "en"));
  const std::string opening = "<script type=\"application/ld+json\">";
  const auto begin = html.find(opening) + opening.size();
  const std::string json = html.substr(begin, html.find("</script>", begin) - begin);
  const auto parsed = json::parse(json);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(json::text_of(parsed->at("@graph").at(0).as_object(), "name"), "</script><!--");
}

TEST(Renderer, SaysThatTheViewersAreMissingAndOffersThemWhenNot) {
  const auto without = renderer();
  EXPECT_FALSE(without->has_zoom_viewer());
  const std::string plain = without->render_item(kSite, item(), without->locale("", "en"));
  EXPECT_THAT(plain, HasSubstr("The zoom viewer is not part of this installation"));
  EXPECT_THAT(plain, Not(HasSubstr("item.js")));
  const auto with = renderer({{"dist/item.js", ""}, {"dist/mirador/mirador.min.js", ""}, {"dist/uv/umd/UV.js", ""}});
  const std::string full = with->render_item(kSite, item(), with->locale("", "en"));
  EXPECT_THAT(full, HasSubstr("/dist/item.js"));
  EXPECT_THAT(full, HasSubstr("/iiif/viewer/mirador?iiif-content=https%3A%2F%2F"));
  EXPECT_THAT(full, HasSubstr("/iiif/viewer/uv?iiif-content="));
  EXPECT_THAT(full, Not(HasSubstr("not part of this installation")));
}

TEST(Renderer, ShowsAnUnreadablePageAndGoesOn) {
  ItemPage page = item();
  page.current = 99;
  page.canvases[1] = Canvas{};
  page.canvases[1].error = "The file is damaged.";
  const auto site = renderer();
  const std::string html = site->render_item(kSite, page, site->locale("", "en"));
  EXPECT_THAT(html, HasSubstr("<p class=\"stage-message\">The file is damaged.</p>"));
  EXPECT_THAT(html, HasSubstr("2 of 2"));
  page.canvases.clear();
  EXPECT_THAT(site->render_item(kSite, page, site->locale("", "en")), Not(HasSubstr("id=\"stage\"")));
}

TEST(Renderer, PagesThroughLongCollections) {
  CollectionPage page;
  page.label = {"en", "Scans"};
  page.path = "/";
  page.document = kSite.collection;
  page.page = 7;
  page.page_count = 20;
  page.total_items = 1999;
  page.children.push_back({{"none", "A"}, "/item/a", Picture{"https://example.org/t.jpg", 400, 300}, false, 12});
  page.children.push_back({{"none", "B"}, "/item/b", {}, true, 1});
  const auto site = renderer();
  const std::string html = site->render_collection(kSite, page, site->locale("", "en"));
  EXPECT_THAT(html, HasSubstr("1,999 works"));
  EXPECT_THAT(html, HasSubstr("page 7 of 20"));
  EXPECT_THAT(html, HasSubstr("rel=\"prev\" href=\"/iiif/?page=6\""));
  EXPECT_THAT(html, HasSubstr("rel=\"next\" href=\"/iiif/?page=8\""));
  for (const int shown : {1, 5, 6, 7, 8, 9, 20})
    EXPECT_THAT(html, HasSubstr("</span>" + std::to_string(shown) + "</a>"));
  for (const int hidden : {2, 4, 10, 19})
    EXPECT_THAT(html, Not(HasSubstr("</span>" + std::to_string(hidden) + "</a>")));
  EXPECT_THAT(html, HasSubstr("class=\"work shape-133\""));
  EXPECT_THAT(html, HasSubstr("12 images"));
  EXPECT_THAT(html, HasSubstr("canonical\" href=\"https://example.org/iiif/?page=7\""));
}

TEST(Renderer, NamesErrorsWithoutGivingThemAnAddress) {
  const auto site = renderer();
  const std::string html =
      site->render_error(kSite, {404, "There is no <item>.", "", "/item/x"}, site->locale("", "de"));
  EXPECT_THAT(html, HasSubstr("Hier ist nichts"));
  EXPECT_THAT(html, HasSubstr("There is no &lt;item&gt;."));
  EXPECT_THAT(html, HasSubstr("noindex"));
  EXPECT_THAT(html, Not(HasSubstr("canonical")));
  Site bare;
  EXPECT_THAT(site->render_error(bare, {404, "x", "", "//evil.example"}, site->locale("", "en")),
              Not(HasSubstr("evil")));
  EXPECT_THAT(site->render_error(kSite, {500, "x", "A-17", ""}, site->locale("", "en")),
              HasSubstr("please give the number A-17"));
}

TEST(Renderer, LeadsBackFromAViewerToThePageOfTheWork) {
  const auto site = renderer();
  const auto back = [&](std::string content) {
    return site->render_viewer(kSite, {Viewer::kMirador, std::move(content), ""}, site->locale("", "en"));
  };
  EXPECT_THAT(back("https://example.org/iiif/iiif/ms~1/manifest"), HasSubstr("href=\"/iiif/item/ms~1\""));
  EXPECT_THAT(back("https://example.org/iiif/iiif/presentation/2/a%2Fb/manifest"),
              HasSubstr("href=\"/iiif/item/a%2Fb\""));
  for (const char* other : {"https://example.com/iiif/a/manifest", "https://example.org/iiif/iiif/collection",
                            "https://example.org/iiif/iiif/a\"b/manifest", "eyJ0eXBlIjoiTWFuaWZlc3QifQ", ""}) {
    EXPECT_THAT(back(other), HasSubstr("class=\"wordmark\" href=\"/iiif/\"")) << other;
  }
}

TEST(Renderer, KeepsTheQueryThatBelongsToAPage) {
  ItemPage page = item();
  page.query = "as=manifest";
  const auto site = renderer();
  const std::string html = site->render_item(kSite, page, site->locale("de", ""));
  EXPECT_THAT(html, HasSubstr("href=\"/iiif/item/ms~1?as=manifest&amp;canvas=2&amp;lang=de\""));
  EXPECT_THAT(html, HasSubstr("canonical\" href=\"https://example.org/iiif/item/ms~1?as=manifest\""));
}

TEST(Renderer, TakesNoOrdersFromValues) {
  ItemPage page = item();
  page.label = {"en", "{{t.rights}} {{{json_ld}}} {{> head}}"};
  const auto site = renderer();
  EXPECT_THAT(site->render_item(kSite, page, site->locale("", "en")),
              HasSubstr("{{t.rights}} {{{json_ld}}} {{&gt; head}}</h1>"));
}

// What the templates ask for is there in English, and what English has is there in German.
TEST(Catalogues, AreComplete) {
  std::map<std::string, Strings> languages;
  std::string templates;
  for (const auto& [name, content] : web_files()) {
    if (name.rfind("strings/", 0) == 0) {
      auto strings = parse_strings(content);
      ASSERT_TRUE(strings) << name;
      const std::string code = strings->code;
      languages.emplace(code, *std::move(strings));
    } else {
      templates += content;
    }
  }
  const Strings& english = languages.at("en");
  for (auto at = templates.find("{{t."); at != std::string::npos; at = templates.find("{{t.", at + 1)) {
    const std::string key = templates.substr(at + 4, templates.find("}}", at) - at - 4);
    EXPECT_TRUE(english.texts.contains(key)) << key;
  }
  for (const auto& [key, text] : english.texts) EXPECT_TRUE(languages.at("de").texts.contains(key)) << key;
  for (const auto& [key, list] : english.lists) EXPECT_EQ(languages.at("de").lists.at(key).size(), list.size()) << key;
  for (const auto& [key, forms] : english.plurals) EXPECT_TRUE(languages.at("de").plurals.contains(key)) << key;
  for (const auto& [code, strings] : languages)
    for (const auto& [key, text] : strings.texts) {
      // An English reason is its own key: /status translates the sentences that the readers of files say.
      EXPECT_TRUE(key.starts_with("reason: ") || english.texts.contains(key)) << code << ": " << key;
    }
}

TEST(Renderer, FailsWithoutTemplatesOrStrings) {
  EXPECT_FALSE(Renderer::create(*AssetPack::from_bytes(testing::archive_of({}))));
  EXPECT_FALSE(Renderer::create(
      *AssetPack::from_bytes(testing::archive_of({{"strings/en.json", R"({"language_code":"en"})"}}))));
}

TEST(Sitemap, EscapesAddressesAndSplits) {
  const std::vector<SitemapEntry> entries{{"/item/a&b", "2026-11-22"}, {"/item/c", ""}};
  const std::string xml = sitemap(kSite, entries);
  EXPECT_THAT(xml, HasSubstr("<loc>https://example.org/iiif/item/a&amp;b</loc><lastmod>2026-11-22</lastmod>"));
  EXPECT_THAT(sitemap_index(kSite, 2), HasSubstr("<loc>https://example.org/iiif/sitemap.xml?page=2</loc>"));
  EXPECT_THAT(robots(kSite, true), HasSubstr("Disallow: /iiif/iiif/image/\n"));
  EXPECT_EQ(robots(kSite, false), "User-agent: *\nDisallow: /\n");
}

}  // namespace
}  // namespace armarium::api::site
