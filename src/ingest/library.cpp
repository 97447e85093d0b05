#include "ingest/library.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

#include <fmt/format.h>

#include "base/log.h"
#include "catalogue/documents.h"
#include "codec/decoder.h"
#include "codec/format.h"
#include "ingest/content_lane.h"
#include "ingest/crosswalk.h"
#include "ingest/described_files.h"
#include "ingest/grammar.h"
#include "ingest/identifiers.h"
#include "ingest/locate.h"
#include "ingest/looker.h"
#include "ingest/readers/reader.h"
#include "ingest/removals.h"
#include "ingest/scanner.h"
#include "ingest/storage_watch.h"
#include "ingest/tree.h"
#include "ingest/watcher.h"
#include "ingest/write_back.h"

namespace armarium::ingest {

using base::ErrorCode;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

constexpr auto kRecent = 2s;          // a folder that was looked at this long ago is not looked at again
constexpr auto kForChildren = 600ms;  // for the names of a collection's folders, on demand
constexpr auto kRest = 150ms;         // after the first event of a change
constexpr auto kGrowing = 1s;
constexpr std::size_t kMostRemembered = 100'000;
const base::Principal kSystem = base::Principal::system();

// The table of a setting: it was named, so that every mistake in it stops the start.
base::Result<CrosswalkPtr> read_crosswalk(const std::filesystem::path& path) {
  if (path.empty()) return Crosswalk::standard();
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return base::fail(ErrorCode::invalid_argument, "The crosswalk table cannot be read.", path.string());
  std::vector<TextProblem> problems;
  CrosswalkPtr table = Crosswalk::standard()->with(text, problems);
  if (problems.empty()) return table;
  return base::fail(ErrorCode::invalid_argument,
                    fmt::format("The crosswalk table, line {}: {}", problems.front().line, problems.front().reason));
}

}  // namespace

struct Library::State {
  State(LibraryOptions given, CrosswalkPtr crosswalk, std::unique_ptr<Tree> opened, const source::Source& source,
        store::Store& used_store, catalogue::Catalogue& used_catalogue)
      : options(std::move(given)),
        tree(std::move(opened)),
        store(used_store),
        catalogue(used_catalogue),
        looker(*tree, source, store, catalogue,
               {options.limits, std::move(crosswalk),
                options.root.filename().empty() ? options.root.parent_path().filename().string()
                                                : options.root.filename().string(),
                options.reader_version, options.threads, [this] { give_way(); },
                [this] { return stopping || has_news; }, [this](const std::string& folder) { content.add(folder); },
                [this](const std::string& folder) {
                  if (write_back) write_back->looked(folder);
                }}),
        scanner(looker, {[this] { return stopping.load(); }, [this] { give_way(); },
                         [this](const std::string& folder) {
                           if (watcher) watcher->add(folder);
                         },
                         [this](const std::string& folder) { return is_watching() && !watcher->is_watched(folder); },
                         [this](const base::Error& error) { storage.note(error); }}),
        content(source, store, catalogue, [this] {
          give_way();
          return stopping || has_news;
        }) {}

  // Requests go first: background work waits while one reads.
  class Urgent {
   public:
    explicit Urgent(State& state) : state_(state) { ++state_.urgent; }
    ~Urgent() {
      if (--state_.urgent == 0) state_.calm.notify_all();
    }
    Urgent(const Urgent&) = delete;
    Urgent& operator=(const Urgent&) = delete;

   private:
    State& state_;
  };
  void give_way() {
    if (urgent == 0) return;
    std::unique_lock lock(calm_mutex);
    calm.wait_for(lock, 1s, [this] { return urgent == 0 || stopping; });
  }

  void watch();  // before the thread starts
  void run();
  void scan(const std::string& path, bool accept);
  void follow(const std::set<std::string>& changed);
  void finish_pass();
  void flush_removals(bool accept);
  bool root_is_there();
  void changed(const std::string& folder);
  void revisit_unsettled();
  bool is_watching() const { return watcher && watcher->live(); }
  std::string known_folder(std::string folder) const;
  bool is_fresh(const std::string& folder);
  void remember(const std::string& folder);
  base::Result<> ensure_folder(const std::string& folder, const Budget& budget);
  base::Result<Outcome> look_now(const std::string& folder, Depth depth, const Budget& budget);
  base::Result<std::string> chain_to(const std::string& folder, const Budget& budget);
  base::Result<> ensure(std::string_view identifier, const std::vector<std::string>& folders, bool complete,
                        const base::CancelToken& cancel);

