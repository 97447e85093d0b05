#include "codec/worker.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include <fmt/format.h>

#include "base/hash.h"
#include "codec/worker_pool.h"

namespace armarium::codec {
namespace {

using base::Bytes;
using base::ErrorCode;
using base::fail;
using base::Result;
using worker::Job;
using worker::Operation;
using worker::Pool;

std::mutex g_mutex;
std::shared_ptr<Pool> g_pool;            // guarded by g_mutex
std::atomic<bool> g_registered = false;  // whether g_pool is set

Result<std::shared_ptr<Pool>> pool() {
  const std::lock_guard lock(g_mutex);
  if (!g_pool)
    return fail(ErrorCode::unsupported, "Nothing here can read this kind of file.", "no worker is registered");
  return g_pool;
}

struct WorkerIndex final : Index {
  worker::Loader loader = worker::Loader::choose;
};

// A descriptor of the source: its own, or one of memory that holds a copy.
struct Opened {
  worker::Descriptor copy;
  int descriptor = -1;
  std::string key;  // of the file's version: what is remembered about the file hangs on it
};

Result<Opened> open_source(const base::ByteSource& file, const Limits& limits) {
  Opened opened;
  if (auto own = file.descriptor()) {
    opened.descriptor = *own;
    opened.key = base::hash_hex(fmt::format("{}/{}", file.version().token, file.size()));
    return opened;
  }
  if (file.size() > limits.max_whole_file)
    return fail(ErrorCode::resource_limit, "The file is larger than the server allows.");
  auto memory = worker::shared_memory(std::max<std::uint64_t>(1, file.size()));
  if (!memory) return fail(std::move(memory.error()));
  Bytes bytes(file.size());
  if (auto read = file.read(0, bytes); !read) return fail(std::move(read.error()));
  if (auto write = worker::write_all(memory->get(), 0, bytes); !write) return fail(std::move(write.error()));
  opened.key = base::hash_hex(bytes);
  opened.copy = std::move(*memory);
  opened.descriptor = opened.copy.get();
  return opened;
}

Job new_job(Operation operation, const Limits& limits, std::uint64_t room) {
  Job job;
  job.operation = operation;
  job.room = room;
  job.max_pages = limits.max_pages;
  job.max_pixels = limits.max_pixels;
  job.max_metadata = limits.max_metadata;
  job.max_decode_bytes = limits.max_decode_bytes;
  return job;
}

Result<image::Pixels> decode_there(const Index& index, worker::Loader loader, const Plan& plan,
                                   const base::ByteSource& bytes, const Limits& limits,
                                   const base::CancelToken& cancel) {
  const Page& page = index.pages.at(plan.page);
  auto processes = pool();
  if (!processes) return fail(std::move(processes.error()));
  auto pixels = image::Pixels::allocate(plan.area.size(), page.pixels, limits.max_decode_bytes);
  if (!pixels) return pixels;
  auto source = open_source(bytes, limits);
  if (!source) return fail(std::move(source.error()));
  auto room = worker::shared_memory(pixels->bytes().size());
  if (!room) return fail(std::move(room.error()));
  Job job = new_job(Operation::decode, limits, pixels->bytes().size());
  job.format = index.format;
  job.loader = loader;
  job.page = plan.page;
  job.level = plan.level;
  job.full = page.size;
  job.level_size = page.levels.at(plan.level).size;
  job.area = plan.area;
  job.pixels = page.pixels;
  auto reply = (*processes)
                   ->run(job, source->key, source->descriptor, room->get(), cancel,
                         std::max<std::uint64_t>(1, plan.cost.pixels));
  if (!reply) return fail(std::move(reply.error()));
  if (reply->length != pixels->bytes().size())
    return fail(ErrorCode::corrupt, "The file cannot be read.", "armarium-decode gave too few pixels");
  if (auto read = worker::read_all(room->get(), 0, pixels->bytes()); !read) return fail(std::move(read.error()));
  if (reply->damaged != 0) index.found.store(kShownInPart);
  return pixels;
}

class WorkerDecoder final : public Decoder {
 public:
  explicit WorkerDecoder(Format format) : format_(format) {}
  Format format() const noexcept { return format_; }

  Result<IndexPtr> index(const base::ByteSource& file, const Limits& limits) const override {
    auto processes = pool();
    if (!processes) return fail(std::move(processes.error()));
    auto source = open_source(file, limits);
    if (!source) return fail(std::move(source.error()));
    auto room = worker::shared_memory(worker::kMaxAnswer);
    if (!room) return fail(std::move(room.error()));
    Job job = new_job(Operation::index, limits, worker::kMaxAnswer);
    job.format = format_;
    auto reply = (*processes)->run(job, source->key, source->descriptor, room->get(), {});
    if (!reply) return fail(std::move(reply.error()));
    if (reply->length > worker::kMaxAnswer)
      return fail(ErrorCode::corrupt, "The file cannot be read.", "an answer beyond its room");
    Bytes bytes(reply->length);
    if (auto read = worker::read_all(room->get(), 0, bytes); !read) return fail(std::move(read.error()));
    auto answer = worker::parse_index_answer(bytes, limits);
    if (!answer) return fail(std::move(answer.error()));
    return index_of(std::move(*answer), file);
  }

  Result<Plan> plan(const Index& index, const Request& request, const Limits&) const override {
    const Page& page = index.pages.at(request.page);
    Plan plan = choose_level(page, request);
    plan.whole_file = true;
    plan.cost.bytes_read = index.file_size;
    // Formats of one level are decoded whole there; vectors and slides only where they are wanted.
    if (!page.levels.front().stored && page.levels.front().tile == image::Size{}) {
      plan.cost.memory += page.size.area() * page.pixels.bytes_per_pixel();
      plan.cost.pixels = page.size.area();
    }
    return plan;
  }

