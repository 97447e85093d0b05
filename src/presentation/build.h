#pragma once
// From the catalogue's records to the values that the writers write: addresses, services, thumbnails, fallbacks for what must be there. Pure; any thread.

#include <memory>

#include "catalogue/records.h"
#include "iiif/presentation/values.h"
#include "presentation/addresses.h"

namespace armarium::presentation {

// The whole picture as large as its limits allow, with its real size.
iiif::presentation::Image whole_image(const catalogue::Asset& asset, const Addresses& addresses);
// An entry of the service's own `sizes` of about 300 pixels; none for an asset that is not ready.
std::vector<iiif::presentation::Image> thumbnail(const catalogue::Asset& asset, const Addresses& addresses);

// A Canvas that stands for the item before or beside its Canvases has an id of its own: its picture's identifier and one of these. So has the page of the
// annotations of a Canvas that do not paint, and the nth of them ("=a3").
inline constexpr std::string_view kPlaceholder = "=placeholder";
inline constexpr std::string_view kAccompanying = "=accompanying";
inline constexpr std::string_view kAnnotations = "=annotations";
// "book~p1=placeholder" → "=placeholder"; empty for any other identifier.
std::string_view role_of(std::string_view identifier) noexcept;
// 3 of "=a3"; 0 for any other role.
std::size_t annotation_number(std::string_view role) noexcept;

// `part_of` is said where the Canvas is the document. `role`: one of the above, or empty.
iiif::presentation::Canvas build_canvas(const catalogue::Canvas& canvas, const Addresses& addresses,
                                        std::string_view role = {});

// Keeps the record alive as long as the value lives.
iiif::presentation::Manifest build_manifest(std::shared_ptr<const catalogue::Manifest> manifest,
                                            const Addresses& addresses, Version version);

// With its members as items; `part` > 0: that part of it, whose first member is number `first` of the whole, counted from 1.
iiif::presentation::Collection build_collection(const catalogue::Collection& collection, const Addresses& addresses);
iiif::presentation::Collection build_part(const catalogue::Collection& collection, std::size_t part, std::size_t first,
                                          const Addresses& addresses);
// With one child Collection for each `part_size` members.
iiif::presentation::Collection build_split(const catalogue::Collection& collection, std::size_t part_size,
                                           const Addresses& addresses);

}  // namespace armarium::presentation