  LibraryOptions options;
  std::unique_ptr<Tree> tree;
  store::Store& store;
  catalogue::Catalogue& catalogue;
  std::atomic<int> urgent{0};
  std::atomic<bool> stopping{false};
  std::mutex calm_mutex;
  std::condition_variable calm;
  StorageWatch storage;
  Looker looker;
  Scanner scanner;
  ContentLane content;
  std::unique_ptr<WriteBack> write_back;

  mutable std::mutex mutex;
  std::condition_variable wake;
  struct Request {
    std::string path;
    bool accept;
  };
  std::vector<Request> requests;
  std::set<std::string> news;                        // folders that changed
  std::atomic<bool> has_news{false};                 // news or requests wait
  std::set<std::string> followed;                    // news that is being worked on
  std::map<std::string, Clock::time_point> growing;  // folders with unfinished files → when to look again
  std::string root_warning;
  std::string removal_warning;
  bool accepting = false;  // what vanishes in this pass is meant to be gone
  bool pass_open = false;  // headers of this pass are still being read
  Clock::time_point pass_begin;
  std::unordered_map<std::string, Clock::time_point> looked;
  LibraryStatus status;
  std::unique_ptr<Watcher> watcher;
  std::jthread thread;
};

bool Library::State::root_is_there() {
  const auto listing = tree->list("");
  std::string warning;
  if (!listing) {
    warning = "The folder cannot be read. What was published stays as it was.";
  } else if (std::all_of(listing->entries.begin(), listing->entries.end(),
                         [](const Entry& entry) { return is_passed_over(entry.name, entry.is_folder); })) {
    auto reader = store.read();
    const auto count = reader ? (*reader)->count_items_below("") : base::Result<std::uint64_t>(0);
    if (count && *count > 1) {
      warning =
          "The folder is empty: a disk may be missing. What was published stays as it was, until \"armarium rescan "
          "--accept-removals\".";
    }
  }
  const std::lock_guard lock(mutex);
  if (!warning.empty() && warning != root_warning) base::log::warning("{}", warning);
  root_warning = warning;
  return warning.empty();
}

void Library::State::flush_removals(bool accept) {
  if (scanner.vanished().empty()) {
    const std::lock_guard lock(mutex);
    removal_warning.clear();
    return;
  }
  if (!accept && !root_is_there()) return;
  auto result = remove_vanished(scanner.vanished(), accept, *tree, store, catalogue);
  if (!result) {
    base::log::error("taking back what vanished: {} {}", result.error().message, result.error().detail);
    storage.note(result.error());
    return;
  }
  std::string warning;
  if (result->held_back) {
    warning = fmt::format(
        "{} of {} items are not there any more. Nothing was unpublished: a disk may be missing. If they are meant to "
        "be gone, say "
        "\"armarium rescan --accept-removals\".",
        result->items, result->of);
  }
  {
    const std::lock_guard lock(mutex);
    if (!warning.empty() && warning != removal_warning) base::log::warning("{}", warning);
    removal_warning = warning;
  }
  if (result->held_back) return;
  scanner.forget_vanished();
  for (const std::string& parent : result->parents) scanner.settle(parent);
}

void Library::State::scan(const std::string& path, bool accept) {
  {
    const std::lock_guard lock(mutex);
    status.scanning = true;
  }
  pass_begin = Clock::now();
  pass_open = true;
  accepting = accepting || accept;
  if (!root_is_there() && !accept) return;
  scanner.walk(path, Scanner::Below::all);
  const std::lock_guard lock(mutex);
  if (path.empty() && !stopping) status.first_scan_done = true;
}

// Names and headers are read: what vanished can be taken back.
void Library::State::finish_pass() {
  flush_removals(accepting);
  pass_open = accepting = false;
  const std::lock_guard lock(mutex);
  status.scanning = false;
  status.last_scan = std::chrono::system_clock::now();
  status.last_scan_seconds = std::chrono::duration<double>(Clock::now() - pass_begin).count();
}

// A change in a folder that belongs to an item (alto/, jpg/) is a change of the item's folder.
std::string Library::State::known_folder(std::string folder) const {
  auto reader = store.read();
  while (reader && !folder.empty()) {
    const auto row = (*reader)->folder(folder);
    if (row && *row) break;
    folder = parent_of(folder);
  }
  return folder;
}

