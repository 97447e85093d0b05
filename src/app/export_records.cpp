#include "app/export_records.h"

#include <functional>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/timestamp.h"
#include "base/uri.h"
#include "base/utf8.h"
#include "http/fake_exchange.h"
#include "json/writer.h"

namespace armarium::app {
namespace {

using base::Result;
using catalogue::Member;

constexpr std::size_t kAtOnce = 200;

constexpr std::string_view kReadme =
    R"(This folder holds what Armarium knows of a collection, in open formats. All files are UTF-8.

items.jsonl    one line for each Manifest and Collection: its identifier and kind, the other ids and addresses that lead to it, and its document (IIIF Presentation 3.0)
files.csv      one row for each picture of each Manifest: identifier, Canvas, path below the folder, page in the file (from 1), media type, width, height
history.jsonl  one line for each version that was written through the API: when, by whom, why, and the content as it came in, as text; or in hexadecimal as contentHex
states.jsonl   one line for each content state that somebody keeps: id, who, when, the state
changes.jsonl  one line for each change, oldest first: number in the log, time (UTC), type as in Change Discovery 1.0, identifier and kind; of a Move the new identifier; place: where the public change stream has it

JSON Lines: each line is a JSON object. CSV: RFC 4180, with a header.
)";

// Gives one piece after the other until one is empty.
class Pieces final : public http::BodyProducer {
 public:
  using Next = std::function<Result<std::string>()>;
  explicit Pieces(Next next) : next_(std::move(next)) {}
  Result<bool> pull(std::string& out) override {
    auto piece = next_();
    if (!piece) return base::fail(std::move(piece.error()));
    out += *piece;
    return !piece->empty();
  }

 private:
  Next next_;
};

Result<> write(exports::SiteFolder& folder, const std::string& file, Pieces::Next next) {
  http::Body body = std::make_unique<Pieces>(std::move(next));
  return folder.write(file, body);
}

std::string_view kind_name(store::Kind kind) {
  switch (kind) {
    case store::Kind::manifest: return "Manifest";
    case store::Kind::collection: return "Collection";
    case store::Kind::asset: return "Asset";
  }
  return "";
}

std::string_view type_name(store::ActivityType type) {
  switch (type) {
    case store::ActivityType::create: return "Create";
    case store::ActivityType::update: return "Update";
    case store::ActivityType::remove: return "Delete";
    case store::ActivityType::move: return "Move";
    case store::ActivityType::refresh: return "Refresh";
  }
  return "";
}

std::string field(std::string_view text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char letter : text) out += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  return out + '"';
}

std::string hexadecimal(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return out;
}

class Records {
 public:
  Records(const store::Store& store, const catalogue::Catalogue& catalogue, const exports::Ask& ask,
          exports::SiteFolder& folder)
      : store_(store), catalogue_(catalogue), ask_(ask), folder_(folder) {}

  Result<RecordsReport> run() {
    auto done = folder_.write("README.txt", kReadme);
    if (done) done = write(folder_, "items.jsonl", members([this](const Member& member) { return item(member); }));
    if (done) done = folder_files();
    if (done) done = states();
    if (done) done = changes();
    if (done) done = history();
    if (!done) return base::fail(std::move(done.error()));
    return report_;
  }

 private:
  // What `one` says of each Manifest and Collection, some hundred in a piece.
  Pieces::Next members(std::function<Result<std::string>(const Member&)> one) const {
    return [this, one = std::move(one), cursor = std::string()]() mutable -> Result<std::string> {
      std::string piece;
      while (piece.empty()) {
        auto found = catalogue_.everything(cursor, kAtOnce, base::Principal::system());
        if (!found) return base::fail(std::move(found.error()));
        if (found->empty()) break;
        cursor = catalogue::Catalogue::cursor_of(found->back());
        for (const Member& member : *found) {
          auto text = one(member);
          if (!text) return base::fail(std::move(text.error()));
          piece += *text;
        }
      }
      return piece;
    };
  }

  Result<std::string> item(const Member& member) {
    const bool manifest = member.kind == catalogue::ItemKind::manifest;
    const std::string segment = base::encode_segment(member.identifier);
    const std::string target =
        manifest ? fmt::format("/iiif/{}/manifest", segment)
                 : (segment.empty() ? std::string("/iiif/collection") : fmt::format("/iiif/{}/collection", segment));
    auto answer = ask_(target);
    if (!answer) return base::fail(std::move(answer.error()));
    const int status = answer->response.status;
    if (status == 401 || status == 403 || status == 404 || status == 410 || status == 451)
      return std::string();  // hidden or taken down meanwhile
    if (status != 200)
      return base::fail(base::ErrorCode::internal, fmt::format("{} answers with status {}.", target, status));
    auto document = http::body_text(answer->response.body);
    if (!document) return base::fail(std::move(document.error()));
    auto reader = store_.read();
    if (!reader) return base::fail(std::move(reader.error()));
    auto aliases = (*reader)->aliases_to(member.identifier);
    if (!aliases) return base::fail(std::move(aliases.error()));
    json::Writer out;
    out.begin_object().member("identifier", member.identifier).member("kind", manifest ? "Manifest" : "Collection");
    out.key("aliases").begin_array();
    for (const store::AliasRow& alias : *aliases) out.value(alias.alias);
    out.end_array().key("document").raw(*document).end_object();
    ++report_.items;
    return out.take() + '\n';
  }

