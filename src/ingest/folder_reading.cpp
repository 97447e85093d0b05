#include "ingest/folder_reading.h"

#include <algorithm>
#include <chrono>
#include <unordered_set>

#include <fmt/format.h>

#include "base/hash.h"
#include "codec/format.h"
#include "ingest/folder_document.h"
#include "ingest/identifiers.h"
#include "ingest/readers/reader.h"

namespace armarium::ingest {
namespace {

constexpr std::size_t kMostSniffed = 1'000;  // files of one folder whose ending says nothing
// Bytes: what an index of PostgreSQL takes, with something to spare.
constexpr std::size_t kLongestPath = 2'500;
constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t now() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

// A file that was touched a moment ago may still grow. Who can ask the system asks; else a second of rest is enough.
bool is_settled(const Tree& tree, const std::string& path, const Entry& entry, std::int64_t time) {
  const std::int64_t age = time - entry.modified;
  if (age > 60 * kSecond || age < -kSecond) return true;
  if (const auto writing = tree.being_written(path)) return !*writing;
  return age > kSecond;
}

class FolderReader {
 public:
  FolderReader(const Tree& tree, ContextCache& contexts, Reading& reading)
      : tree_(tree), contexts_(contexts), reading_(reading) {}
  base::Result<> read(const Listing& listing);

 private:
  void take(const Entry& entry, const std::string& below);
  void inner(const std::string& folder);
  void find_descriptions();
  std::vector<NamedPart> named_parts();
  bool is_too_long(const std::string& below);
  Rules rules() const;

  const Tree& tree_;
  ContextCache& contexts_;
  Reading& reading_;
  NameList names_;
  std::map<std::string, Entry> seen_;
  std::string tokens_;
  std::int64_t time_ = now();
  std::size_t sniffed_ = 0;
};

void FolderReader::take(const Entry& entry, const std::string& below) {
  bool picture = kind_of(entry.name) == NameKind::picture;
  if (kind_of(entry.name) == NameKind::unknown && entry.size > 0 && sniffed_++ < kMostSniffed) {
    if (const auto head = tree_.head(join(reading_.path, below), codec::kSniffBytes))
      picture = codec::sniff(base::as_bytes(*head)) != codec::Format::unknown;
    if (picture) names_.pictures_by_content.insert(below);
  }
  if (picture && !is_settled(tree_, join(reading_.path, below), entry, time_)) {
    reading_.unsettled = true;
    return;
  }
  if (is_document_name(below) && !is_settled(tree_, join(reading_.path, below), entry, time_)) {
    reading_.unsettled = reading_.growing_document = true;
    return;
  }
  tokens_ += below + '\0' + entry.token() + '\n';
  seen_.emplace(below, entry);
}

// Named at /status, once for a folder.
bool FolderReader::is_too_long(const std::string& below) {
  if (join(reading_.path, below).size() <= kLongestPath) return false;
  if (reading_.problems.empty()) {
    reading_.problems.push_back(
        {join(reading_.path, below), "",
         fmt::format("A path of more than {} bytes is passed over: what lies there is not published.", kLongestPath)});
  }
  return true;
}

// Names in a subfolder that may belong to this item.
void FolderReader::inner(const std::string& folder) {
  auto listing = tree_.list(join(reading_.path, folder));
  if (!listing) return;
  std::vector<std::string>& names = names_.inner[folder];
  for (const Entry& entry : listing->entries) {
    const std::string below = join(folder, entry.name);
    if (entry.is_folder || is_passed_over(entry.name, false) ||
        reading_.context->ignores(join(reading_.path, below), false) || is_too_long(below))
      continue;
    take(entry, below);
    if (seen_.contains(below)) names.push_back(entry.name);
  }
}

// Beside pictures of its own a text that is called like one is about that one.
void FolderReader::find_descriptions() {
  std::unordered_set<std::string_view> pictured;
  for (const std::string& name : names_.files) {
    if (names_.is_picture(name)) pictured.insert(stem_of(name));
  }
  for (const std::string& name : names_.files) {
    if (!readers::may_describe(name)) continue;
    if (pictured.contains(stem_of(name)) || pictured.contains(stem_of(stem_of(name)))) continue;
    reading_.descriptions.push_back(name);
    if (!is_settled(tree_, join(reading_.path, name), seen_.at(name), time_))
      reading_.unsettled = reading_.growing_document = true;
  }
}

std::vector<NamedPart> FolderReader::named_parts() {
  std::vector<NamedPart> found;
  if (names_.folders.empty()) return found;
  std::size_t asked = 0;
  for (const std::string& name : reading_.descriptions) {
    if (!found.empty() || ++asked > kMostSniffed) break;
    const ContextCache::Parts parts = contexts_.parts(join(reading_.path, name), seen_.at(name));
    for (const readers::PartFolder& part : *parts) {
      const std::string top = part.path.substr(0, part.path.find('/'));
      if (std::find(names_.folders.begin(), names_.folders.end(), top) == names_.folders.end()) continue;
      const std::string whole = join(reading_.path, part.path);
      if (reading_.context->ignores(whole, true) || !contexts_.context(whole)->published) continue;
      found.push_back({part.path, part.thumbnails, part.rank, part.apart});
      if (!names_.inner.contains(part.path)) inner(part.path);
    }
  }
  return found;
}

Rules FolderReader::rules() const {
  Rules rules;
  rules.masters_public = reading_.context->info.masters_public;
  rules.order = reading_.context->info.order;
  if (!rules.order.empty() || !reading_.context->table) return rules;
  for (const MetadataRow& row : reading_.context->table->rows) {
    const std::size_t slash = row.path.find('/');
    std::string first = row.path.substr(0, slash);
    if (rules.order.empty() || rules.order.back() != first) rules.order.push_back(std::move(first));
  }
  return rules;
}

base::Result<> FolderReader::read(const Listing& listing) {
  reading_.inode = listing.inode;
  reading_.entries = listing.entries.size();
  std::vector<std::string> folders;
  for (const Entry& entry : listing.entries) {
    if (is_passed_over(entry.name, entry.is_folder)) continue;
    if (reading_.context->ignores(join(reading_.path, entry.name), entry.is_folder)) continue;
    if (is_too_long(entry.name)) continue;
    if (entry.is_folder) {
      tokens_ += entry.name + "/\n";
      names_.folders.push_back(entry.name);
      continue;
    }
    take(entry, entry.name);
    if (seen_.contains(entry.name)) names_.files.push_back(entry.name);
  }
  for (const std::string& folder : names_.folders) {
    if (is_companion_folder(folder) || is_format_folder(folder) || folder.front() == '_') inner(folder);
  }
  find_descriptions();
  Rules how = rules();
  how.parts = named_parts();
  reading_.plan = plan_folder(names_, how);
  reading_.orders = how.order;
  reading_.files = std::move(seen_);
  reading_.token = base::hash_hex(tokens_ + reading_.context->token);
  return {};
}

}  // namespace

base::Result<Reading> read_folder(const Tree& tree, ContextCache& contexts, std::string_view path) {
  auto listing = tree.list(path);
  if (!listing) return base::fail(std::move(listing.error()));
  Reading reading;
  reading.path = path;
  reading.context = contexts.context(path);
  if (auto done = FolderReader(tree, contexts, reading).read(*listing); !done)
    return base::fail(std::move(done.error()));
  return reading;
}

}  // namespace armarium::ingest
