#include "ingest/described_files.h"

#include <algorithm>

#include "base/uri.h"
#include "iiif/presentation/tree.h"
#include "ingest/grammar.h"
#include "ingest/identifiers.h"
#include "ingest/readers/reader.h"

namespace armarium::ingest {
namespace {

namespace doc = iiif::presentation;

constexpr std::string_view kMedia = "/media/";

// The path of a file that an id of kOwnBase means; nothing for any other id.
std::optional<std::string> file_of(std::string_view id) {
  constexpr std::string_view kFile = "/file/";
  if (!id.starts_with(readers::kOwnBase)) return std::nullopt;
  id.remove_prefix(readers::kOwnBase.size());
  if (!id.starts_with(kFile)) return std::nullopt;
  return base::percent_decode(id.substr(kFile.size()));
}

bool holds(const std::vector<iiif::Link>& links, std::string_view id) {
  return std::any_of(links.begin(), links.end(), [&](const iiif::Link& link) { return link.id == id; });
}

bool holds(const json::Value& value, std::string_view id, int depth) {
  if (depth > doc::kDeepestTree) return false;
  if (const json::Array* array = value.if_array())
    return std::any_of(array->begin(), array->end(),
                       [&](const json::Value& item) { return holds(item, id, depth + 1); });
  const json::Object* object = value.if_object();
  if (object == nullptr) return false;
  for (const char* key : {"seeAlso", "rendering"}) {
    for (const json::Value& link : doc::array_in(*object, key)) {
      if (link.is_object() && json::text_of(link.get_object(), "id") == id) return true;
    }
  }
  return std::any_of(object->begin(), object->end(), [&](const auto& member) {
    return !doc::is_opaque(member.key()) && member.value().is_structured() && holds(member.value(), id, depth + 1);
  });
}

bool holds(const iiif::Description& description, std::string_view id) {
  return holds(description.see_also, id) || holds(description.rendering, id);
}

}  // namespace

std::string media_name(std::string_view below) {
  std::string out;
  for (const char sign : below) {
    if (sign == '/') {
      out += '~';
    } else if (sign == '~') {
      out += "=7E";
    } else if (sign == '=') {
      out += "=3D";
    } else {
      out += sign;
    }
  }
  return out;
}

std::optional<std::string> below_of(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '~') {
      out += '/';
    } else if (name[at] == '=') {
      const std::string_view escape = name.substr(at, 3);
      if (escape != "=7E" && escape != "=3D") return std::nullopt;
      out += escape == "=7E" ? '~' : '=';
      at += 2;
    } else if (name[at] == '/') {
      return std::nullopt;
    } else {
      out += name[at];
    }
  }
  const bool inside = !out.empty() && out.front() != '/' && out.back() != '/' && out.find("//") == std::string::npos &&
                      ("/" + out + "/").find("/../") == std::string::npos;
  return inside ? std::optional<std::string>(std::move(out)) : std::nullopt;
}

std::string media_id(std::string_view item, std::string_view below) {
  return std::string(kMedia) + base::encode_segment(item) + '/' + base::encode_segment(media_name(below));
}

void name_files(json::Object& tree, std::string_view item, std::string_view before) {
  doc::each_id(tree, [&](json::Value& id) {
    const auto below = file_of(std::string_view(id.get_string()));
    if (below) id = std::string(before) + media_id(item, *below);
  });
}

void name_files(iiif::Description& description, std::string_view item) {
  for (std::vector<iiif::Link>* links : {&description.see_also, &description.rendering}) {
    for (iiif::Link& link : *links) {
      if (const auto below = file_of(link.id)) link.id = media_id(item, *below);
    }
  }
}

bool links_to(const catalogue::Manifest& manifest, std::string_view id) {
  if (holds(manifest.description, id) || holds(json::Value(manifest.tree), id, 0)) return true;
  return std::any_of(manifest.canvases.begin(), manifest.canvases.end(), [&](const catalogue::Canvas& canvas) {
    return holds(json::Value(canvas.tree), id, 0) || holds(json::Value(canvas.described), id, 0);
  });
}

bool links_to(const catalogue::Collection& collection, std::string_view id) {
  return holds(collection.description, id) || holds(json::Value(collection.tree), id, 0);
}

std::string given_out_as(std::string_view below, std::string_view head) {
  for (std::string_view rest = below; !rest.empty(); rest = parent_of(rest)) {
    if (is_passed_over(name_of(rest), rest != below)) return {};
  }
  const std::string extension = extension_of(name_of(below));
  if (head.starts_with("%PDF-")) return "application/pdf";
  const xml::RootName root = xml::sniff(base::as_bytes(head));
  const bool known_text = root.name == "alto" || root.name == "PcGts" || root.name == "TEI" || root.name == "TEI.2";
  if (readers::may_describe(below) && (known_text || readers::reader_of(below, head) != nullptr))
    return extension == "json" || extension == "jsonld" ? "application/json"
           : root.name.empty()                          ? "application/octet-stream"
                                                        : "application/xml";
  if (extension == "vtt" && head.starts_with("WEBVTT")) return "text/vtt";
  if ((extension == "hocr" || extension == "html" || extension == "htm" || extension == "xhtml") &&
      head.find("ocr_page") != std::string_view::npos)
    return "text/html";
  if (extension == "txt" && below.find('/') != std::string_view::npos) return "text/plain";
  return {};
}

}  // namespace armarium::ingest
