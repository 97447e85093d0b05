#include "pipeline/pipeline.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/log.h"
#include "pipeline/opened_pictures.h"
#include "pipeline/output.h"
#include "pipeline/region_reader.h"
#include "pipeline/stored_tile.h"

namespace armarium::pipeline {
namespace {

using base::fail;

// Past one of these a request goes to the lane of large work.
constexpr std::uint64_t kLargeDecodePixels = 8'000'000;
constexpr std::uint64_t kLargeOutputPixels = 4'000'000;
constexpr std::uint64_t kLeastForHeaders = 8U << 20;  // opened pictures are no cache that one does without
constexpr std::uint64_t kLargeReadBytes = 64U << 20;

using RenderedPtr = std::shared_ptr<const Rendered>;

// `derivative` is the key of the one that is read in the source's place; empty: none.
std::string etag_of(const Target& target, const std::string& version, const std::string& recipe,
                    const std::string& tier, const std::string& derivative) {
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "{}|{}|{}|{}|{}|{}", version, target.page, recipe, tier, derivative,
                 target.path);
  return base::hash_hex(std::string_view(text.data(), text.size()));
}

Rendered as_stored(base::Bytes bytes, codec::Format format, std::string etag) {
  return {
      base::share(std::move(bytes)), std::string(codec::info(format).media_type), std::move(etag), {.plan = "stored"}};
}

constexpr base::Timing::Duration kLeast = std::chrono::microseconds(1);

base::Timing::Duration duration_of(double milliseconds) {
  return std::chrono::duration_cast<base::Timing::Duration>(std::chrono::duration<double, std::milli>(milliseconds));
}

// An answer that was made before: nothing of that is done now.
base::Timing timing_of_kept(const Rendered& kept) {
  return {.plan = kept.timing.plan, .cache = "hit", .level = kept.timing.level};
}

base::Result<> check_page(const OpenedPicture& opened, const Target& target) {
  if (target.page < opened.picture->page_count()) return {};
  return fail(base::ErrorCode::not_found, "The file has no such page.");
}

// Formats without loss are made from the source itself.
bool may_be_derived(const iiif::ResolvedRequest& request) {
  return request.format == "jpg" || request.format == "webp" || request.format == "avif";
}

OutputLimits limits_of(const Options& options) {
  return {options.quality, options.max_whole_pixels, options.max_output_pixels, options.strips_from_pixels};
}

// What is read for a request: the source, or the derivative that stands for it.
struct Origin {
  OpenedPicturePtr opened;
  std::uint32_t page = 0;
  std::string name;        // in keys of caches
  std::string derivative;  // its key, or empty
};

std::unique_ptr<Derivatives> open_derivatives(const Options& options, OpenedPictures& sources) {
  if (options.derivatives.folder.empty() || options.derivatives.max_bytes == 0) return nullptr;
  auto opened = Derivatives::open(options.derivatives, options.limits, sources);
  if (opened) return std::move(*opened);
  base::log::warning("no derivatives are kept: {} {}", opened.error().message, opened.error().detail);
  return nullptr;
}

// The request was resolved against the size that the catalogue knew: a file that changed since may be smaller.
base::Result<> check_region(const OpenedPicture& opened, const Target& target, const image::Rect& region) {
  if (auto page = check_page(opened, target); !page) return page;
  if (image::Rect::of(opened.picture->size(target.page)).contains(region)) return {};
  return fail(base::ErrorCode::not_ready, "The file has just changed; try again in a moment.");
}

}  // namespace

struct Pipeline::State {
  State(const source::Source& source, const Options& with)
      : options(with),
        pictures(source, with.limits, std::max(with.picture_cache_bytes / 16, kLeastForHeaders)),
        regions(with.picture_cache_bytes / 16 * 15, with.answer_time, with.linear_light, with.helpers),
        answers(with.response_cache_bytes),
        derivatives(open_derivatives(with, pictures)) {}

  base::Result<Output> output_of(const iiif::ResolvedRequest& request) const {
    auto output = choose_output(request, limits_of(options));
    if (output) output->linear_light = options.linear_light;
    return output;
  }

  // The key of the derivative that stands for a page of this version; empty: none does.
  std::string derivative_of(const Target& target, const std::string& version, const iiif::ResolvedRequest& request) {
    if (!derivatives || !may_be_derived(request)) return {};
    std::string key = derivatives->key_of(target.path, target.page, version);
    return derivatives->covers(key) ? key : std::string();
  }

