#include "ingest/looker.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/log.h"
#include "ingest/header_batch.h"
#include "ingest/identifiers.h"
#include "ingest/look.h"
#include "ingest/member_note.h"
#include "ingest/write_back.h"

namespace armarium::ingest {

using base::ErrorCode;
using catalogue::ChangeSet;

namespace {

constexpr std::uint8_t kOutlined = 1;
constexpr std::uint8_t kComplete = 2;
constexpr std::size_t kChunk = 500;                  // headers that are read between two writes
constexpr auto kForMoves = std::chrono::seconds(2);  // that a request compares whole files

// What of a file's reading must be the same for its facts to hold.
std::string file_token(const Entry& entry, FileState state, const std::string& reader_version, bool embedded_all) {
  const bool try_again = state == FileState::damaged || state == FileState::unsupported;
  return entry.token() + (embedded_all ? "|all" : "") + (try_again ? "|" + reader_version : std::string());
}

tl::unexpected<base::Error> being_read(std::size_t known, std::size_t total) {
  return base::fail(
      ErrorCode::not_ready,
      fmt::format("This folder is being read: {} of {} files are known. Try again in a moment.", known, total));
}

}  // namespace

void Look::take_over(const store::Reader& reader, store::FolderRow from) {
  auto files = reader.files_in(from.path);
  if (!files) return;
  for (store::FileRow& file : *files) {
    std::string below = file.path.substr(from.path.empty() ? 0 : from.path.size() + 1);
    old_files_.emplace(std::move(below), std::move(file));
  }
  if (auto items = reader.items_of_folder(from.path)) moved_items_ = std::move(*items);
  moved_from_ = std::move(from);
}

void Look::know_children() {
  std::string digest;
  for (const std::string& name : reading_.plan.members) {
    const std::string child = join(path_, name);
    out_.folders.push_back(child);
    const auto found = children_.find(child);
    if (found == children_.end()) {
      children_known_ = false;
      out_.new_folders.push_back(child);
    }
    const FolderNote note = found == children_.end() ? FolderNote{"?", {}, {}} : note_of(found->second);
    digest += note.member + (note.ids.empty() ? "" : '@' + note.ids) + '\n';
  }
  token_ = base::hash_hex(fmt::format("{}|{}|{}", reading_.token, digest, owner_.options_.reader_version));
}

base::Result<> Look::know_store() {
  auto reader = owner_.store_.read();
  if (!reader) return base::fail(std::move(reader.error()));
  auto row = (*reader)->folder(path_);
  if (!row) return base::fail(std::move(row.error()));
  row_ = std::move(*row);
  auto children = (*reader)->folders_in(path_);
  if (!children) return base::fail(std::move(children.error()));
  for (store::FolderRow& child : *children) children_.emplace(child.path, std::move(child));
  know_children();
  if (nothing_new()) return {};
  auto items = (*reader)->items_of_folder(path_);
  if (!items) return base::fail(std::move(items.error()));
  old_items_ = std::move(*items);
  auto files = (*reader)->files_in(path_);
  if (!files) return base::fail(std::move(files.error()));
  for (store::FileRow& file : *files) {
    std::string below = file.path.substr(path_.empty() ? 0 : path_.size() + 1);
    old_files_.emplace(std::move(below), std::move(file));
  }
  if (!row_ && !path_.empty()) {
    if (auto from = move_finder(**reader).folder_by_inode(reading_)) take_over(**reader, std::move(*from));
  }
  return {};
}

bool Look::nothing_new() const {
  return row_ && row_->token == token_ &&
         (row_->state == kComplete || (depth_ == Depth::outline && row_->state == kOutlined));
}

store::FolderRow Look::folder_row() const {
  store::FolderRow row;
  row.path = path_;
  row.parent = parent_of(path_);
  row.inode = reading_.inode;
  const bool unopened =
      std::any_of(facts_.begin(), facts_.end(), [](const auto& entry) { return entry.second.version.empty(); });
  row.token = reading_.unsettled || unopened || !out_.vanished_items.empty() ? std::string()
                                                                             : token_;  // look again in any case
  row.state = outline_ ? kOutlined : kComplete;
  row.document = text_of({note_of(member_), reading_.context->inherited, ids_token_});
  return row;
}

void Look::hide() {
  for (const store::ItemRow& item : old_items_) changes_.hidden.push_back(item.key);
  outline_ = false;
}

bool Look::shall_stop() const {
  const auto& interrupted = owner_.options_.interrupted;
  return budget_.cancel.stop_requested() || (budget_.background && interrupted && interrupted());
}

MoveFinder Look::move_finder(const store::Reader& reader) const {
  const auto most = base::CancelToken::Clock::now() + kForMoves;
  return {owner_.tree_, owner_.source_, reader,
          [this, most] { return shall_stop() || (!budget_.background && base::CancelToken::Clock::now() >= most); }};
}

// Facts that the store has and that still hold.
void Look::know_facts() {
  std::vector<std::string> wanted;
  for (const CanvasPlan& plan : reading_.plan.canvases)
    wanted.insert(wanted.end(), plan.pictures.begin(), plan.pictures.end());
  if (!reading_.plan.thumbnail.empty()) wanted.push_back(reading_.plan.thumbnail);
  for (std::string& below : wanted) {
    const auto entry = reading_.files.find(below);
    if (entry == reading_.files.end()) continue;
    const auto old = old_files_.find(below);
    if (old != old_files_.end()) {
      const auto state = static_cast<FileState>(old->second.state);
      auto facts = facts_of(old->second.document);
      if (facts && !facts->version.empty() &&
          old->second.token ==
              file_token(entry->second, state, owner_.options_.reader_version, reading_.context->embedded_all)) {
        if (moved_from_) {
          store::FileRow row = old->second;
          row.path = join(path_, below);
          row.folder = path_;
          changes_.files.push_back(std::move(row));
        }
        facts_.emplace(std::move(below), std::move(*facts));
        continue;
      }
    }
    unknown_.push_back(std::move(below));
  }
}

// Too many files to read now, but the one that is asked for is an item of its own: reads that one.
bool Look::narrow_to_wanted() {
  if (!reading_.context->info.each_file || budget_.wanted.empty()) return false;
  const auto parsed = parse_identifier(budget_.wanted);
  const std::string base = budget_.wanted.substr(0, budget_.wanted.rfind("=p"));
  for (const CanvasPlan& plan : reading_.plan.canvases) {
    const std::string path = join(path_, plan.pictures.front());
    const MetadataRow* row = reading_.context->row(path);
    const std::string identifier = file_identifier(path);
    const bool is_wanted = identifier == budget_.wanted || (parsed && parsed->page && identifier == base) ||
                           full_file_identifier(path) == budget_.wanted ||
                           (row != nullptr && row->id == budget_.wanted);
    if (!is_wanted) continue;
    std::erase_if(unknown_, [&](const std::string& below) {
      return std::find(plan.pictures.begin(), plan.pictures.end(), below) == plan.pictures.end();
    });
    return true;
  }
  return false;
}

base::Result<> Look::read_unknown() {
  if (unknown_.size() > budget_.most_headers && narrow_to_wanted()) outline_ = true;
  if (unknown_.size() > budget_.most_headers) {
    return being_read(facts_.size(), facts_.size() + unknown_.size());
  }
  const std::size_t total = facts_.size() + unknown_.size();
  HeaderOptions how;
  how.threads = owner_.options_.threads;
  how.low_priority = budget_.background;
  how.limits = owner_.options_.limits;
  how.stop = [this] { return shall_stop(); };
  how.give_way = [this] {  // but not to somebody who waits for this very folder
    if (budget_.background && owner_.options_.give_way && !owner_.is_wanted(path_)) owner_.options_.give_way();
  };
  how.done_one = [this] { owner_.counters_.headers.fetch_add(1); };
  for (std::size_t from = 0; from < unknown_.size(); from += kChunk) {
    const std::size_t to = std::min(from + kChunk, unknown_.size());
    owner_.progress(path_, facts_.size(), total);
    std::vector<HeaderJob> jobs;
    for (std::size_t i = from; i < to; ++i) {
      const bool by_name = kind_of(name_of(unknown_[i])) == NameKind::picture;
      jobs.push_back({join(path_, unknown_[i]), {by_name, reading_.context->embedded_all}});
    }
    auto found = read_headers(owner_.source_, jobs, how);
    if (owner_.options_.headers_read) owner_.options_.headers_read(path_);
    ChangeSet part{.durability = store::Durability::soon};
    bool all = true;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (!found[i]) {
        all = false;
        continue;
      }
      const Entry& entry = reading_.files.at(unknown_[from + i]);
      part.files.push_back(
          {.path = jobs[i].path,
           .folder = path_,
           .inode = entry.inode,
           .size = entry.size,
           .token = file_token(entry, found[i]->state, owner_.options_.reader_version, reading_.context->embedded_all),
           .state = static_cast<std::uint8_t>(found[i]->state),
           .fingerprint = found[i]->fingerprint,
           .document = facts_row(jobs[i].path, *found[i])});
      facts_.emplace(unknown_[from + i], std::move(*found[i]));
    }
    // Long work is kept as it goes; a short one is written with what it publishes.
    if (all && unknown_.size() <= kChunk) {
      for (store::FileRow& row : part.files) changes_.files.push_back(std::move(row));
    } else if (auto kept = owner_.catalogue_.apply(part); !kept) {
      return base::fail(std::move(kept.error()));
    }
    if (!all) {
      return being_read(facts_.size(), total);
    }
  }
  return {};
}

