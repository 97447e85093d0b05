#pragma once
// The files beside pictures that a document links to: descriptions (METS, MARC …), texts and downloads. They are handed out below the address of the item whose document names them, and only then.
// Pure, but for is_given_out, which sees the head of the file; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "catalogue/records.h"
#include "json/json.h"

namespace armarium::ingest {

// "alto/p1.xml" → "alto~p1.xml", as a name in an address, and back. Nothing for what no path gives.
std::string media_name(std::string_view below);
std::optional<std::string> below_of(std::string_view name);

// "/media/book/alto~p1.xml": the local id (iiif/presentation/local_ids.h).
std::string media_id(std::string_view item, std::string_view below);

// Ids of readers::file_id in a tree or a description become media ids of the item.
// In a tree that is still to be adopted (catalogue/adopt.h) they keep `before`.
void name_files(json::Object& tree, std::string_view item, std::string_view before = {});
void name_files(iiif::Description& description, std::string_view item);

// Whether the document links to it.
bool links_to(const catalogue::Manifest& manifest, std::string_view id);
bool links_to(const catalogue::Collection& collection, std::string_view id);

// The media type of such a file by what is in it, empty for what is none: a description that a reader knows, ALTO, PAGE, TEI, hOCR, captions, plain text of a subfolder, PDF. A link alone gives
// nothing away.
std::string given_out_as(std::string_view below, std::string_view head);

}  // namespace armarium::ingest