  Origin origin_of(const Target& target, const OpenedPicturePtr& opened, const iiif::ResolvedRequest& request,
                   const base::CancelToken& cancel) {
    // Nearly every picture is one that never has a derivative: no key is worked out for those.
    if (!Derivatives::gains(*opened->picture, target.page)) return {opened, target.page, target.path, {}};
    if (std::string key = derivative_of(target, opened->version, request); !key.empty()) {
      if (auto derived = derivatives->get(key, cancel)) return {std::move(derived), 0, key, key};
    }
    return {opened, target.page, target.path, {}};
  }

  base::Result<RenderedPtr> make(const Origin& origin, const iiif::ResolvedRequest& request, const Output& output,
                                 const std::string& etag, const base::CancelToken& cancel) {
    if (RenderedPtr kept = answers.find(etag)) return kept;
    if (RenderedPtr stored = from_file(origin, request, etag)) return stored;
    ReadingTrace trace;
    const auto read_before = base::ReadMeter::here().time;
    auto raster = regions.read(*origin.opened, origin.name, {origin.page, request.region, request.size},
                               wish_of(request, output), cancel, trace);
    if (!raster) return fail(std::move(raster.error()));
    const auto reading = base::ReadMeter::here().time - read_before;
    if (derivatives && origin.derivative.empty()) derivatives->want(origin.name, origin.page, *origin.opened);
    const auto start = std::chrono::steady_clock::now();
    auto body = produce(std::move(*raster), request, output, cancel);
    if (!body) return fail(std::move(body.error()));
    auto rendered = std::make_shared<Rendered>();
    rendered->timing = {.plan = "decoded", .cache = trace.kept ? "pixels" : "miss"};
    rendered->timing.level = static_cast<int>(trace.level);
    rendered->timing.of(base::Stage::decode) = std::max(duration_of(trace.decode) - reading, kLeast);
    rendered->timing.of(base::Stage::scale) = duration_of(trace.scale);
    rendered->timing.of(base::Stage::encode) = std::chrono::steady_clock::now() - start;
    rendered->body = base::share(std::move(*body));
    rendered->media_type = output.media_type;
    rendered->etag = etag;
    if (const char* found = origin.opened->picture->index().found.load(std::memory_order_relaxed))
      rendered->defect = found;
    answers.put(etag, rendered, rendered->body->size());
    return RenderedPtr(std::move(rendered));
  }

  base::Result<RegionStrips> strips_of(const Origin& origin, const iiif::ResolvedRequest& request,
                                       const Output& output) const {
    return regions.strips(*origin.opened, origin.name, {origin.page, request.region, request.size},
                          wish_of(request, output));
  }

  base::Result<Estimate> estimate_strips(const Origin& origin, const iiif::ResolvedRequest& request,
                                         const Output& output) const {
    auto strips = strips_of(origin, request, output);
    if (!strips) return fail(std::move(strips.error()));
    auto memory = regions.memory(*strips, rows_of_strip(request.size.width, options.strip_bytes));
    if (!memory) return fail(std::move(memory.error()));
    return Estimate{true, true, *memory, output.size.area()};
  }

  // A tile that lies in the file. What had to be cut is kept; what is read as it is has its cache in the system.
  RenderedPtr from_file(const Origin& origin, const iiif::ResolvedRequest& request, const std::string& etag) {
    const auto tile = stored_tile(*origin.opened->picture, origin.page, request);
    if (!tile) return nullptr;
    auto bytes = read_stored(*tile, *origin.opened->file, Reading::waiting);
    if (!bytes) return nullptr;
    auto rendered = std::make_shared<const Rendered>(as_stored(std::move(*bytes), tile->format, etag));
    if (tile->narrower()) answers.put(etag, rendered, rendered->body->size());
    return rendered;
  }

  Options options;
  OpenedPictures pictures;
  RegionReader regions;
  base::ByteLru<Rendered> answers;
  cache::SingleFlight<RenderedPtr> flights;
  std::unique_ptr<Derivatives> derivatives;  // null: none are kept
};

Pipeline::Pipeline(const source::Source& source, const Options& options)
    : state_(std::make_unique<State>(source, options)) {}
Pipeline::~Pipeline() = default;

