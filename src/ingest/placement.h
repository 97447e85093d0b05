#pragma once
// Puts a finished file in its place below FOLDER: whole and at once, and on the disk when the call returns. Goes through no symbolic link, makes the folders that are missing, and lies over
// another file only where the caller says which one. Thread-safe; blocks on the disk.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "source/file_descriptor.h"

namespace armarium::ingest {

// Which file may be replaced: none, the one with this tag, or "*" for any.
using Replaces = std::string;

class Placement {
 public:
  // `root` is FOLDER and must outlive it.
  explicit Placement(int root) : root_(root) {}

  // Changes whenever the file at `path` may have changed; nothing where there is none. conflict where something else is in the way: a folder of that name, a link, a file for a folder.
  base::Result<std::optional<std::string>> tag(std::string_view path) const;
  // Whether a file could be put there now: precondition_failed, conflict, or forbidden where FOLDER cannot be written.
  base::Result<> check(std::string_view path, const Replaces& replaces) const;
  // Moves the file `name` of the open folder `from`, which is synced already. Errors as above; io, storage_full. Gives the tag of the file in its place.
  base::Result<std::string> place(int from, const std::string& name, std::string_view path,
                                  const Replaces& replaces) const;

 private:
  int root_;
};

}  // namespace armarium::ingest
