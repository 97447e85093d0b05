#include "iiif/presentation/document.h"

#include <algorithm>

#include "iiif/presentation/write_2.h"
#include "iiif/presentation/write_3.h"
#include "json/writer.h"

namespace armarium::iiif::presentation {
namespace {

constexpr std::string_view kNavPlaceContext = "http://iiif.io/api/extension/navplace/context.json";

bool says_nav_place(const json::Value& value, int depth) {
  if (depth > kDeepestTree) return false;
  if (const json::Array* array = value.if_array())
    return std::any_of(array->begin(), array->end(),
                       [&](const json::Value& item) { return says_nav_place(item, depth + 1); });
  const json::Object* object = value.if_object();
  if (object == nullptr) return false;
  return std::any_of(object->begin(), object->end(), [&](const auto& member) {
    return member.key() == "navPlace" || (!is_opaque(member.key()) && says_nav_place(member.value(), depth + 1));
  });
}

// 4.6: extension contexts come first, ours last. Version 4 knows navPlace itself; 2.1 has no extensions.
json::Value context(Version version, const json::Object& tree) {
  json::Array contexts;
  if (version != Version::v2) {
    for (const json::Value& extension : array_in(tree, "@context")) {
      if (version == Version::v3 || extension != json::Value(kNavPlaceContext)) contexts.push_back(extension);
    }
  }
  const bool known = std::find(contexts.begin(), contexts.end(), json::Value(kNavPlaceContext)) != contexts.end();
  if (version == Version::v3 && !known && says_nav_place(tree, 0)) contexts.emplace_back(kNavPlaceContext);
  if (contexts.empty()) return json::Value(context_of(version));
  contexts.emplace_back(context_of(version));
  return contexts;
}

json::Object written(Version version, const json::Object& tree) {
  switch (version) {
    case Version::v2: return write_2(write_3(tree, Marks::kept));
    case Version::v3: return write_3(tree);
    case Version::v4: return write_4(tree);
  }
  return {};
}

void write_members(json::Writer& out, const json::Object& object) {
  for (const auto& member : object) out.member(member.key(), member.value());
}

class ManifestProducer final : public DocumentProducer {
 public:
  ManifestProducer(Version version, Manifest manifest, AddressOf address_of)
      : version_(version), manifest_(std::move(manifest)), address_of_(std::move(address_of)) {}

  bool pull(std::string& out) override {
    if (ended_) return false;
    if (!begun_) begin();
    if (next_ < manifest_.canvas_count) {
      json::Object canvas = manifest_.canvas(next_++);
      expand(canvas, address_of_);
      writer_.value(json::Value(written(version_, canvas)));
    }
    if (next_ == manifest_.canvas_count) end();
    out += writer_.take();
    return !ended_;
  }

 private:
  void begin() {
    begun_ = true;
    expand(manifest_.skeleton, address_of_);
    writer_.begin_object().member("@context", context(version_, manifest_.skeleton));
    write_members(writer_, written(version_, manifest_.skeleton));
    if (version_ == Version::v2) {
      writer_.key("sequences").begin_array().begin_object();
      write_members(writer_, sequence_2(write_3(manifest_.skeleton, Marks::kept)));
      writer_.key("canvases").begin_array();
    } else {
      writer_.key("items").begin_array();
    }
  }

  void end() {
    ended_ = true;
    writer_.end_array();
    if (version_ == Version::v2) writer_.end_object().end_array();
    if (!manifest_.structures.empty()) writer_.member("structures", json::Value(structures()));
    writer_.end_object();
  }

  json::Array structures() {
    json::Object holder{{"structures", std::move(manifest_.structures)}};
    expand(holder, address_of_);
    if (version_ == Version::v2) return structures_2(array_in(write_3(holder, Marks::kept), "structures"));
    return array_in(written(version_, holder), "structures");
  }

  Version version_;
  Manifest manifest_;
  AddressOf address_of_;
  json::Writer writer_;
  std::size_t next_ = 0;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<DocumentProducer> produce_manifest(Version version, Manifest manifest, AddressOf address_of) {
  return std::make_unique<ManifestProducer>(version, std::move(manifest), std::move(address_of));
}

std::string whole(DocumentProducer& producer) {
  std::string text;
  while (producer.pull(text)) {
  }
  return text;
}

std::string write_manifest(Version version, Manifest manifest, AddressOf address_of) {
  ManifestProducer producer(version, std::move(manifest), std::move(address_of));
  return whole(producer);
}

std::string write_resource(Version version, json::Object tree, const AddressOf& address_of) {
  expand(tree, address_of);
  json::Writer out;
  out.begin_object().member("@context", context(version, tree));
  write_members(out, written(version, tree));
  return out.end_object().take();
}

}  // namespace armarium::iiif::presentation
