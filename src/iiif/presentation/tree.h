#pragma once
// The one model of a Presentation document: a JSON tree in the shapes of Presentation 4.0 (draft, IIIF/api 28a88829), with the vocabulary of 4 as a superset of 2 and
// 3, unknown members kept in their order. What came as 2 or 3 is read into it, and all three versions are written from it. In a tree
//   - motivation, selector and the language of a body are arrays; body, target and source are objects; several bodies are an Independents;
//   - a SpecificResource may lack its id: the writer mints it;
//   - an id of this server begins with "/iiif/" or "/item/" and so on: `expand` turns it into an address;
//   - three members are for the writer of 2.1 alone: "@2" on an Image, the address that is given there instead of `id`; "@label" on a reference to a Canvas; "@list" on a
//     Canvas, where its texts that paint are listed. No other begins with "@" outside of services, but "@context" of a document, which names its extensions.
// Pure functions on values; any thread.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace armarium::iiif::presentation {

enum class Version : int { v2 = 2, v3 = 3, v4 = 4 };

// "http://iiif.io/api/presentation/3/context.json": the context, and the profile of the media type.
std::string_view context_of(Version version) noexcept;

// Its `type`; of several the first; empty when there is none.
std::string_view type_of(const json::Object& object) noexcept;
// An object without anything but id and type.
bool is_reference(const json::Object& object) noexcept;
// Canvas, Timeline, Scene.
bool is_container(std::string_view type) noexcept;
// The value itself when it is an array, nothing for null, else an array of it.
json::Array as_array(const json::Value& value);
// The array under `key`; an empty one when there is none.
const json::Array& array_in(const json::Object& object, std::string_view key) noexcept;
const json::Object* object_in(const json::Object& object, std::string_view key) noexcept;

// Members whose inside is kept as it is: services, GeoJSON, language maps.
bool is_opaque(std::string_view key) noexcept;

// Calls `change` with each `id` in the tree (and @id in services), which may replace it.
void each_id(json::Object& tree, const std::function<void(json::Value& id)>& change);

// Local ids to addresses, in place.
using AddressOf = std::function<std::string(std::string_view local)>;
void expand(json::Object& tree, const AddressOf& address_of);

// Deepest tree that is taken; the parser's limit is higher.
inline constexpr int kDeepestTree = 48;

}  // namespace armarium::iiif::presentation
