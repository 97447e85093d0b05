#pragma once
// Every address that the server mints, in one place; the contract's table "Fixed addresses". Made from the base URL of the request ("https://host/prefix", no slash at its
// end) and identifiers, which are percent-encoded here. No version in an id that must fit all versions (Canvas, page, annotation, Range). Values; any thread.

#include <string>
#include <string_view>

#include "iiif/image_request.h"
#include "iiif/presentation/local_ids.h"
#include "iiif/presentation/tree.h"
#include "image/geometry.h"

namespace armarium::presentation {

using Version = iiif::presentation::Version;

// Neutral: the persistent name. Versioned: below /iiif/presentation/{2,3,4}/.
enum class Style { neutral, versioned };

class Addresses {
 public:
  Addresses(std::string base_url, Style style, Version version)
      : base_(std::move(base_url)), style_(style), version_(version) {}

  // The ids of the model's trees: they begin with "/", and hold neither host nor version.
  static Addresses local() { return {{}, Style::neutral, Version::v3}; }
  // Such an id as it is said in the style given.
  std::string expand(std::string_view local_id) const;

  const std::string& base_url() const noexcept { return base_; }

  // In the style given. The top Collection's identifier is empty. Parts of a long Collection count from 1; part 0 is the whole.
  std::string manifest(std::string_view identifier) const;
  std::string collection(std::string_view identifier, std::size_t part = 0) const;
  // The same where the identifier is already as a URL spells it ("a%2Fb").
  std::string manifest_as_spelled(std::string_view segment) const;
  std::string collection_as_spelled(std::string_view segment, std::size_t part = 0) const;

  std::string canvas(std::string_view identifier) const { return below(iiif::presentation::kCanvasPath, identifier); }
  std::string page(std::string_view identifier) const { return below(iiif::presentation::kPagePath, identifier); }
  std::string annotation(std::string_view identifier) const {
    return below(iiif::presentation::kAnnotationPath, identifier);
  }
  std::string range(std::string_view identifier) const { return below(iiif::presentation::kRangePath, identifier); }

  // The service's base URI.
  std::string image(iiif::ImageVersion version, std::string_view identifier) const;
  // A JPEG of the whole picture: as large as it may be, or of exactly this size.
  std::string whole_image(iiif::ImageVersion version, std::string_view identifier) const;
  std::string whole_image(iiif::ImageVersion version, std::string_view identifier, image::Size size) const;

  // The page for people: of an item, and of the whole for the top Collection.
  std::string item(std::string_view identifier) const;
  std::string media(std::string_view identifier, std::string_view name) const;

 private:
  std::string below(std::string_view prefix, std::string_view identifier) const;
  std::string presentation_prefix() const;

  std::string base_;
  Style style_;
  Version version_;
};

}  // namespace armarium::presentation
