#include "app/application.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "api/access.h"
#include "api/errors.h"
#include "api/operation.h"
#include "api/services.h"
#include "api/site/renderer.h"
#include "api/takedown.h"
#include "api/uploads.h"
#include "app/backup_commands.h"
#include "app/control_socket.h"
#include "app/database.h"
#include "app/gateway.h"
#include "app/takedown_commands.h"
#include "app/user_commands.h"
#include "app/version.h"
#include "catalogue/stream_refresh.h"
#include "codec/worker.h"
#include "http/address.h"
#include "http/server.h"
#include "ingest/identifiers.h"
#include "ingest/uploads.h"
#include "source/file_system.h"
#include "store/state_folder.h"

namespace armarium::app {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::size_t kOptimizeAtOnce = 200;
constexpr std::size_t kMostPasswordsAtOnce = 2;

std::shared_ptr<const api::site::Renderer> load_site(const std::filesystem::path& program, base::Error& why) {
  for (const char* place : {"site.tar", "../share/armarium/site.tar"}) {
    const std::filesystem::path file = program.parent_path() / place;
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) continue;
    auto pack = api::site::AssetPack::open(file.string());
    if (!pack) {
      why = pack.error();
      continue;
    }
    auto renderer = api::site::Renderer::create(std::move(*pack));
    if (renderer) return *renderer;
    why = renderer.error();
  }
  return nullptr;
}

void start_workers(const Config& config, const std::filesystem::path& program) {
  if (config.decode_workers == 0) return;
  const std::filesystem::path worker = program.parent_path() / "armarium-decode";
  std::error_code ignored;
  if (!std::filesystem::exists(worker, ignored)) {
    base::log::warning(
        "armarium-decode is not beside the program: AVIF, HEIC, JPEG XL, PDF and rare formats are not read");
    return;
  }
  codec::WorkerOptions options;
  options.program = worker.string();
  options.count = config.decode_workers;
  options.answer_time = std::chrono::seconds(config.request_seconds);
  options.job_timeout = std::max(options.job_timeout, options.answer_time);
  if (auto registered = codec::register_worker(options); !registered) {
    base::log::warning("armarium-decode does not start: {}", registered.error().message);
  }
}

pipeline::Options pipeline_options(const Config& config, const store::StateFolder& state) {
  pipeline::Options options;
  options.derivatives = {
      state.cache() / "derivatives", config.derivatives_gigabytes << 30, {config.derivatives_lossless}};
  options.quality = config.quality;
  options.linear_light = config.linear_light;
  options.answer_time = std::chrono::seconds(config.request_seconds);
  options.limits.max_pixels = config.max_megapixels * 1'000'000;
  options.response_cache_bytes = (config.cache_megabytes << 20) / 4;
  options.picture_cache_bytes = (config.cache_megabytes << 20) - options.response_cache_bytes - repeat_bytes(config);
  return options;
}

http::ServerOptions server_options(const Config& config) {
  http::ServerOptions options;
  options.address = config.listen_address;
  options.port = config.listen_port;
  options.io_threads = config.io_threads;
  options.tls_certificate = config.tls_certificate;
  options.tls_key = config.tls_key;
  return options;
}

ingest::UploadOptions upload_options(const Config& config, store::Accounts& users, store::Store& store,
                                     ingest::Library& library) {
  ingest::UploadOptions options;
  options.root = config.folder;
  options.enabled = config.uploads;
  options.largest = config.upload_megabytes << 20;
  options.together = config.uploads_gigabytes << 30;
  options.lifetime = std::chrono::hours(config.upload_hours);
  options.is_user = [&users](const std::string& name) {
    const auto user = users.user(name);
    return !user || *user;  // who cannot be looked for is not taken for gone
  };
  options.store = &store;
  options.placed = [&library](const std::string& path) { library.changed(ingest::parent_of(path)); };
  return options;
}

std::string host_for_people(const std::string& address) {
  if (address == "0.0.0.0" || address == "::") return "127.0.0.1";
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

}  // namespace

