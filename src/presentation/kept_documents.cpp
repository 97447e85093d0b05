#include "presentation/kept_documents.h"

namespace armarium::presentation {
namespace {

using iiif::presentation::DocumentProducer;

class KeepingProducer final : public DocumentProducer {
 public:
  KeepingProducer(std::function<void(base::Bytes)> keep, std::unique_ptr<DocumentProducer> producer)
      : keep_(std::move(keep)), producer_(std::move(producer)) {}

  bool pull(std::string& out) override {
    const std::size_t before = out.size();
    const bool more = producer_->pull(out);
    if (!keep_) return more;
    text_.insert(text_.end(), out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
    if (text_.size() > KeptDocuments::kMostBytes) {
      text_ = {};
      keep_ = nullptr;
    } else if (!more) {
      keep_(std::move(text_));
      keep_ = nullptr;
    }
    return more;
  }

 private:
  std::function<void(base::Bytes)> keep_;
  std::unique_ptr<DocumentProducer> producer_;
  base::Bytes text_;
};

}  // namespace

std::unique_ptr<DocumentProducer> KeptDocuments::keep(std::string key, catalogue::Revision revision, bool complete,
                                                      std::unique_ptr<DocumentProducer> producer) {
  auto keep = [kept = shared_from_this(), key = std::move(key), revision, complete](base::Bytes text) {
    const std::size_t size = text.size();
    kept->documents_.put(key, std::make_shared<const Kept>(Kept{revision, complete, base::share(std::move(text))}),
                         size);
  };
  return std::make_unique<KeepingProducer>(std::move(keep), std::move(producer));
}

}  // namespace armarium::presentation