void Library::State::follow(const std::set<std::string>& changed_folders) {
  std::set<std::string> known;
  for (const std::string& folder : changed_folders) known.insert(known_folder(folder));
  if (!root_is_there()) return;
  for (const std::string& folder : known) {
    if (!stopping) scanner.walk(folder, Scanner::Below::changed);
  }
}

void Library::State::changed(const std::string& folder) {
  const std::lock_guard lock(mutex);
  news.insert(folder);
  has_news = true;
  wake.notify_all();
}

void Library::State::watch() {
  if (!options.watch || tree->is_remote()) return;
  auto started = Watcher::start(tree->root().string(), {[this](const std::string& folder) { changed(folder); },
                                                        [this] {
                                                          const std::lock_guard lock(mutex);
                                                          requests.push_back({"", false});
                                                          has_news = true;
                                                          wake.notify_all();
                                                        }});
  if (started) watcher = std::move(*started);
}

void Library::State::run() {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 5);
  scan("", false);
  auto next_scan = Clock::now() + options.scan_interval;
  while (!stopping) {
    std::vector<Request> work;
    std::set<std::string> changed_folders;
    bool idle = false;
    {
      std::unique_lock lock(mutex);
      // On a network drive reading everything once would cost everybody: there a large file's move is told by its inode alone.
      idle = !pass_open && !has_news && !tree->is_remote() && content.has_work();
      if (!pass_open && !idle) {
        auto until = std::min(next_scan, storage.next());
        for (const auto& [folder, when] : growing) until = std::min(until, when);
        wake.wait_until(lock, until, [this] { return stopping || has_news; });
        // A copy of many files makes many events: a moment of rest makes them one.
        if (!news.empty() && !stopping) wake.wait_for(lock, kRest, [this] { return stopping.load(); });
      }
      work = std::exchange(requests, {});
      changed_folders = std::exchange(news, {});
      followed = changed_folders;
      has_news = false;
    }
    if (stopping) return;
    if (Clock::now() >= next_scan) {
      next_scan = Clock::now() + options.scan_interval * (is_watching() ? 12 : 1);
      work.push_back({"", false});
    }
    if (storage.due(Clock::now())) work.push_back({"", false});
    for (const Request& request : work) {
      if (!stopping) scan(request.path, request.accept);
    }
    if (!changed_folders.empty()) {
      follow(changed_folders);
      pass_open = true;
    }
    {
      const std::lock_guard lock(mutex);
      followed.clear();
    }
    if (pass_open && !scanner.read_one_pending() && !stopping) finish_pass();
    if (idle && !pass_open) content.step();
    if (!pass_open) storage.after_pass(Clock::now(), options.scan_interval);
    revisit_unsettled();
  }
}

// What was still growing is looked at again after a while.
void Library::State::revisit_unsettled() {
  const auto now = Clock::now();
  for (const std::string& folder : scanner.take_unsettled()) growing.emplace(folder, now + kGrowing);
  for (auto at = growing.begin(); at != growing.end();) {
    if (at->second > now) {
      ++at;
      continue;
    }
    changed(at->first);
    at = growing.erase(at);
  }
}

bool Library::State::is_fresh(const std::string& folder) {
  const std::lock_guard lock(mutex);
  if (news.contains(folder) || followed.contains(folder)) return false;
  if (status.first_scan_done && watcher && watcher->is_watched(folder)) return true;
  const auto found = looked.find(folder);
  return found != looked.end() && Clock::now() - found->second < kRecent;
}

void Library::State::remember(const std::string& folder) {
  const std::lock_guard lock(mutex);
  if (looked.size() >= kMostRemembered) looked.clear();
  looked[folder] = Clock::now();
}

base::Result<Outcome> Library::State::look_now(const std::string& folder, Depth depth, const Budget& budget) {
  auto outcome = looker.look(folder, depth, budget);
  if (!outcome) {
    if (outcome.error().code == ErrorCode::not_ready) scanner.promote(folder);
    storage.note(outcome.error());
    if (storage.failed()) {
      const std::lock_guard lock(mutex);
      has_news = true;
      wake.notify_all();
    }
    return outcome;
  }
  if (outcome->exists && outcome->complete) remember(folder);
  if (outcome->exists && !outcome->complete && depth == Depth::full) scanner.promote(folder);
  if (!outcome->exists || outcome->unsettled || !outcome->vanished_folders.empty() ||
      !outcome->vanished_items.empty()) {
    const std::lock_guard lock(mutex);
    news.insert(outcome->exists ? folder : std::string(parent_of(folder)));
    has_news = true;
    wake.notify_all();
  }
  // What it is in the lists above may have changed.
  std::string up = folder;
  bool changed = outcome->member_changed;
  while (changed && !up.empty()) {
    up = parent_of(up);
    auto parent = looker.look(up, Depth::outline, budget);
    changed = parent && parent->member_changed;
  }
  return outcome;
}