// In the order in which they are made; taken down in reverse.
struct Application::Parts {
  Config config;
  std::unique_ptr<store::StateFolder> state;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::Accounts> users;
  std::unique_ptr<auth::Authenticator> authenticator;
  std::unique_ptr<source::FileSystem> source;
  std::unique_ptr<catalogue::Catalogue> catalogue;
  std::unique_ptr<pipeline::Pipeline> pipeline;
  std::unique_ptr<ingest::Library> library;
  std::unique_ptr<ingest::Uploads> uploads;
  std::unique_ptr<presentation::Documents> documents;
  std::unique_ptr<discovery::Stream> stream;
  std::unique_ptr<discovery::ChangedItems> changes;
  std::unique_ptr<annotation::States> states;
  std::shared_ptr<const api::site::Renderer> site;
  std::unique_ptr<base::WorkPool> pool;
  std::unique_ptr<api::Access> access;
  std::unique_ptr<api::Services> services;
  base::Metrics metrics;
  std::shared_ptr<http::Accounts> accounts = std::make_shared<http::Accounts>();
  api::FoundDamage damage;
  api::SiteName site_name;
  api::ClientBudget budget;
  pipeline::MemoryBudget large_memory;
  std::shared_ptr<http::Router> router = std::make_shared<http::Router>();
  std::shared_ptr<http::Router> admin_router = std::make_shared<http::Router>();
  http::Handler handler;
  std::unique_ptr<http::Server> server;
  std::unique_ptr<http::Server> admin_server;
  std::unique_ptr<ControlSocket> control;

  explicit Parts(Config given, std::unique_ptr<store::StateFolder> folder)
      : config(std::move(given)),
        state(std::move(folder)),
        budget(config.client_megapixels * 1'000'000),
        large_memory(config.large_megabytes << 20) {}
  void make_services();
  Result<> make_servers();
  Result<> listen_for_commands();
  Result<std::string> optimize(const std::string& path);
  Result<std::string> backup(const json::Object& request);
  Result<std::string> takedown(const json::Object& request);
  void refresh_stream();
};

void Application::Parts::make_services() {
  const std::size_t threads =
      config.work_threads != 0 ? config.work_threads : std::max(2U, std::thread::hardware_concurrency());
  pool = std::make_unique<base::WorkPool>(base::WorkPool::Options{.threads = threads});
  pipeline::Options options = pipeline_options(config, *state);
  options.helpers = pool.get();
  pipeline = std::make_unique<pipeline::Pipeline>(*source, std::move(options));
  documents = std::make_unique<presentation::Documents>(*catalogue);
  stream = std::make_unique<discovery::Stream>(*store);
  changes = std::make_unique<discovery::ChangedItems>(*store);
  states = std::make_unique<annotation::States>(*store);
  const bool local = config.listen_address == "localhost" || http::is_loopback(config.listen_address);
  access = std::make_unique<api::Access>(
      *authenticator, *pool,
      api::AccessOptions{.takes_writing = local || !config.public_url.empty(),
                         .writes_per_minute = config.writes_per_minute,
                         .passwords_at_once = std::clamp<std::size_t>(threads / 2, 1, kMostPasswordsAtOnce),
                         .metrics = &metrics,
                         .error_page = error_page(site, site_name)});
  services = std::make_unique<api::Services>(api::Services{*catalogue,
                                                           *library,
                                                           *pipeline,
                                                           *documents,
                                                           *stream,
                                                           *changes,
                                                           *states,
                                                           *site,
                                                           *source,
                                                           damage,
                                                           site_name,
                                                           budget,
                                                           large_memory,
                                                           *access,
                                                           *pool,
                                                           metrics,
                                                           *accounts,
                                                           error_page(site, site_name),
                                                           std::chrono::seconds(config.request_seconds),
                                                           kVersion,
                                                           config.public_url,
                                                           config.contact});
  if (const auto top = catalogue->collection("", "", 0, base::Principal::public_visitor()))
    site_name.set(top->description.label);
}

Result<> Application::Parts::make_servers() {
  api::add_image_routes(*router, *services);
  api::add_presentation_routes(*router, *services);
  api::add_writing_routes(*router, *services);
  api::add_part_writing_routes(*router, *services);
  api::add_history_routes(*router, *services);
  api::add_takedown_routes(*router, *services);
  api::add_discovery_routes(*router, *services);
  api::add_oai_routes(*router, *services);
  api::add_rendering_routes(*router, *services);
  api::add_media_routes(*router, *services);
  api::add_content_state_routes(*router, *services);
  api::add_kept_state_routes(*router, *services);
  api::add_site_routes(*router, *services);
  api::add_upload_routes(*router, *services, *uploads);
  if (config.admin_address.empty()) {
    api::add_operation_routes(*router, *services);
  } else {
    api::add_guarded_operation_routes(*router, *services);
    api::add_operation_routes(*admin_router, *services);
  }
  auto made = make_gateway(config, router, services->error_page, *pool, metrics, accounts, access.get());
  if (!made) return base::fail(made.error());
  handler = std::move(*made);
  server = std::make_unique<http::Server>(server_options(config), handler, *pool);
  server->show_connections(metrics, "public");
  if (config.admin_address.empty()) return {};

  Config admin = config;
  admin.listen_address = config.admin_address;
  admin.listen_port = config.admin_port;
  admin.public_url.clear();
  auto admin_handler = make_gateway(admin, admin_router, services->error_page, *pool, metrics, accounts, nullptr);
  if (!admin_handler) return base::fail(admin_handler.error());
  admin_server = std::make_unique<http::Server>(server_options(admin), std::move(*admin_handler), *pool);
  admin_server->show_connections(metrics, "admin");
  return {};
}

