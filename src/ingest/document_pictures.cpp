#include "ingest/document_pictures.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "base/uri.h"
#include "iiif/presentation/local_ids.h"
#include "iiif/presentation/tree.h"
#include "ingest/identifiers.h"

namespace armarium::ingest {
namespace {

namespace doc = iiif::presentation;
using catalogue::Asset;
using catalogue::Canvas;

// "default.jpg" of an image request. Image API 3.0, 4.5 Quality.
bool is_quality(std::string_view name) {
  constexpr std::array<std::string_view, 6> kQualities{"default", "native", "color", "gray", "grey", "bitonal"};
  const std::string_view stem = name.substr(0, name.find('.'));
  return std::find(kQualities.begin(), kQualities.end(), stem) != kQualities.end();
}

void collect_images(json::Value& value, int depth, std::vector<json::Object*>& found) {
  if (depth > doc::kDeepestTree) return;
  if (json::Array* array = value.if_array()) {
    for (json::Value& item : *array) collect_images(item, depth + 1, found);
  } else if (json::Object* object = value.if_object()) {
    if (doc::type_of(*object) == "Image") {
      found.push_back(object);
      return;
    }
    for (const char* key : {"items", "body", "source"}) {
      if (json::Value* inside = object->if_contains(key)) collect_images(*inside, depth + 1, found);
    }
  }
}

bool paints(const json::Object& annotation) {
  const json::Array& motivations = doc::array_in(annotation, "motivation");
  return std::find(motivations.begin(), motivations.end(), json::Value("painting")) != motivations.end();
}

// The pictures that a Canvas paints.
std::vector<json::Object*> images_of(json::Object& canvas) {
  std::vector<json::Object*> images;
  json::Value* pages = canvas.if_contains("items");
  if (pages == nullptr || !pages->is_array()) return images;
  for (json::Value& page : pages->get_array()) {
    json::Value* annotations = page.is_object() ? page.get_object().if_contains("items") : nullptr;
    if (annotations == nullptr || !annotations->is_array()) continue;
    for (json::Value& annotation : annotations->get_array()) {
      if (!annotation.is_object() || !paints(annotation.get_object())) continue;
      if (json::Value* body = annotation.get_object().if_contains("body")) collect_images(*body, 0, images);
    }
  }
  return images;
}

class Matcher {
 public:
  Matcher(json::Object& tree, const catalogue::ManifestChange& folder) : folder_(folder) {
    for (std::size_t i = 0; i < folder.canvases.size(); ++i) know(i);
    if (json::Value* items = tree.if_contains("items"); items != nullptr && items->is_array()) {
      for (json::Value& item : items->get_array()) canvases_.push_back(item.is_object() ? &item.get_object() : nullptr);
    }
    out_.own.resize(canvases_.size());
  }

  PictureMatch run(json::Object& tree) && {
    for (std::size_t i = 0; i < canvases_.size(); ++i) by_address(i);
    for (std::size_t i = 0; i < canvases_.size(); ++i) {
      if (!out_.own[i]) by_label(i);
    }
    by_order();
    for (std::size_t i = 0; i < canvases_.size(); ++i) finish(i);
    thumbnail(tree);
    for (std::size_t i = 0; i < folder_.canvases.size(); ++i) {
      if (!used_.contains(i)) out_.left.push_back(i);
    }
    return std::move(out_);
  }

 private:
  void know(std::size_t place) {
    const Canvas& canvas = folder_.canvases[place];
    const auto add = [&](const Asset& asset) {
      std::unordered_set<std::string> names{std::string(name_of(asset.path)), asset.identifier, canvas.identifier};
      names.emplace(stem_of(name_of(asset.path)));
      if (!folder_.folder.empty() && asset.path.starts_with(folder_.folder + '/')) {
        names.insert(asset.path.substr(folder_.folder.size() + 1));
      } else {
        names.insert(asset.path);
      }
      for (const std::string& name : names) {
        std::vector<std::size_t>& places = by_name_[name];
        if (places.empty() || places.back() != place) places.push_back(place);
      }
    };
    for (const Asset& asset : canvas.assets) add(asset);
    if (!canvas.assets.empty()) return;
    for (const Asset& asset : folder_.more_assets) {  // one that cannot be shown is still the Canvas that is meant
      if (asset.identifier == canvas.identifier) add(asset);
    }
  }

  // The first Canvas of that name that nothing was found for yet, else the first.
  std::optional<std::size_t> named(const std::string& name) const {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return std::nullopt;
    for (const std::size_t place : found->second) {
      if (!used_.contains(place)) return place;
    }
    return found->second.front();
  }

  std::optional<std::size_t> meant_by(const json::Object& image) const {
    std::vector<std::string> names;
    for (const json::Value& service : doc::array_in(image, "service")) {
      if (!service.is_object()) continue;
      const json::Object& object = service.get_object();
      for (const char* key : {"id", "@id"}) {
        for (std::string& name : names_in_address(json::text_of(object, key))) names.push_back(std::move(name));
      }
    }
    for (std::string& name : names_in_address(json::text_of(image, "id"))) names.push_back(std::move(name));
    for (const std::string& name : names) {
      if (const auto place = named(name)) return place;
    }
    return std::nullopt;
  }

  const Asset* picture_of(std::size_t place) const {
    const Canvas& canvas = folder_.canvases[place];
    return canvas.assets.empty() ? nullptr : &canvas.assets.front();
  }

  void mark(json::Object& image, std::size_t place) const {
    if (const Asset* asset = picture_of(place)) image[catalogue::kPictureMark] = asset->identifier;
  }

  void take(std::size_t canvas, std::size_t place) {
    const bool first = used_.insert(place).second;
    if (first && !out_.own[canvas]) out_.own[canvas] = place;
  }

