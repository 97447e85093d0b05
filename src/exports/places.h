#pragma once
// Where an address of a running server lies in a static site: what is to be asked for, the file it becomes, and the address by which a plain web server gives that file. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace armarium::exports {

enum class Kind : std::uint8_t {
  page,      // HTML
  document,  // JSON of Presentation: gets the ending .json
  service,   // an image service; its file is its info.json
  picture,   // of an image service
  text,      // names addresses, as a site map does
  file,      // as it is
};

struct Place {
  Kind kind = Kind::file;
  std::string target{};   // "/item/a?lang=de": to be asked for
  std::string file{};     // "de/item/a/index.html", below the site's folder; empty: no file can be called so
  std::string address{};  // absolute; with what the page's script reads from it ("?canvas=2")
};

class Places {
 public:
  // `base_url`: where the site will be published, without a slash at its end. Pages in `language` are those without a language in their address.
  Places(std::string base_url, std::string language, bool has_mirador);

  const std::string& base_url() const noexcept { return base_url_; }
  // Nothing for addresses elsewhere, for what only a server can answer, and for ids that are part of a document (Canvases, Ranges, annotations).
  std::optional<Place> find(std::string_view address) const;
  // Of a document that is referred to, whatever its address: pages of annotations have those of parts.
  std::optional<Place> find_document(std::string_view address) const;

 private:
  std::optional<std::string_view> below_base(std::string_view address) const;
  std::optional<Place> page(std::string_view path, std::string_view query, std::string_view fragment) const;
  std::optional<Place> document(std::string_view path) const;
  std::optional<Place> image(std::string_view path) const;
  std::string rewritten_state(const std::string& parameter) const;

  std::string base_url_;
  std::string base_path_;
  std::string language_;
  bool has_mirador_;
};

// A path as it is in a file system: decoded once, segment by segment. Nothing where a segment would lead elsewhere or is too long for a name.
std::optional<std::string> file_of_path(std::string_view path);

}  // namespace armarium::exports