void Look::read_texts() {
  constexpr std::size_t kLongestText = 1U << 20;
  for (const CanvasPlan& plan : reading_.plan.canvases) {
    for (const std::string& below : plan.annotations) {
      if (auto text = owner_.tree_.text(join(path_, below), kLongestText))
        texts_.annotations.emplace(below, read_annotation_yml(*text));
    }
    if (plan.description.empty()) continue;
    if (auto text = owner_.tree_.text(join(path_, plan.description), kLongestText)) {
      texts_.infos.emplace(plan.description, read_info(*text, name_of(plan.description)));
    }
  }
}

// A folder that exists and cannot be read is named, and costs only itself.
void Look::unreadable(const base::Error& error) {
  catalogue::ChangeSet changes{.durability = store::Durability::soon};
  changes.problems.push_back({path_, {{path_, "", error.message}}});
  auto reader = owner_.store_.read();
  const auto row = reader ? (*reader)->folder(path_) : base::Result<std::optional<store::FolderRow>>(std::nullopt);
  if (reader && row && !*row) {
    changes.folders.push_back(
        {.path = path_, .parent = std::string(parent_of(path_)), .inode = 0, .token = {}, .state = kComplete});
  }
  if (reader) reader->reset();
  if (auto applied = owner_.catalogue_.apply(changes); !applied) {
    base::log::warning("{} {}", applied.error().message, applied.error().detail);
  }
}