  Result<image::Pixels> decode(const Index& any, const Plan& plan, const base::ByteSource& bytes, const Limits& limits,
                               const base::CancelToken& cancel) const override {
    return decode_there(any, static_cast<const WorkerIndex&>(any).loader, plan, bytes, limits, cancel);
  }

 private:
  IndexPtr index_of(worker::IndexAnswer answer, const base::ByteSource& file) const {
    auto index = std::make_shared<WorkerIndex>();
    index->format = format_;
    index->file_size = file.size();
    index->version = file.version();
    index->loader = answer.loader;
    index->metadata = std::move(answer.metadata);
    const auto none = std::make_shared<const Bytes>();
    std::vector<std::shared_ptr<const Bytes>> profiles;
    for (Bytes& profile : answer.profiles) profiles.push_back(std::make_shared<const Bytes>(std::move(profile)));
    for (worker::PageAnswer& from : answer.pages) {
      Page page;
      page.size = from.size;
      page.orientation = from.orientation;
      page.pixels = from.pixels;
      page.bitonal = from.bitonal;
      page.levels = std::move(from.levels);
      page.icc = from.profile >= 0 ? profiles[static_cast<std::size_t>(from.profile)] : none;
      index->pages.push_back(std::move(page));
    }
    return index;
  }

  Format format_;
};

class WorkerEncoder final : public Encoder {
 public:
  explicit WorkerEncoder(Format format) : format_(format) {}

  bool alpha() const noexcept override { return true; }
  std::uint32_t max_side() const noexcept override { return format_ == Format::avif ? 16'384 : 65'535; }
  std::string recipe(const EncodeOptions& options) const override {
    return fmt::format("{}-worker1-q{}", info(format_).name, options.quality);
  }

  Result<Bytes> encode(const image::Pixels& pixels, const EncodeOptions& options,
                       const base::CancelToken& cancel) const override {
    auto processes = pool();
    if (!processes) return fail(std::move(processes.error()));
    const std::uint64_t most = pixels.bytes().size() * 2 + (std::uint64_t{1} << 20U);
    auto source = worker::shared_memory(pixels.bytes().size());
    if (!source) return fail(std::move(source.error()));
    auto room = worker::shared_memory(most);
    if (!room) return fail(std::move(room.error()));
    if (auto write = worker::write_all(source->get(), 0, pixels.bytes()); !write) return fail(std::move(write.error()));
    Job job = new_job(Operation::encode, {}, most);
    job.format = format_;
    job.size = pixels.size();
    job.pixels = pixels.format();
    job.quality = options.quality;
    auto reply = (*processes)->run(job, {}, source->get(), room->get(), cancel);
    if (!reply && reply.error().code == ErrorCode::corrupt) {
      return fail(ErrorCode::internal, "The picture could not be written.", reply.error().detail);
    }
    if (!reply) return fail(std::move(reply.error()));
    if (reply->length == 0 || reply->length > most)
      return fail(ErrorCode::internal, "The picture could not be written.");
    Bytes bytes(reply->length);
    if (auto read = worker::read_all(room->get(), 0, bytes); !read) return fail(std::move(read.error()));
    return bytes;
  }

 private:
  Format format_;
};

}  // namespace

Result<> register_worker(const WorkerOptions& options) {
  if (access(options.program.c_str(), X_OK) != 0) {
    return fail(ErrorCode::not_found,
                "armarium-decode is not there: AVIF, HEIC, JPEG XL, PDF and rare formats cannot be read.",
                options.program);
  }
  auto fresh = std::make_shared<Pool>(options);
  const std::lock_guard lock(g_mutex);
  std::swap(g_pool, fresh);
  g_registered = true;
  return {};
}

void unregister_worker() {
  std::shared_ptr<Pool> old;
  const std::lock_guard lock(g_mutex);
  std::swap(g_pool, old);
  g_registered = false;
}

bool worker_registered() noexcept { return g_registered; }

Result<image::Pixels> decode_in_worker(const Index& index, const Plan& plan, const base::ByteSource& file,
                                       const Limits& limits, const base::CancelToken& cancel) {
  return decode_there(index, worker::Loader::jp2, plan, file, limits, cancel);
}

const Decoder* worker_decoder(Format format) noexcept {
  static const WorkerDecoder decoders[] = {
      WorkerDecoder(Format::avif),    WorkerDecoder(Format::heic), WorkerDecoder(Format::jxl),
      WorkerDecoder(Format::pdf),     WorkerDecoder(Format::svg),  WorkerDecoder(Format::bmp),
      WorkerDecoder(Format::openexr), WorkerDecoder(Format::hdr),  WorkerDecoder(Format::pnm),
      WorkerDecoder(Format::fits),    WorkerDecoder(Format::other)};
  if (!g_registered) return nullptr;
  if (format == Format::unknown) format = Format::other;
  for (const WorkerDecoder& decoder : decoders) {
    if (decoder.format() == format) return &decoder;
  }
  return nullptr;
}

const Encoder* worker_encoder(Format format) noexcept {
  static const WorkerEncoder avif(Format::avif);
  static const WorkerEncoder jxl(Format::jxl);
  if (!g_registered) return nullptr;
  if (format == Format::avif) return &avif;
  return format == Format::jxl ? &jxl : nullptr;
}

}  // namespace armarium::codec