  void by_address(std::size_t canvas) {
    if (canvases_[canvas] == nullptr) return;
    for (json::Object* image : images_of(*canvases_[canvas])) {
      const auto place = meant_by(*image);
      if (!place) continue;
      mark(*image, *place);
      take(canvas, *place);
    }
  }

  void by_label(std::size_t canvas) {
    const json::Object* labels = canvases_[canvas] == nullptr ? nullptr : doc::object_in(*canvases_[canvas], "label");
    if (labels == nullptr || !nothing_marked(canvas)) return;
    for (const auto& language : *labels) {
      const json::Array* values = language.value().if_array();
      if (values == nullptr) continue;
      for (const json::Value& value : *values) {
        const auto place = value.is_string() ? named(std::string(value.get_string())) : std::nullopt;
        if (place && !used_.contains(*place)) return paint(canvas, *place);
      }
    }
  }

  // Whether no picture of the Canvas was found so far.
  bool nothing_marked(std::size_t canvas) const {
    const std::vector<json::Object*> images = images_of(*canvases_[canvas]);
    return std::none_of(images.begin(), images.end(),
                        [](const json::Object* image) { return image->contains(catalogue::kPictureMark); });
  }

  // As many Canvases as pictures, and what was found stands at its own place: then the rest does, too.
  void by_order() {
    if (canvases_.size() != folder_.canvases.size()) return;
    for (std::size_t i = 0; i < canvases_.size(); ++i) {
      if (canvases_[i] == nullptr || (out_.own[i] && *out_.own[i] != i)) return;
      if (!out_.own[i] && (used_.contains(i) || !nothing_marked(i))) return;
    }
    for (std::size_t i = 0; i < canvases_.size(); ++i) {
      if (!out_.own[i]) paint(i, i);
    }
  }

  // The folder's picture in place of the first one of the Canvas.
  void paint(std::size_t canvas, std::size_t place) {
    take(canvas, place);
    const Asset* asset = picture_of(place);
    if (asset == nullptr) return;
    const std::vector<json::Object*> images = images_of(*canvases_[canvas]);
    if (!images.empty()) return mark(*images.front(), place);
    json::Object body{{"type", "Image"}, {"format", "image/jpeg"}, {catalogue::kPictureMark, asset->identifier}};
    json::Object annotation{{"type", "Annotation"}, {"motivation", json::Array{"painting"}}, {"body", std::move(body)}};
    // It will be called so: adopt.h, canvas_names.
    annotation["target"] = json::Object{{"id", doc::local_id(doc::kCanvasPath, folder_.canvases[place].identifier)},
                                        {"type", doc::type_of(*canvases_[canvas])}};
    (*canvases_[canvas])["items"] =
        json::Array{json::Object{{"type", "AnnotationPage"}, {"items", json::Array{std::move(annotation)}}}};
  }

  // Its extent, where it has none, and its thumbnail.
  void finish(std::size_t canvas) {
    if (!out_.own[canvas]) return;
    json::Object& tree = *canvases_[canvas];
    if (doc::type_of(tree) == "Canvas" && !tree.contains("width") && !tree.contains("height")) {
      tree["height"] = folder_.canvases[*out_.own[canvas]].extent.height;
      tree["width"] = folder_.canvases[*out_.own[canvas]].extent.width;
    }
    if (const Asset* asset = picture_of(*out_.own[canvas])) tree["thumbnail"] = thumbnails(*asset, nullptr);
  }

  static json::Array thumbnails(const Asset& asset, const json::Value* was) {
    json::Object image{{"type", "Image"}};
    if (was != nullptr) image = was->get_object();
    image[catalogue::kPictureMark] = asset.identifier;
    image[catalogue::kThumbnailMark] = true;
    return {std::move(image)};
  }

  // That of the whole: the one that is meant, else the first there is.
  void thumbnail(json::Object& tree) {
    const json::Array& was = doc::array_in(tree, "thumbnail");
    const bool said = !was.empty() && was.front().is_object();
    if (said) {
      const auto place = meant_by(was.front().get_object());
      const Asset* asset = place ? picture_of(*place) : nullptr;
      if (asset != nullptr) tree["thumbnail"] = thumbnails(*asset, &was.front());
      return;
    }
    for (const std::optional<std::size_t>& own : out_.own) {
      const Asset* asset = own ? picture_of(*own) : nullptr;
      if (asset == nullptr) continue;
      tree["thumbnail"] = thumbnails(*asset, nullptr);
      return;
    }
  }

  const catalogue::ManifestChange& folder_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_name_;
  std::vector<json::Object*> canvases_;
  std::unordered_set<std::size_t> used_;
  PictureMatch out_;
};

}  // namespace

std::vector<std::string> names_in_address(std::string_view address) {
  while (address.ends_with('/')) address.remove_suffix(1);
  std::string_view last = name_of(address);
  if (is_quality(last)) {  // {region}/{size}/{rotation}/{quality}.{format}
    for (int segment = 0; segment < 4; ++segment) address = parent_of(address);
    last = name_of(address);
  } else if (last == "info.json") {
    last = name_of(parent_of(address));
  }
  last = last.substr(0, last.find_first_of("?#"));
  if (last.empty()) return {};
  std::string whole = base::percent_decode(last).value_or(std::string(last));
  std::vector<std::string> names{whole};
  const auto add = [&](std::string_view name) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  };
  add(name_of(whole));
  add(stem_of(name_of(whole)));
  return names;
}

PictureMatch match_pictures(json::Object& tree, const catalogue::ManifestChange& folder) {
  return Matcher(tree, folder).run(tree);
}

}  // namespace armarium::ingest
