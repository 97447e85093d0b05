// PDF by poppler: each page at 300 dpi (less where that would be huge), each level drawn at its own scale, and only the part that is wanted. A small level and one that
// is slow to draw are drawn whole and kept, so that their tiles do not draw the page again. Encrypted files that ask for a password are refused.

#include <cairo.h>
#include <poppler.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>
#include <memory>

#include <fmt/format.h>

#include "decode/reader.h"

namespace armarium::decode {
namespace {

using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;
using codec::worker::IndexAnswer;
using codec::worker::Job;
using codec::worker::PageAnswer;

constexpr double kDotsPerPoint = 300.0 / 72.0;
constexpr double kMaxSide = 16'000;
constexpr double kMaxArea = 100e6;
constexpr std::uint32_t kLeastLevelSide = 128;
constexpr std::uint64_t kKeepPixels = 6'000'000;
// A page whose parts are slow to draw (one large scan) is drawn whole the second time.
constexpr std::uint64_t kKeepSlowPixels = 100'000'000;
constexpr std::clock_t kSlow = CLOCKS_PER_SEC / 10;

template <class T>
struct Unref {
  void operator()(T* object) const { g_object_unref(object); }
};
using Document = std::unique_ptr<PopplerDocument, Unref<PopplerDocument>>;
using PdfPage = std::unique_ptr<PopplerPage, Unref<PopplerPage>>;

struct SurfaceCloser {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct ContextCloser {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};

// Pixels for one point of the page.
double scale_of(double width, double height) {
  return std::min({kDotsPerPoint, kMaxSide / std::max(width, height), std::sqrt(kMaxArea / (width * height))});
}

using Surface = std::unique_ptr<cairo_surface_t, SurfaceCloser>;

// A drawn part of a level.
struct Drawing {
  image::Size size;
  Surface surface;
};

// The part of a drawing as RGB. RGB24 of cairo is a 32-bit number in the machine's order with blue lowest.
Bytes rgb_of(const Drawing& drawing, image::Rect area) {
  Bytes rgb(area.size().area() * 3);
  const unsigned char* data = cairo_image_surface_get_data(drawing.surface.get());
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(drawing.surface.get()));
  std::uint8_t* to = rgb.data();
  for (std::uint32_t y = 0; y < area.height; ++y) {
    const unsigned char* from = data + std::size_t{area.y + y} * stride + std::size_t{area.x} * 4;
    for (std::uint32_t x = 0; x < area.width; ++x, to += 3, from += 4) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, from, 4);
      to[0] = static_cast<std::uint8_t>(pixel >> 16U);
      to[1] = static_cast<std::uint8_t>(pixel >> 8U);
      to[2] = static_cast<std::uint8_t>(pixel);
    }
  }
  return rgb;
}

struct Place {
  std::uint32_t page = UINT32_MAX;
  std::uint32_t level = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

class PdfReader final : public Reader {
 public:
  explicit PdfReader(Document document) : document_(std::move(document)) {}

  Result<IndexAnswer> index(const Job& limits) override {
    IndexAnswer answer;
    const int count = poppler_document_get_n_pages(document_.get());
    if (count <= 0) return fail(ErrorCode::corrupt, "The document has no pages.");
    if (static_cast<std::uint32_t>(count) > limits.max_pages)
      return fail(ErrorCode::resource_limit, "The document has too many pages.");
    for (int i = 0; i < count; ++i) {
      const PdfPage page(poppler_document_get_page(document_.get(), i));
      answer.pages.push_back(describe(page.get()));
    }
    const std::unique_ptr<char, void (*)(void*)> xmp(poppler_document_get_metadata(document_.get()), g_free);
    if (xmp) {
      const base::ByteView text = base::as_bytes(xmp.get());
      if (text.size() <= limits.max_metadata) answer.metadata.xmp.assign(text.begin(), text.end());
    }
    return answer;
  }