base::Result<std::shared_ptr<const codec::Picture>> Pipeline::open(const Target& target) {
  auto opened = state_->pictures.get(target.path, target.version, {});
  if (!opened) return fail(std::move(opened.error()));
  if (auto page = check_page(**opened, target); !page) return fail(std::move(page.error()));
  return (*opened)->picture;
}

base::Result<std::string> Pipeline::etag(const Target& target, const iiif::ResolvedRequest& request,
                                         const std::string& tier) {
  auto output = state_->output_of(request);
  if (!output) return fail(std::move(output.error()));
  auto version = state_->pictures.version(target.path, target.version);
  if (!version) return fail(std::move(version.error()));
  return etag_of(target, *version, recipe_of(request, *output), tier, state_->derivative_of(target, *version, request));
}

std::optional<AtHand> Pipeline::at_hand(const Target& target, const iiif::ResolvedRequest& request,
                                        const std::string& tier) {
  AtHand known;
  const OpenedPicturePtr opened = state_->pictures.find(target.path, target.version, &known.until);
  if (!opened || !check_region(*opened, target, request.region)) return std::nullopt;
  const bool derivable = Derivatives::gains(*opened->picture, target.page);
  const std::string derivative = derivable ? state_->derivative_of(target, opened->version, request) : std::string();
  known.settled = !derivable || !derivative.empty();
  const OpenedPicturePtr read = derivative.empty() ? opened : state_->derivatives->find(derivative);
  if (!read) return std::nullopt;
  auto output = state_->output_of(request);
  if (!output) return std::nullopt;
  known.etag = etag_of(target, opened->version, recipe_of(request, *output), tier, derivative);
  known.tile = stored_tile(*read->picture, derivative.empty() ? target.page : 0, request);
  if (known.tile && !known.tile->narrower()) {
    known.file = read->file;
  } else {
    known.tile.reset();
    known.kept = state_->answers.find(known.etag);
  }
  return known;
}

std::optional<Rendered> Pipeline::fetch(const AtHand& known) const {
  if (known.kept) return Rendered{known.kept->body, known.kept->media_type, known.etag, timing_of_kept(*known.kept)};
  if (!known.tile) return std::nullopt;
  auto bytes = read_stored(*known.tile, *known.file, Reading::now);
  if (!bytes) return std::nullopt;
  return as_stored(std::move(*bytes), known.tile->format, known.etag);
}

base::Result<Estimate> Pipeline::estimate(const Target& target, const iiif::ResolvedRequest& request,
                                          const std::string& tier) {
  auto output = state_->output_of(request);
  if (!output) return fail(std::move(output.error()));
  auto opened = state_->pictures.get(target.path, target.version, {});
  if (!opened) return fail(std::move(opened.error()));
  if (auto checked = check_region(**opened, target, request.region); !checked) return fail(std::move(checked.error()));
  const Origin origin = state_->origin_of(target, *opened, request, {});
  if (stored_tile(*origin.opened->picture, origin.page, request)) return Estimate{};
  const std::string etag = etag_of(target, (*opened)->version, recipe_of(request, *output), tier, origin.derivative);
  if (state_->answers.find(etag)) return Estimate{};
  if (output->in_strips) return state_->estimate_strips(origin, request, *output);
  auto cost = state_->regions.cost(*origin.opened, origin.name, {origin.page, request.region, request.size});
  if (!cost) return fail(std::move(cost.error()));
  Estimate estimate;
  estimate.memory = cost->memory + (request.size.area() + 2 * output->size.area()) * 4;
  estimate.pixels = output->size.area();
  estimate.large = cost->pixels > kLargeDecodePixels || output->size.area() > kLargeOutputPixels ||
                   cost->bytes_read > kLargeReadBytes;
  return estimate;
}