  Result<> folder_files() {
    Pieces::Next rows = members([this](const Member& member) -> Result<std::string> {
      if (member.kind != catalogue::ItemKind::manifest) return std::string();
      auto manifest = catalogue_.manifest(member.identifier, base::Principal::system());
      if (!manifest && manifest.error().code != base::ErrorCode::not_found &&
          manifest.error().code != base::ErrorCode::withheld)
        return base::fail(std::move(manifest.error()));
      if (!manifest) return std::string();  // gone meanwhile
      std::string out;
      for (const catalogue::Canvas& canvas : manifest->canvases) {
        for (const catalogue::Asset& asset : canvas.assets)
          out += fmt::format("{},{},{},{},{},{},{}\r\n", field(member.identifier), field(canvas.identifier),
                             field(asset.path), asset.page + 1, field(asset.media_type), asset.size.width,
                             asset.size.height);
      }
      return out;
    });
    return write(folder_, "files.csv", [rows = std::move(rows), first = true]() mutable -> Result<std::string> {
      if (!std::exchange(first, false)) return rows();
      return std::string("identifier,canvas,path,page,media type,width,height\r\n");
    });
  }

  Result<> states() {
    return write(folder_, "states.jsonl", [this, last = std::string()]() mutable -> Result<std::string> {
      auto reader = store_.read();
      if (!reader) return base::fail(std::move(reader.error()));
      auto rows = (*reader)->content_states_after(last, kAtOnce);
      if (!rows) return base::fail(std::move(rows.error()));
      std::string piece;
      for (const store::ContentStateRow& row : *rows) {
        json::Writer out;
        out.begin_object().member("id", row.id).member("who", row.who);
        out.member("time", base::utc_text(row.time / 1000)).member("state", row.document).end_object();
        piece += out.take() + '\n';
        last = row.id;
      }
      return piece;
    });
  }

  Result<> changes() {
    return write(folder_, "changes.jsonl", [this, last = std::uint64_t{0}]() mutable -> Result<std::string> {
      std::string piece;
      while (piece.empty()) {
        auto reader = store_.read();
        if (!reader) return base::fail(std::move(reader.error()));
        auto rows = (*reader)->activities(last, kAtOnce);
        if (!rows) return base::fail(std::move(rows.error()));
        if (rows->empty()) break;
        for (const store::ActivityRow& row : *rows) {
          last = row.number;
          if (row.erased) continue;
          items_.insert(row.item);
          piece += change(row);
        }
      }
      return piece;
    });
  }

  std::string change(const store::ActivityRow& row) {
    json::Writer out;
    out.begin_object().member("number", row.number).member("time", base::utc_text(row.time / 1000));
    out.member("type", type_name(row.type));
    if (row.type != store::ActivityType::refresh)
      out.member("identifier", row.item.identifier).member("kind", kind_name(row.item.kind));
    if (!row.target.empty()) out.member("target", row.target);
    if (row.place != 0) out.member("place", row.place);
    out.end_object();
    ++report_.changes;
    return out.take() + '\n';
  }

  // Of everything that the log names: what was deleted has a history, too.
  Result<> history() {
    return write(folder_, "history.jsonl", [this, at = items_.begin()]() mutable -> Result<std::string> {
      std::string piece;
      for (; piece.empty() && at != items_.end(); ++at) {
        auto versions = versions_of(*at);
        if (!versions) return base::fail(std::move(versions.error()));
        piece = std::move(*versions);
      }
      return piece;
    });
  }

  Result<std::string> versions_of(const store::ItemKey& item) {
    std::string out;
    if (item.kind == store::Kind::asset || !catalogue_.allowed(item.identifier)) return out;
    for (std::uint64_t last = 0;;) {
      auto versions = catalogue_.versions(item, last, kAtOnce);
      if (!versions) return base::fail(std::move(versions.error()));
      if (versions->empty()) return out;
      for (const store::VersionRow& row : *versions) {
        auto version = catalogue_.version(item, row.number);
        if (!version) return base::fail(std::move(version.error()));
        out += line_of(*version);
        last = row.number;
      }
    }
  }

  std::string line_of(const store::VersionRow& version) {
    json::Writer out;
    out.begin_object().member("identifier", version.item.identifier).member("kind", kind_name(version.item.kind));
    out.member("number", version.number).member("time", base::utc_text(version.time / 1000));
    out.member("method", version.method).member("who", version.who).member("why", version.why);
    out.member("mediaType", version.media_type);
    if (base::is_utf8(version.content))
      out.member("content", version.content);
    else
      out.member("contentHex", hexadecimal(version.content));
    out.end_object();
    ++report_.versions;
    return out.take() + '\n';
  }

  const store::Store& store_;
  const catalogue::Catalogue& catalogue_;
  const exports::Ask& ask_;
  exports::SiteFolder& folder_;
  std::set<store::ItemKey> items_{};
  RecordsReport report_{};
};

}  // namespace

Result<RecordsReport> export_records(const store::Store& store, const catalogue::Catalogue& catalogue,
                                     const exports::Ask& ask, exports::SiteFolder& folder) {
  return Records(store, catalogue, ask, folder).run();
}

}  // namespace armarium::app
