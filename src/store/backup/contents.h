#pragma once
// What the entries of a backup are called. Inside store/backup only.

#include <string_view>

namespace armarium::store::backup {

constexpr std::string_view kFormat = "armarium-backup";
constexpr int kFormatVersion = 1;
constexpr std::string_view kManifest = "manifest.json";
constexpr std::string_view kTables = "tables/";
constexpr std::string_view kLines = ".jsonl";
constexpr std::string_view kFiles = "data/";

// Whether a file below data/ belongs into a backup, and may come out of one: a plain path, and not one of the database's files
// or what an earlier restore replaced.
bool is_kept_file(std::string_view name);

// "item" of "tables/item.jsonl"; empty for another entry.
std::string_view table_in(std::string_view entry);

}  // namespace armarium::store::backup
