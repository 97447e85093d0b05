#include "iiif/presentation/document.h"

#include "iiif/presentation/writer_2.h"
#include "iiif/presentation/writer_3.h"

namespace armarium::iiif::presentation {
namespace {

class ManifestProducer final : public DocumentProducer {
 public:
  ManifestProducer(Version version, Manifest manifest) : version_(version), manifest_(std::move(manifest)) {}

  bool pull(std::string& out) override {
    if (ended_) return false;
    if (!begun_) {
      version_ == Version::v3 ? v3::begin_manifest(writer_, manifest_) : v2::begin_manifest(writer_, manifest_);
      begun_ = true;
    }
    if (next_ < manifest_.canvas_count) {
      const Canvas canvas = manifest_.canvas(next_++);
      version_ == Version::v3 ? v3::write_canvas(writer_, canvas, false) : v2::write_canvas(writer_, canvas, false);
    }
    if (next_ == manifest_.canvas_count) {
      version_ == Version::v3 ? v3::end_manifest(writer_, manifest_) : v2::end_manifest(writer_, manifest_);
      ended_ = true;
    }
    out += writer_.take();
    return !ended_;
  }

 private:
  Version version_;
  Manifest manifest_;
  json::Writer writer_;
  std::size_t next_ = 0;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<DocumentProducer> produce_manifest(Version version, Manifest manifest) {
  return std::make_unique<ManifestProducer>(version, std::move(manifest));
}

std::string whole(DocumentProducer& producer) {
  std::string text;
  while (producer.pull(text)) {
  }
  return text;
}

std::string write_manifest(Version version, Manifest manifest) {
  ManifestProducer producer(version, std::move(manifest));
  return whole(producer);
}

std::string write_collection(Version version, const Collection& collection) {
  json::Writer out;
  version == Version::v3 ? v3::write_collection(out, collection) : v2::write_collection(out, collection);
  return out.take();
}

std::string write_canvas(Version version, const Canvas& canvas) {
  json::Writer out;
  version == Version::v3 ? v3::write_canvas(out, canvas, true) : v2::write_canvas(out, canvas, true);
  return out.take();
}

std::string write_annotation_page(Version version, const Canvas& canvas) {
  json::Writer out;
  version == Version::v3 ? v3::write_annotation_page(out, canvas, true) : v2::write_annotation_page(out, canvas, true);
  return out.take();
}

std::string write_annotation(Version version, const Canvas& canvas) {
  json::Writer out;
  version == Version::v3 ? v3::write_annotation(out, canvas, true) : v2::write_annotation(out, canvas, true);
  return out.take();
}

std::string write_annotations(Version version, const Canvas& canvas) {
  json::Writer out;
  version == Version::v3 ? v3::write_annotations(out, canvas, true) : v2::write_annotations(out, canvas, true);
  return out.take();
}

std::string write_note(Version version, const Annotation& annotation) {
  json::Writer out;
  version == Version::v3 ? v3::write_note(out, annotation, true) : v2::write_note(out, annotation, true);
  return out.take();
}

std::string write_range(Version version, const Range& range) {
  json::Writer out;
  version == Version::v3 ? v3::write_range(out, range, true) : v2::write_range(out, range, true);
  return out.take();
}

std::string_view profile_of(Version version) noexcept {
  return version == Version::v3 ? "http://iiif.io/api/presentation/3/context.json"
                                : "http://iiif.io/api/presentation/2/context.json";
}

}  // namespace armarium::iiif::presentation