base::Result<Outcome> Look::run() {
  auto takedowns = owner_.catalogue_.takedowns();
  if (!takedowns) return base::fail(std::move(takedowns.error()));
  takedowns_ = std::move(*takedowns);
  changes_.takedowns_seen = takedowns_->mark();
  auto reading = read_folder(owner_.tree_, owner_.contexts_, path_);
  if (!reading) {
    if (reading.error().code == ErrorCode::not_found) return out_;
    unreadable(reading.error());
    return base::fail(std::move(reading.error()));
  }
  reading_ = std::move(*reading);
  out_.exists = true;
  out_.unsettled = reading_.unsettled;
  out_.entries = reading_.entries;
  for (const std::string& part : reading_.plan.part_folders) out_.part_folders.push_back(join(path_, part));
  if (auto known = know_store(); !known) return base::fail(std::move(known.error()));
  find_vanished();
  if (nothing_new() && !reading_.unsettled) {
    out_.complete = row_->state == kComplete;
    return out_;
  }
  if (row_ && reading_.growing_document) {  // what was published stays until it is complete
    out_.complete = row_->state == kComplete;
    return out_;
  }
  if (!row_) {
    owner_.counters_.folders.fetch_add(1);
    owner_.counters_.files.fetch_add(reading_.files.size());
  }
  if (!takedowns_->empty()) leave_out_withheld();
  if (!reading_.context->published) {
    hide();
  } else if (moved_from_withheld() || folder_withheld() != nullptr) {
    withhold();
  } else {
    know_facts();
    outline_ = depth_ == Depth::outline && !unknown_.empty();
    if (!outline_) {
      if (auto read = read_unknown(); !read) return base::fail(std::move(read.error()));
    }
    find_moved_withheld();
    read_texts();
    read_documents();
    read_descriptions();
    build();
  }
  find_moves();
  if (moved_from_withheld()) withhold();
  if (moves_unknown_) {  // published now, it would be another item for ever
    return base::fail(ErrorCode::not_ready,
                      "Files in this folder are being compared with others that have gone. Try again in a moment.");
  }
  for (const auto& [below, row] : old_files_) {
    if (!moved_from_ && !reading_.files.contains(below)) out_.vanished_files.push_back(row.path);
  }
  changes_.folders.push_back(folder_row());
  out_.member_changed = !row_ || note_of(*row_).member != note_of(member_) || note_of(*row_).ids != ids_token_;
  out_.inherited_changed = !row_ || note_of(*row_).inherited != reading_.context->inherited;
  out_.complete = !outline_;
  if (!changes_.moves.empty()) {
    auto reader = owner_.store_.read();
    if (!reader) return base::fail(std::move(reader.error()));
    WriteBack::follow_moves(**reader, changes_);
  }
  auto applied = owner_.catalogue_.apply(changes_);
  if (!applied) return base::fail(std::move(applied.error()));
  if (!outline_ && owner_.options_.looked) owner_.options_.looked(path_);
  return out_;
}

