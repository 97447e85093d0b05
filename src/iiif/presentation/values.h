#pragma once
// Presentation documents as plain values, for the writers of 2.1.1 and 3.0. Every id is a full address, made elsewhere; HTML was cleaned before. A value that a version
// cannot say is left out or said in the nearest way by its writer. Values; any thread.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "iiif/description.h"
#include "image/geometry.h"

namespace armarium::iiif::presentation {

enum class Version : int { v2 = 2, v3 = 3 };

// An image service in both versions, level 2.
struct ImageService {
  std::string id_3;
  std::string id_2;
};

// A picture that can be fetched, at the address of each version. An empty size is not known yet and is not said.
struct Image {
  std::string id_3;
  std::string id_2;
  std::string format = "image/jpeg";
  image::Size size;
  ImageService service;  // empty ids: none
  LanguageMap label;     // of an option in a Choice
};

// Another document, by its address: partOf, members of a Collection.
struct Reference {
  std::string id;
  bool collection = false;  // else a Manifest
  LanguageMap label;
  std::vector<Image> thumbnail;
  std::string nav_date;
};

// An annotation beside the main one: a text, something elsewhere, or a picture of ours.
struct Annotation {
  std::string id;
  std::string motivation;
  std::string text;  // of a textual body, or
  std::string body_id;
  std::string body_type;
  std::string format;
  LanguageMap label;
  std::vector<Image> image;  // none or one: the body
  std::string target;        // the Canvas, with "#xywh=…" where a part of it is meant
};

struct Canvas {
  std::string id;
  std::string page_id;        // of the painting AnnotationPage
  std::string annotation_id;  // of the one painting Annotation
  LanguageMap label;
  image::Size extent;
  std::vector<Image> images;  // the first is shown, more make a Choice; none: nothing to show
  std::vector<Image> thumbnail;
  std::vector<LabelValue> metadata;
  std::vector<std::string> behavior;
  std::string nav_date;
  std::vector<Link> rendering;
  std::vector<Reference> part_of;  // said only where the Canvas is the document
  std::string annotations_id;      // of the page of `annotations`
  std::vector<Annotation> annotations;
  std::vector<Annotation> placed;  // further painting ones, in the painting AnnotationPage
};

struct Range {
  // Either a Canvas, or a Range.
  struct Item {
    std::string canvas_id;
    std::string region;  // "10,20,300,400": that part of the Canvas; empty: all of it
    LanguageMap canvas_label;
    std::vector<Range> range;  // none or one
  };
  std::string id;
  LanguageMap label;
  std::vector<Item> items;         // never empty
  std::vector<Reference> part_of;  // said only where the Range is the document
};

struct Manifest {
  std::string id;
  Description description;
  std::vector<Image> thumbnail;
  std::vector<Reference> part_of;
  std::vector<Range> structures;
  std::string start;                // id of the Canvas that is shown first; empty: the first
  std::vector<Canvas> placeholder;  // none or one, as the next; 3.0 only
  std::vector<Canvas> accompanying;
  std::string sequence_id;  // 2.1 only
  // Canvases are made one by one, so that a long Manifest is never whole in memory.
  std::size_t canvas_count = 0;
  std::function<Canvas(std::size_t)> canvas;
};

struct Collection {
  std::string id;
  Description description;
  std::vector<Image> thumbnail;
  std::vector<Reference> part_of;
  std::vector<Reference> items;
};

}  // namespace armarium::iiif::presentation