base::Result<Rendered> Pipeline::render(const Target& target, const iiif::ResolvedRequest& request,
                                        const std::string& tier, const base::CancelToken& cancel) {
  auto output = state_->output_of(request);
  if (!output) return fail(std::move(output.error()));
  if (output->in_strips)
    return fail(base::ErrorCode::internal, "The server made a mistake.", "rendered whole what is to be streamed");
  const std::string recipe = recipe_of(request, *output);
  auto version = state_->pictures.version(target.path, target.version);
  if (!version) return fail(std::move(version.error()));
  if (const RenderedPtr kept = state_->answers.find(
          etag_of(target, *version, recipe, tier, state_->derivative_of(target, *version, request)))) {
    Rendered answer = *kept;
    answer.timing = timing_of_kept(*kept);
    return answer;
  }
  auto opened = state_->pictures.get(target.path, target.version, cancel);
  if (!opened) return fail(std::move(opened.error()));
  if (auto checked = check_region(**opened, target, request.region); !checked) return fail(std::move(checked.error()));
  // The tag is of the version that is read, should the file have changed since the look above.
  const Origin origin = state_->origin_of(target, *opened, request, cancel);
  const std::string etag = etag_of(target, (*opened)->version, recipe, tier, origin.derivative);
  bool made_here = false;
  const auto start = std::chrono::steady_clock::now();
  auto rendered = state_->flights.run(etag, cancel, [&] {
    made_here = true;
    return state_->make(origin, request, *output, etag, cancel);
  });
  if (!rendered) return fail(std::move(rendered.error()));
  Rendered answer = **rendered;
  if (made_here) return answer;
  // Somebody else's work is not counted twice.
  answer.timing = {.plan = answer.timing.plan, .cache = "shared", .level = answer.timing.level};
  answer.timing.of(base::Stage::wait) = std::chrono::steady_clock::now() - start;
  return answer;
}

base::Result<std::unique_ptr<PictureStream>> Pipeline::stream(const Target& target,
                                                              const iiif::ResolvedRequest& request,
                                                              const std::string& tier,
                                                              const base::CancelToken& cancel) {
  auto output = state_->output_of(request);
  if (!output) return fail(std::move(output.error()));
  auto opened = state_->pictures.get(target.path, target.version, cancel);
  if (!opened) return fail(std::move(opened.error()));
  if (auto checked = check_region(**opened, target, request.region); !checked) return fail(std::move(checked.error()));
  const Origin origin = state_->origin_of(target, *opened, request, cancel);
  auto strips = state_->strips_of(origin, request, *output);
  if (!strips) return fail(std::move(strips.error()));
  if (state_->derivatives && origin.derivative.empty())
    state_->derivatives->want(origin.name, origin.page, *origin.opened);
  std::string etag = etag_of(target, (*opened)->version, recipe_of(request, *output), tier, origin.derivative);
  return std::make_unique<PictureStream>(
      state_->regions,
      PictureStream::What{origin.opened, request, std::move(*output), std::move(etag),
                          rows_of_strip(request.size.width, state_->options.strip_bytes)},
      std::move(*strips));
}

base::Result<image::Pixels> Pipeline::pixels(const Target& target, image::Rect region, image::Size size,
                                             const base::CancelToken& cancel) {
  if (size.area() > state_->options.max_whole_pixels) {
    return fail(base::ErrorCode::over_limit, "The size goes past what this server makes at a time.");
  }
  auto opened = state_->pictures.get(target.path, target.version, cancel);
  if (!opened) return fail(std::move(opened.error()));
  if (auto checked = check_region(**opened, target, region); !checked) return fail(std::move(checked.error()));
  ReadingTrace trace;
  auto raster = state_->regions.read(**opened, target.path, {target.page, region, size}, {}, cancel, trace);
  if (!raster) return fail(std::move(raster.error()));
  return std::get<image::Pixels>(std::move(*raster));
}

base::Result<bool> Pipeline::optimize(const Target& target) {
  if (!state_->derivatives) return fail(base::ErrorCode::unsupported, "This server keeps no derivatives.");
  auto opened = state_->pictures.get(target.path, target.version, {});
  if (!opened) return fail(std::move(opened.error()));
  if (auto page = check_page(**opened, target); !page) return fail(std::move(page.error()));
  state_->derivatives->want(target.path, target.page, **opened);
  return Derivatives::gains(*(*opened)->picture, target.page);
}

void Pipeline::forget(const Target& target) {
  if (state_->derivatives) state_->derivatives->forget(target.path, target.page, target.version);
}

Derivatives::Status Pipeline::derivatives() const {
  return state_->derivatives ? state_->derivatives->status() : Derivatives::Status{};
}

std::vector<std::string> Pipeline::output_formats() const {
  constexpr std::array<std::string_view, 9> kFormats = {"jpg", "png", "webp", "avif", "gif",
                                                        "tif", "jp2", "jxl",  "pdf"};
  std::vector<std::string> formats;
  for (const std::string_view extension : kFormats) {
    const auto format = codec::by_extension(extension);
    if (format && codec::encoder_for(*format) != nullptr) formats.emplace_back(extension);
  }
  return formats;
}

}  // namespace armarium::pipeline