Looker::Looker(const Tree& tree, const source::Source& source, store::Store& store, catalogue::Catalogue& catalogue,
               Options options)
    : tree_(tree),
      source_(source),
      store_(store),
      catalogue_(catalogue),
      options_(std::move(options)),
      contexts_(tree, options_.crosswalk ? options_.crosswalk : Crosswalk::standard()) {}

// Waits for whoever looks at the same folder; not behind a long reading in the background.
base::Result<> Looker::enter(const std::string& path, const Budget& budget) {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto found = busy_.find(path);
    if (found == busy_.end()) break;
    const Busy& busy = found->second;
    const bool long_work = busy.background && !budget.background && busy.total > busy.known + budget.most_headers;
    if (long_work || budget.cancel.stop_requested()) return being_read(busy.known, busy.total);
    ++found->second.waiting;
    left_.wait_for(lock, std::chrono::milliseconds(50));
    if (const auto still = busy_.find(path); still != busy_.end() && still->second.waiting > 0) --still->second.waiting;
  }
  busy_[path].background = budget.background;
  return {};
}

void Looker::leave(const std::string& path) {
  const std::lock_guard lock(mutex_);
  busy_.erase(path);
  left_.notify_all();
}

void Looker::progress(const std::string& path, std::size_t known, std::size_t total) {
  const std::lock_guard lock(mutex_);
  Busy& busy = busy_[path];
  busy.known = known;
  busy.total = total;
}

bool Looker::is_wanted(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = busy_.find(path);
  return found != busy_.end() && found->second.waiting > 0;
}

base::Result<Outcome> Looker::look(const std::string& path, Depth depth, const Budget& budget) {
  if (auto entered = enter(path, budget); !entered) return base::fail(std::move(entered.error()));
  struct Leave {
    Looker& looker;
    const std::string& path;
    ~Leave() { looker.leave(path); }
  } const leave_at_end{*this, path};
  return Look(*this, path, depth, budget).run();
}

}  // namespace armarium::ingest