Result<> Application::Parts::listen_for_commands() {
  auto socket = ControlSocket::listen(state->path(), [this](const json::Object& request) -> Result<std::string> {
    if (json::text_of(request, "command") == "optimize") return optimize(std::string(json::text_of(request, "path")));
    if (json::text_of(request, "command") == "user") return run_user_command(*users, request);
    if (json::text_of(request, "command") == "takedown") return takedown(request);
    if (is_backup_command(request)) return backup(request);
    if (json::text_of(request, "command") != "rescan")
      return base::fail(ErrorCode::unsupported, "This server does not know that command.");
    const json::Value* accept = request.if_contains("accept_removals");
    library->rescan(json::text_of(request, "path"), accept != nullptr && accept->is_bool() && accept->get_bool());
    return std::string("Looking again; /status shows how far it is.");
  });
  if (!socket) return base::fail(socket.error());
  control = std::move(*socket);
  return {};
}

// Another public address than the last time: everything is named again, some at a time. The first step closes the stream until the last is done.
void Application::Parts::refresh_stream() {
  constexpr std::size_t kAtOnce = 2000;
  auto more = catalogue::refresh_stream(*store, config.public_url, kAtOnce);
  if (!more) base::log::warning("{} {}", more.error().message, more.error().detail);
  if (!more || !*more) return;
  if (!pool->resume(base::Lane::large, [this] { refresh_stream(); }))
    base::log::warning("The change stream stays closed until the next start: the server is ending.");
}

// After a restore the folder may say something else than what came, and the change stream names everything again.
Result<std::string> Application::Parts::backup(const json::Object& request) {
  auto done = run_backup_command({*store, *users, state->data()}, request);
  if (done && json::text_of(request, "command") == "restore") {
    library->rescan("", false);
    refresh_stream();
  }
  return done;
}

Result<std::string> Application::Parts::takedown(const json::Object& request) {
  return run_takedown_command(
      {[this](const catalogue::TakedownOrder& order) { return api::take_down(*services, order); },
       [this](const std::string& identifier) { return api::lift_takedown(*services, identifier); },
       [this] { return catalogue->takedown_rows(); }},
      request);
}

// Every picture at or below a path, as far as it is known.
Result<std::string> Application::Parts::optimize(const std::string& path) {
  const base::Principal who = base::Principal::system();
  const auto inside = [&path](const std::string& file) {
    return path.empty() || file == path || (file.starts_with(path) && file[path.size()] == '/');
  };
  std::size_t queued = 0;
  std::string cursor;
  for (;;) {
    auto members = catalogue->everything(cursor, kOptimizeAtOnce, who);
    if (!members) return base::fail(std::move(members.error()));
    if (members->empty()) break;
    cursor = catalogue::Catalogue::cursor_of(members->back());
    for (const catalogue::Member& member : *members) {
      if (member.kind != catalogue::ItemKind::manifest) continue;
      auto manifest = catalogue->manifest(member.identifier, who);
      if (!manifest) continue;  // gone meanwhile
      for (const catalogue::Canvas& canvas : manifest->canvases) {
        if (canvas.assets.empty() || !inside(canvas.assets.front().path)) continue;
        const catalogue::Asset& asset = canvas.assets.front();
        auto wanted = pipeline->optimize({asset.path, asset.page, asset.version});
        if (!wanted && wanted.error().code == ErrorCode::unsupported) return base::fail(std::move(wanted.error()));
        if (wanted && *wanted) ++queued;
      }
    }
  }
  return fmt::format("{} pictures gain by derivatives; those that have none yet are made one after the other.", queued);
}