// Down from FOLDER to the folder that `folder` is, or is a part of; each on the way is known afterwards.
base::Result<std::string> Library::State::chain_to(const std::string& folder, const Budget& budget) {
  std::string at;
  while (at != folder) {
    auto outcome = look_now(at, Depth::outline, budget);
    if (!outcome) return base::fail(std::move(outcome.error()));
    const std::size_t from = at.empty() ? 0 : at.size() + 1;
    const std::string next = folder.substr(0, folder.find('/', from));
    if (std::find(outcome->folders.begin(), outcome->folders.end(), next) == outcome->folders.end()) break;
    at = next;
  }
  return at;
}

base::Result<> Library::State::ensure_folder(const std::string& folder, const Budget& budget) {
  auto outcome = look_now(folder, Depth::full, budget);
  if (!outcome) return base::fail(std::move(outcome.error()));
  // The list of a collection needs to know what its folders are.
  auto reader = store.read();
  if (!reader) return base::fail(std::move(reader.error()));
  const auto known = (*reader)->folders_in(folder);
  reader->reset();
  if (!known || known->size() >= outcome->folders.size()) return {};
  std::set<std::string> names;
  for (const store::FolderRow& row : *known) names.insert(row.path);
  const auto until = Clock::now() + kForChildren;
  for (const std::string& child : outcome->folders) {
    if (Clock::now() >= until || budget.cancel.stop_requested()) break;
    if (!names.contains(child))
      (void)looker.look(child, Depth::outline, budget);  // one that cannot be read costs itself only
  }
  auto again = look_now(folder, Depth::full, budget);
  if (!again) return base::fail(std::move(again.error()));
  return {};
}

base::Result<> Library::State::ensure(std::string_view identifier, const std::vector<std::string>& folders,
                                      bool complete, const base::CancelToken& cancel) {
  Budget budget;
  budget.cancel = cancel;
  budget.wanted = identifier;
  budget.most_headers = options.most_headers;
  if (!folders.empty()) {
    const bool fresh =
        std::all_of(folders.begin(), folders.end(), [this](const std::string& folder) { return is_fresh(folder); });
    if (fresh && complete) return {};
    const Urgent urgent_now(*this);
    for (const std::string& folder : folders) {
      auto done = ensure_folder(folder, budget);
      // What is published already is better than no answer; on a full disk it is all that there is.
      const ErrorCode code = done ? ErrorCode::internal : done.error().code;
      if (!done && !(complete && code == ErrorCode::not_ready) && code != ErrorCode::storage_full) return done;
    }
    return {};
  }
  const Urgent urgent_now(*this);
  if (const auto path = locate(*tree, identifier)) {
    auto folder = chain_to(*path, budget);
    if (!folder) return base::fail(std::move(folder.error()));
    return ensure_folder(*folder, budget);
  }
  const std::lock_guard lock(mutex);
  if (status.first_scan_done) return {};
  return base::fail(ErrorCode::not_ready,
                    fmt::format("The library is still being read: {} folders are known so far. Try again in a moment.",
                                looker.counters().folders.load()));
}

Library::Library(std::unique_ptr<State> state) : state_(std::move(state)) {}
Library::~Library() { stop(); }

base::Result<std::unique_ptr<Library>> Library::open(LibraryOptions options, const source::Source& source,
                                                     store::Store& store, catalogue::Catalogue& catalogue) {
  auto tree = Tree::open(options.root);
  if (!tree) return base::fail(std::move(tree.error()));
  options.root = (*tree)->root();
  // Another set of decoders is another reader.
  for (int number = 0; number <= static_cast<int>(codec::Format::other); ++number) {
    const auto format = static_cast<codec::Format>(number);
    if (codec::decoder_for(format) != nullptr) options.reader_version += fmt::format("+{}", codec::info(format).name);
  }
  auto crosswalk = read_crosswalk(options.crosswalk);
  if (!crosswalk) return base::fail(std::move(crosswalk.error()));
  auto state =
      std::make_unique<State>(std::move(options), std::move(*crosswalk), std::move(*tree), source, store, catalogue);
  if (state->options.write_back) {
    state->write_back = std::make_unique<WriteBack>(*state->tree, store, catalogue, state->looker.contexts());
  }
  return std::unique_ptr<Library>(new Library(std::move(state)));
}

