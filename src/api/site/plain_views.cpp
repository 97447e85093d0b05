#include <algorithm>
#include <cctype>

#include "api/site/views.h"
#include "base/uri.h"

namespace armarium::api::site {
namespace {

View::List text_views(const std::vector<std::string>& texts) {
  View::List list;
  for (const auto& text : texts) list.push_back(View{}.set("text", text));
  return list;
}

// "Key | effect"
View::List key_views(const std::vector<std::string>& lines) {
  View::List list;
  for (const auto& line : lines) {
    const auto bar = line.find(" | ");
    if (bar != std::string::npos)
      list.push_back(View{}.set("key", line.substr(0, bar)).set("effect", line.substr(bar + 3)));
  }
  return list;
}

View problem_view(const Context& context, const Problem& problem) {
  View view;
  view.set("path", problem.file)
      .set("message", problem.message)
      .set("since", problem.since)
      .set("language", problem.language);
  return view.set_or_absent("href", problem.item_path.empty() ? std::string{} : context.link(problem.item_path));
}

View table_view(const StatusPage::Table& table) {
  View::List rows;
  for (const auto& row : table.rows) rows.push_back(View{}.set("cells", text_views(row)));
  return View{}.set("title", table.title).set("columns", text_views(table.columns)).set("rows", std::move(rows));
}

// The page of one of our own Manifests or Collections, by its address; "/" for all others.
std::string page_of_document(std::string_view address, const Site& site) {
  const std::string prefix = site.public_url + "/iiif/";
  if (address.substr(0, prefix.size()) != prefix) return "/";
  address.remove_prefix(prefix.size());
  for (const std::string_view version : {"presentation/2/", "presentation/3/", "presentation/4/"})
    if (address.substr(0, version.size()) == version) address.remove_prefix(version.size());
  const auto slash = address.find('/');
  if (slash == std::string_view::npos || slash == 0) return "/";
  const std::string_view kind = address.substr(slash + 1);
  const std::string_view segment = address.substr(0, slash);
  const bool spelled = std::all_of(segment.begin(), segment.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("._~=%-").find(static_cast<char>(c)) != std::string_view::npos;
  });
  return spelled && (kind == "manifest" || kind == "collection") ? "/item/" + std::string(segment) : "/";
}

}  // namespace

View error_view(const Context& context, const ErrorPage& page) {
  const std::string key = "error_" + std::to_string(page.status);
  const std::string heading = context.locale.text(context.locale.has(key) ? key : "error_other");
  Head head;
  head.title = heading;
  // Two slashes at the front would name another host in a link.
  head.path = page.path.empty() || page.path.rfind("//", 0) == 0 ? "/" : page.path;
  head.indexed = head.has_address = false;
  View view = frame_view(context, head);
  view.set("status", std::to_string(page.status))
      .set("heading", heading)
      .set("message", page.message)
      .set_or_absent("number", page.number);
  return view.set("number_text", context.locale.text("error_number", {{"number", page.number}}));
}

View accessibility_view(const Context& context) {
  Head head;
  head.title = context.locale.text("accessibility_title");
  head.description = context.locale.text("accessibility_lead");
  head.path = "/accessibility";
  View view = frame_view(context, head);
  view.set("does", text_views(context.locale.list("accessibility_does")))
      .set("gaps", text_views(context.locale.list("accessibility_gaps")));
  view.set("keys", key_views(context.locale.list("accessibility_keys")));
  const std::string& contact = context.site.contact;
  const bool mail = contact.rfind("mailto:", 0) == 0;
  if (mail || contact.rfind("https://", 0) == 0 || contact.rfind("http://", 0) == 0) {
    return view.set("contact", View{}.set("href", contact).set("text", mail ? contact.substr(7) : contact));
  }
  return view.set("contact", false);
}

View status_view(const Context& context, const StatusPage& page) {
  Head head;
  head.title = context.locale.text("status");
  head.path = "/status";
  head.indexed = false;
  View view = frame_view(context, head);
  View::List facts;
  for (const auto& [label, value] : page.facts) facts.push_back(View{}.set("label", label).set("value", value));
  View::List problems;
  for (const auto& problem : page.problems) problems.push_back(problem_view(context, problem));
  View::List tables;
  for (const auto& table : page.tables) tables.push_back(table_view(table));
  view.set("notices", text_views(page.notices)).set("facts", std::move(facts)).set("tables", std::move(tables));
  view.set("problems_text",
           context.locale.count("problems_count", std::max<std::uint64_t>(page.total_problems, page.problems.size())));
  return view.set_list("has_problems", "problems", std::move(problems));
}

View state_view(const Context& context, const StatePage& page) {
  const bool several = page.entries.size() > 1;
  Head head;
  head.title = context.locale.text(several ? "state_several" : "state_elsewhere");
  head.path = "/";
  head.indexed = head.has_address = false;
  View view = frame_view(context, head);
  view.set("heading", head.title)
      .set("message", context.locale.text(several ? "state_several_lead" : "state_elsewhere_lead"));
  View::List entries;
  for (const StatePage::Entry& entry : page.entries) {
    const bool ours = entry.elsewhere.empty();
    const Label label = label_of(entry.label, context.locale);
    const std::string query = "iiif-content=" + base::encode_query(entry.content);
    View row;
    row.set("href", ours ? context.link(entry.path) : entry.elsewhere)
        .set("label", label.text.empty() ? (ours ? entry.path : entry.elsewhere) : label.text)
        .set("attributes", label.attributes);
    row.set_or_absent("mirador", !ours && context.mirador ? context.link("/viewer/mirador", query) : std::string());
    entries.push_back(std::move(row.set_or_absent(
        "uv", !ours && context.universal_viewer ? context.link("/viewer/uv", query) : std::string())));
  }
  return view.set("entries", std::move(entries));
}

View viewer_view(const Context& context, const ViewerPage& page) {
  const bool mirador = page.viewer == Viewer::kMirador;
  Head head;
  head.title = mirador ? "Mirador" : "Universal Viewer";
  head.path = mirador ? "/viewer/mirador" : "/viewer/uv";
  head.indexed = head.has_address = false;
  View view = frame_view(context, head);
  view.set("viewer_name", head.title)
      .set("viewer", mirador ? "mirador" : "uv")
      .set("is_mirador", mirador)
      .set("is_uv", !mirador);
  view.set("available", mirador ? context.mirador : context.universal_viewer);
  // Mirador writes a main landmark of its own, and a page has one.
  view.set("brings_main", mirador && context.mirador);
  // Named "content" as "manifest" is the link in the head of a work's page.
  const std::string back = page.back_path.size() > 1 ? page.back_path : page_of_document(page.content, context.site);
  view.set("content", page.content).set("back", context.link(back));
  const bool work = back.size() > 1 && !page.content.ends_with("/collection");
  return view.set("back_text", context.locale.text(work ? "back_to_work" : "back_to_collection"));
}

}  // namespace armarium::api::site