Application::Application(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Application::~Application() { stop(std::chrono::milliseconds(0)); }

Result<std::unique_ptr<Application>> Application::create(Config config, const std::filesystem::path& program) {
  std::error_code failed;
  const std::string given = config.folder.string();
  config.folder = std::filesystem::canonical(config.folder, failed);
  if (failed || !std::filesystem::is_directory(config.folder, failed)) {
    return base::fail(ErrorCode::not_found, fmt::format("There is no folder {} to serve.", given));
  }
  auto source = source::FileSystem::open_root(config.folder);
  if (!source) return base::fail(source.error());
  auto state = store::StateFolder::open(config.folder, config.state);
  if (!state) return base::fail(state.error());
  auto parts = std::make_unique<Parts>(std::move(config), std::move(*state));
  parts->source = std::move(*source);

  auto store = open_store(*parts->state, parts->config.database);
  if (!store) return base::fail(store.error());
  parts->store = std::move(*store);
  auto users = open_accounts(*parts->state, parts->config.database);
  if (!users) return base::fail(users.error());
  parts->users = std::move(*users);
  auto authenticator = auth::Authenticator::create(*parts->users);
  if (!authenticator) return base::fail(authenticator.error());
  parts->authenticator = std::move(*authenticator);
  parts->catalogue = std::make_unique<catalogue::Catalogue>(*parts->store);

  base::Error why{ErrorCode::not_found, "The file site.tar is not beside the program; scripts/build makes it.", {}};
  parts->site = load_site(program, why);
  if (!parts->site) return base::fail(why);
  start_workers(parts->config, program);

  ingest::LibraryOptions looking;
  looking.root = parts->config.folder;
  looking.reader_version = kVersion;
  looking.crosswalk = parts->config.crosswalk;
  looking.write_back = parts->config.write_back;
  looking.limits.max_pixels = parts->config.max_megapixels * 1'000'000;
  looking.scan_interval = std::chrono::minutes(parts->config.scan_minutes);
  auto library = ingest::Library::open(std::move(looking), *parts->source, *parts->store, *parts->catalogue);
  if (!library) return base::fail(library.error());
  parts->library = std::move(*library);

  auto uploads = ingest::Uploads::open(upload_options(parts->config, *parts->users, *parts->store, *parts->library));
  if (!uploads) return base::fail(uploads.error());
  parts->uploads = std::move(*uploads);

  parts->make_services();
  if (auto made = parts->make_servers(); !made) return base::fail(made.error());
  return std::make_unique<Application>(std::move(parts));
}

Result<> Application::start() {
  parts_->refresh_stream();
  if (auto started = parts_->server->start(); !started) return started;
  if (parts_->admin_server) {
    if (auto started = parts_->admin_server->start(); !started) return started;
  }
  if (auto listening = parts_->listen_for_commands(); !listening) return listening;
  parts_->library->start();
  parts_->uploads->start();
  return {};
}

void Application::start_unheard() { parts_->library->start(); }

const http::Handler& Application::handler() const { return parts_->handler; }

bool Application::has_looked() const {
  const ingest::LibraryStatus status = parts_->library->status();
  return status.first_scan_done && !status.scanning && status.pending == 0;
}

std::string Application::held_back() const {
  const ingest::LibraryStatus status = parts_->library->status();
  return status.mount_warning;
}

const store::Store& Application::store() const { return *parts_->store; }

const catalogue::Catalogue& Application::catalogue() const { return *parts_->catalogue; }

std::vector<std::string> Application::site_assets() const {
  const api::site::AssetPack& pack = parts_->site->assets();
  std::vector<std::string> targets;
  for (const auto& [name, asset] : pack.assets()) {
    if (name.starts_with("static/") || name.starts_with("dist/"))
      targets.push_back(fmt::format("/assets/{}/{}", pack.version(), name));
  }
  return targets;
}

std::vector<std::string> Application::site_viewers() const {
  std::vector<std::string> targets;
  if (parts_->site->has(api::site::Viewer::kMirador)) targets.emplace_back("/viewer/mirador");
  if (parts_->site->has(api::site::Viewer::kUniversalViewer)) targets.emplace_back("/viewer/uv");
  return targets;
}

std::string Application::address() const {
  const Config& config = parts_->config;
  if (!config.public_url.empty()) return config.public_url + "/";
  return fmt::format("{}://{}:{}/", config.tls_certificate.empty() ? "http" : "https",
                     host_for_people(config.listen_address), parts_->server->port());
}

std::filesystem::path Application::state_folder() const { return parts_->state->path(); }

std::string Application::progress() const {
  const ingest::LibraryStatus status = parts_->library->status();
  if (!status.scanning && status.pending == 0) return {};
  return fmt::format("looking: {} folders, {} files; {} folders still to be read", status.folders, status.files,
                     status.pending);
}

void Application::stop(std::chrono::milliseconds grace) {
  if (!parts_) return;
  parts_->control.reset();
  if (parts_->admin_server) parts_->admin_server->stop(grace);
  if (parts_->server) parts_->server->stop(grace);
  if (parts_->uploads) parts_->uploads->stop();
  if (parts_->library) parts_->library->stop();
  // Work that is still running uses what follows, so the pool ends first.
  parts_->server.reset();
  parts_->admin_server.reset();
  parts_->pool.reset();
  base::log::flush();
  parts_.reset();
}

}  // namespace armarium::app