void Library::start() {
  state_->watch();
  if (state_->write_back) state_->write_back->start();
  state_->thread = std::jthread([state = state_.get()] {
    try {
      state->run();
    } catch (const std::exception& error) {
      base::log::error("the background scan ended: {}", error.what());
    }
  });
}

void Library::stop() {
  state_->stopping = true;
  {
    const std::lock_guard lock(state_->mutex);
    state_->wake.notify_all();
  }
  state_->calm.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
  if (state_->write_back) state_->write_back->stop();
}

base::Result<> Library::ensure_item(std::string_view identifier, const base::CancelToken& cancel) {
  std::vector<std::string> folders;
  bool complete = true;
  {
    auto reader = state_->store.read();
    if (!reader) return base::fail(std::move(reader.error()));
    for (const store::Kind kind : {store::Kind::manifest, store::Kind::collection}) {
      auto row = (*reader)->item({kind, std::string(identifier)}, kSystem);
      if (!row) return base::fail(std::move(row.error()));
      if (!*row) continue;
      complete = complete && (*row)->complete;
      if (folders.empty() || folders.front() != (*row)->folder) folders.push_back((*row)->folder);
    }
  }
  return state_->ensure(identifier, folders, complete, cancel);
}

base::Result<> Library::ensure_asset(std::string_view identifier, const base::CancelToken& cancel) {
  std::vector<std::string> folders;
  {
    auto reader = state_->store.read();
    if (!reader) return base::fail(std::move(reader.error()));
    const std::string key(identifier);
    auto assets = (*reader)->assets(std::span(&key, 1));
    if (!assets) return base::fail(std::move(assets.error()));
    if (!assets->empty()) {
      auto item = (*reader)->item(catalogue::holder_of(assets->front().manifest), kSystem);
      if (!item) return base::fail(std::move(item.error()));
      if (*item) folders.push_back((*item)->folder);
    }
  }
  return state_->ensure(identifier, folders, true, cancel);
}

void Library::changed(std::string_view folder) {
  state_->changed(std::string(folder));
  if (!folder.empty()) state_->changed(std::string(parent_of(folder)));
}

base::Result<GivenFile> Library::given_file(const store::ItemKey& item, std::string_view below) {
  const auto none = [] { return base::fail(base::ErrorCode::not_found, "There is no such file."); };
  std::string folder;
  {
    auto reader = state_->store.read();
    if (!reader) return base::fail(std::move(reader.error()));
    auto row = (*reader)->item(item, kSystem);
    if (!row) return base::fail(std::move(row.error()));
    if (!*row) return none();
    folder = (*row)->folder;
  }
  const auto takedowns = state_->catalogue.takedowns();
  if (!takedowns) return base::fail(takedowns.error());
  for (const auto& [identifier, row] : (*takedowns)->rows()) {
    if (row.folder == folder)
      return base::fail(base::ErrorCode::withheld,
                        "A part of this item was taken down, so that the file is not available.");
  }
  GivenFile file{join(folder, below), {}};
  const ContextPtr context = state_->looker.contexts().context(parent_of(file.path));
  if (!context->published || context->ignores(file.path, false)) return none();
  const auto head = state_->tree->head(file.path, readers::kHeadBytes);
  if (!head) return none();
  file.media_type = given_out_as(below, *head);
  if (file.media_type.empty()) return none();
  return file;
}

void Library::rescan(std::string_view path, bool accept_removals) {
  const std::lock_guard lock(state_->mutex);
  state_->requests.push_back({std::string(path), accept_removals});
  state_->has_news = true;
  state_->wake.notify_all();
}

LibraryStatus Library::status() const {
  LibraryStatus status;
  {
    const std::lock_guard lock(state_->mutex);
    status = state_->status;
    status.watching = state_->is_watching();
    status.mount_warning = state_->root_warning.empty() ? state_->removal_warning : state_->root_warning;
  }
  status.storage_warning = state_->storage.warning();
  const Counters& counters = state_->looker.counters();
  status.folders = counters.folders;
  status.files = counters.files;
  status.headers = counters.headers;
  status.pending = state_->scanner.pending();
  status.scan_interval = state_->options.scan_interval;
  status.problems = state_->catalogue.problem_count();
  return status;
}

}  // namespace armarium::ingest
