#pragma once
// The names below FOLDER: listings with sizes and times, small texts. Symbolic links are followed inside FOLDER only (openat2, RESOLVE_BENEATH). Paths are
// relative bytes. Thread-safe; every call touches the disk.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace armarium::ingest {

struct Entry {
  std::string name;
  bool is_folder = false;
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970
  std::uint64_t inode = 0;
  // Changes whenever the content may have changed.
  std::string token() const;
};

struct Listing {
  std::vector<Entry> entries;  // by name, bytewise
  std::uint64_t inode = 0;     // of the folder
  std::int64_t modified = 0;
};

class Tree {
 public:
  static base::Result<std::unique_ptr<Tree>> open(const std::filesystem::path& root);
  ~Tree();
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  // not_found when there is no such folder; io when it cannot be read. Names that are neither file nor folder are left out.
  base::Result<Listing> list(std::string_view path) const;
  base::Result<Entry> look(std::string_view path) const;
  // Whether a folder is there and has anything in it: one entry is read.
  bool holds_anything(std::string_view path) const;
  // Whether there is this name, be it of a file that may not be read or a link that leads out of FOLDER.
  bool has_name(std::string_view path) const;
  // too_large over `limit` bytes.
  base::Result<std::string> text(std::string_view path, std::size_t limit) const;
  // At most `length` bytes of the front of a file.
  base::Result<std::string> head(std::string_view path, std::size_t length) const;
  // Whether somebody has the file open for writing; nothing where the system cannot say.
  std::optional<bool> being_written(std::string_view path) const;
  // NFS, SMB, FUSE and their like: changes are not announced there.
  bool is_remote() const;
  std::filesystem::path root() const { return root_path_; }

 private:
  Tree(int root, std::filesystem::path path) : root_(root), root_path_(std::move(path)) {}
  bool leads_to_ancestor(std::string_view folder, std::uint64_t inode) const;
  int root_;
  std::filesystem::path root_path_;
};

}  // namespace armarium::ingest
