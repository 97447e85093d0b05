#include "ingest/folder_context.h"

#include <set>

#include <fmt/format.h>

#include "base/hash.h"
#include "ingest/biiif.h"
#include "ingest/identifiers.h"

namespace armarium::ingest {
namespace {

constexpr std::size_t kLongestTable = 256U << 20;
constexpr std::size_t kLongestText = 1U << 20;
constexpr std::size_t kMostKept = 4096;
constexpr const char* kTexts[] = {"info.yml", "metadata.csv", ".armariumignore", "manifests.yml", "crosswalk.csv"};

std::string where(int line) { return line > 0 ? fmt::format("line {}", line) : std::string(); }

void add_problems(std::vector<catalogue::Problem>& out, const std::string& path,
                  const std::vector<TextProblem>& problems) {
  constexpr std::size_t kMost = 100;  // of one file
  for (std::size_t i = 0; i < problems.size() && i < kMost; ++i)
    out.push_back({path, where(problems[i].line), problems[i].reason});
}

}  // namespace

bool FolderContext::ignores(std::string_view target, bool is_folder) const {
  for (const FolderContext* at = this; at != nullptr; at = at->parent.get()) {
    switch (at->ignore.ask(target, is_folder)) {
      case IgnoreList::Answer::ignored: return true;
      case IgnoreList::Answer::taken_back: return false;
      case IgnoreList::Answer::says_nothing: break;
    }
  }
  return false;
}

const MetadataRow* FolderContext::row(std::string_view target) const {
  for (const FolderContext* at = this; at != nullptr; at = at->parent.get()) {
    if (!at->table) continue;
    std::string_view below = target;
    if (!at->path.empty()) {
      if (below.size() <= at->path.size()) continue;  // the folder itself: rows above speak of it
      below.remove_prefix(at->path.size() + 1);
    }
    if (below.empty()) continue;
    if (const MetadataRow* found = at->table->find(below)) return found;
  }
  return nullptr;
}

const iiif::Description* FolderContext::record() const {
  return parent && parent->records ? parent->records->find(name_of(path)) : nullptr;
}

// The tables of records of a folder, and of what they depend on: their files.
std::string ContextCache::read_records(FolderContext& context) const {
  std::string token;
  auto table = std::make_shared<RecordTable>();
  std::set<std::string> folders;
  for (const char* name : kRecordTables) {
    const std::string path = join(context.path, name);
    const auto entry = tree_.look(path);
    if (!entry) continue;
    token += entry->token() + '|';
    if (folders.empty()) {
      const auto listing = tree_.list(context.path);
      for (const Entry& below : listing ? listing->entries : std::vector<Entry>()) {
        if (below.is_folder) folders.insert(below.name);
      }
    }
    if (folders.empty()) continue;
    if (const auto text = tree_.text(path, readers::kLargestDescription))
      table->read(*text, name, folders, *context.crosswalk);
  }
  if (!table->empty()) context.records = std::move(table);
  return token;
}

ContextPtr ContextCache::make(std::string_view path, ContextPtr parent, std::string own_token) const {
  auto context = std::make_shared<FolderContext>();
  context->path = path;
  context->own_token = std::move(own_token);
  const std::string info_path = join(path, "info.yml");
  if (auto text = tree_.text(info_path, kLongestText)) {
    context->info = read_info(*text, "info.yml");
    add_problems(context->problems, info_path, context->info.problems);
  } else if (text.error().code != base::ErrorCode::not_found) {
    context->problems.push_back({info_path, "", text.error().message});
  }
  context->crosswalk = parent ? parent->crosswalk : crosswalk_;
  const std::string crosswalk_path = join(path, "crosswalk.csv");
  if (auto text = tree_.text(crosswalk_path, kLongestText)) {
    std::vector<TextProblem> wrong;
    context->crosswalk = context->crosswalk->with(*text, wrong);
    add_problems(context->problems, crosswalk_path, wrong);
  } else if (text.error().code != base::ErrorCode::not_found) {
    context->problems.push_back({crosswalk_path, "", text.error().message});
  }
  const std::string table_path = join(path, "metadata.csv");
  if (auto text = tree_.text(table_path, kLongestTable)) {
    context->table = std::make_shared<const MetadataTable>(read_metadata_csv(*text, *context->crosswalk));
    add_problems(context->problems, table_path, context->table->problems);
  } else if (text.error().code != base::ErrorCode::not_found) {
    context->problems.push_back({table_path, "", text.error().message});
  }
  const std::string linked_path = join(path, "manifests.yml");
  if (auto text = tree_.text(linked_path, kLongestText)) {
    LinkedManifests linked = read_manifests_yml(*text);
    add_problems(context->problems, linked_path, linked.problems);
    context->linked = std::move(linked.items);
  }
  std::string ignore_text;
  if (auto text = tree_.text(join(path, ".armariumignore"), kLongestText)) ignore_text = std::move(*text);
  context->ignore = IgnoreList::parse(ignore_text, path);
  context->published = context->info.publish && (!parent || parent->published);
  context->embedded_all = context->info.embedded_all || (parent && parent->embedded_all);
  const std::string above = parent ? parent->inherited : std::string();
  const std::string table_token = context->table ? context->own_token : std::string();
  const std::string records_token = read_records(*context);
  context->inherited =
      base::hash_hex(fmt::format("{}|{}|{}|{}|{}|{}|{}", above, context->published, context->embedded_all, ignore_text,
                                 table_token, context->crosswalk->token(), records_token));
  context->token = base::hash_hex(fmt::format("{}|{}|{}", above, context->own_token, context->crosswalk->token()));
  context->parent = std::move(parent);
  return context;
}

ContextCache::Parts ContextCache::parts(const std::string& path, const Entry& file) {
  const std::string token = file.token();
  {
    const std::lock_guard lock(mutex_);
    const auto found = parts_.find(path);
    if (found != parts_.end() && found->second.first == token) return found->second.second;
  }
  auto made = std::make_shared<std::vector<readers::PartFolder>>();
  if (const auto head = tree_.head(path, readers::kHeadBytes)) {
    const readers::Reader* reader = readers::reader_of(path, *head);
    if (reader != nullptr && reader->parts != nullptr) {
      if (const auto text = tree_.text(path, readers::kLargestDescription)) *made = reader->parts(*text);
    }
  }
  const std::lock_guard lock(mutex_);
  if (parts_.size() >= kMostKept) parts_.clear();
  parts_[path] = {token, made};
  return made;
}

ContextPtr ContextCache::context(std::string_view path) {
  ContextPtr parent = path.empty() ? nullptr : context(parent_of(path));
  std::string own_token;
  for (const char* name : kTexts) {
    const auto entry = tree_.look(join(path, name));
    own_token += entry ? entry->token() : "-";
    own_token += '|';
  }
  for (const char* name : kRecordTables) {
    const auto entry = tree_.look(join(path, name));
    if (!entry) continue;
    const auto folder = tree_.look(path);  // other folders may find other records in it
    own_token += entry->token() + '|' + (folder ? folder->token() : std::string());
  }
  {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(std::string(path));
    if (found != kept_.end() && found->second->own_token == own_token && found->second->parent == parent)
      return found->second;
  }
  ContextPtr context = make(path, std::move(parent), std::move(own_token));
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= kMostKept) kept_.clear();  // simple and rare; what is in use stays alive by its pointers
  kept_[context->path] = context;
  return context;
}

}  // namespace armarium::ingest