  Result<Bytes> read(const Job& job) override {
    if (!image::Rect::of(job.level_size).contains(job.area)) return fail(ErrorCode::corrupt, "The file has changed.");
    const Place place{job.page, job.level};
    if (kept_ && kept_place_ == place) return rgb_of(*kept_, job.area);
    const std::uint64_t pixels = job.level_size.area();
    if (pixels <= kKeepPixels || (pixels <= kKeepSlowPixels && slow_place_ == place)) {
      kept_.reset();
      auto drawing = draw(job, image::Rect::of(job.level_size));
      if (!drawing) return fail(std::move(drawing.error()));
      kept_ = std::move(*drawing);
      kept_place_ = place;
      return rgb_of(*kept_, job.area);
    }
    const std::clock_t start = std::clock();
    auto drawing = draw(job, job.area);
    if (!drawing) return fail(std::move(drawing.error()));
    if (std::clock() - start > kSlow) slow_place_ = place;
    return rgb_of(*drawing, image::Rect::of(job.area.size()));
  }

 private:
  // A page that cannot be read keeps its place: white, of the size of a letter.
  PageAnswer describe(PopplerPage* page) const {
    double width = 612;
    double height = 792;
    if (page != nullptr) poppler_page_get_size(page, &width, &height);
    if (!std::isfinite(width) || !std::isfinite(height) || width < 1 || height < 1 || width > 1e7 || height > 1e7) {
      width = 612;
      height = 792;
    }
    const double scale = scale_of(width, height);
    PageAnswer answer;
    answer.size = {static_cast<std::uint32_t>(std::max(1.0, std::ceil(width * scale - 0.01))),
                   static_cast<std::uint32_t>(std::max(1.0, std::ceil(height * scale - 0.01)))};
    answer.pixels = image::kRgb8;
    answer.levels.push_back({answer.size, {}, true});
    for (std::uint32_t factor = 2; std::max(answer.size.width, answer.size.height) / factor >= kLeastLevelSide;
         factor *= 2) {
      answer.levels.push_back({image::level_size(answer.size, factor), {}, true});
    }
    return answer;
  }

  Result<Drawing> draw(const Job& job, image::Rect area) {
    const PdfPage page(poppler_document_get_page(document_.get(), static_cast<int>(job.page)));
    double width = 612;
    double height = 792;
    if (page) poppler_page_get_size(page.get(), &width, &height);
    Surface surface(
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(area.width), static_cast<int>(area.height)));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
      return fail(ErrorCode::resource_limit, "The page is too large.");
    {
      const std::unique_ptr<cairo_t, ContextCloser> context(cairo_create(surface.get()));
      cairo_set_source_rgb(context.get(), 1, 1, 1);
      cairo_paint(context.get());
      const double scale = scale_of(width, height) / static_cast<double>(std::uint64_t{1} << std::min(job.level, 24U));
      cairo_translate(context.get(), -static_cast<double>(area.x), -static_cast<double>(area.y));
      cairo_scale(context.get(), scale, scale);
      if (page) poppler_page_render(page.get(), context.get());
    }
    cairo_surface_flush(surface.get());
    return Drawing{area.size(), std::move(surface)};
  }

  Document document_;
  std::optional<Drawing> kept_;
  Place kept_place_;
  Place slow_place_;
};

}  // namespace

Result<std::unique_ptr<Reader>> open_pdf(const Input& input) {
  const int own = dup(input.descriptor);  // poppler closes what it is given
  if (own < 0) return fail(ErrorCode::internal, "The document could not be opened.");
  GError* error = nullptr;
  Document document(poppler_document_new_from_fd(own, nullptr, &error));
  const std::unique_ptr<GError, void (*)(GError*)> failure(error, g_error_free);
  if (!document) {
    const bool encrypted = failure && failure->domain == POPPLER_ERROR && failure->code == POPPLER_ERROR_ENCRYPTED;
    return fail(encrypted ? ErrorCode::unsupported : ErrorCode::corrupt, "The document could not be opened.",
                failure ? failure->message : "");
  }
  return std::make_unique<PdfReader>(std::move(document));
}

}  // namespace armarium::decode
